import { isInputObjectType } from 'graphql';
import type { Impact } from '../impact/impact.ts';
import { defaultOf, leavesOut } from './left-out.ts';
import type { Table } from './schema-change.ts';

/** What a variable holds is known when it is sent; whoever may send the type may send the field. */
const sendersOf = (type: string, { touches }: Impact) => touches.variables(type);

export const inputChanges: Table = {
  INPUT_FIELD_REMOVED: ({ inputName: type, removedFieldName: field }) => ({
    code: 'INPUT_FIELD_REMOVED',
    level: 'breaking',
    coordinate: `${type}.${field}`,
    message: `${type}.${field} is gone: whoever sends it is refused`,
    touched: (impact) => [...impact.touches.literals(`${type}.${field}`), ...sendersOf(type, impact)],
  }),
  INPUT_FIELD_ADDED: ({
    inputName: type,
    addedInputFieldName: field,
    addedInputFieldType: of,
    isAddedInputFieldTypeNullable: isNullable,
    addedFieldDefault: byDefault,
  }) =>
    isNullable || byDefault !== undefined
      ? {
          code: 'INPUT_FIELD_ADDED',
          level: 'safe',
          coordinate: `${type}.${field}`,
          message: `${type}.${field} is new and may be left out`,
        }
      : {
          code: 'REQUIRED_INPUT_FIELD_ADDED',
          level: 'breaking',
          coordinate: `${type}.${field}`,
          message: `${type}.${field} is new and required, ${of}: whoever does not send it is refused`,
          remedy: 'Make it nullable, or give it a default.',
          touched: (impact) => [...impact.touches.objects(type), ...sendersOf(type, impact)],
        },
  INPUT_FIELD_TYPE_CHANGED: ({
    inputName: type,
    inputFieldName: field,
    oldInputFieldType: old,
    newInputFieldType: now,
    isInputFieldTypeChangeSafe: isSafe,
  }) =>
    isSafe
      ? {
          code: 'INPUT_FIELD_TYPE_WIDENED',
          level: 'safe',
          coordinate: `${type}.${field}`,
          message: `${type}.${field} takes ${now} instead of ${old}: what was taken still is`,
        }
      : {
          code: 'INPUT_FIELD_TYPE_CHANGED',
          level: 'breaking',
          coordinate: `${type}.${field}`,
          message: `${type}.${field} takes ${now} now instead of ${old}: whoever sends the old is refused`,
          touched: (impact) => [
            ...impact.touches.objects(type).filter(impact.isRefused),
            ...sendersOf(type, impact),
          ],
        },
  INPUT_FIELD_DEFAULT_VALUE_CHANGED: ({ inputName: type, inputFieldName: field }, { before, after }) => {
    const [old, now] = [before, after].map((schema) => {
      const input = schema.getType(type);
      return defaultOf(isInputObjectType(input) ? input.getFields()[field] : undefined);
    });
    return {
      code: 'INPUT_FIELD_DEFAULT_CHANGED',
      level: 'risky',
      coordinate: `${type}.${field}`,
      message: `The default of ${type}.${field} is ${now} instead of ${old}: whoever leaves it out gets another answer`,
      touched: (impact) => [
        ...impact.touches.objects(type).filter((touch) => leavesOut(touch, field)),
        ...sendersOf(type, impact),
      ],
    };
  },
};
