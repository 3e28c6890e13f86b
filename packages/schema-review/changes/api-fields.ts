import { leavesOut } from './left-out.ts';
import type { SchemaChange, Table } from './schema-change.ts';
import { selectionsOf } from './schema-change.ts';

/** `T` instead of `T!`, at whatever depth, and nothing else. */
const isOnlyNullability = (before: string, after: string): boolean =>
  before.replaceAll('!', '') === after.replaceAll('!', '');

export const fieldChanges: Table = {
  FIELD_REMOVED: ({ typeName: type, removedFieldName: field }) => ({
    code: 'FIELD_REMOVED',
    level: 'breaking',
    coordinate: `${type}.${field}`,
    message: `${type}.${field} is gone: operations that select it are refused`,
    remedy: 'Deprecate it first, with what to use instead, and remove it when nobody asks for it.',
    touched: ({ touches }) => touches.fields(`${type}.${field}`),
  }),
  FIELD_ADDED: ({ typeName: type, addedFieldName: field, addedFieldReturnType: returns }) => ({
    code: 'FIELD_ADDED',
    level: 'safe',
    coordinate: `${type}.${field}`,
    message: `${type}.${field}: ${returns} is new`,
  }),
  FIELD_TYPE_CHANGED: ({
    typeName: type,
    fieldName: field,
    oldFieldType: old,
    newFieldType: now,
    isSafeFieldTypeChange: isSafe,
  }): SchemaChange => {
    const coordinate = `${type}.${field}`;
    if (isSafe) {
      return {
        code: 'FIELD_TYPE_NARROWED',
        level: 'safe',
        coordinate,
        message: `${coordinate} promises ${now} instead of ${old}: whoever took that takes this`,
      };
    }
    const isNullable = isOnlyNullability(old, now);
    return {
      code: isNullable ? 'FIELD_BECAME_NULLABLE' : 'FIELD_TYPE_CHANGED',
      level: 'breaking',
      coordinate,
      message: isNullable
        ? `${coordinate} may be null now, ${now} instead of ${old}: clients that counted on a value get none`
        : `${coordinate} is ${now} now instead of ${old}: clients get what they cannot read`,
      touched: ({ touches }) => touches.fields(coordinate),
    };
  },
  FIELD_ARGUMENT_ADDED: ({
    typeName: type,
    fieldName: field,
    addedArgumentName: argument,
    addedArgumentType: of,
    isAddedFieldArgumentBreaking: isRequired,
  }) => {
    const coordinate = `${type}.${field}(${argument}:)`;
    return isRequired
      ? {
          code: 'REQUIRED_ARGUMENT_ADDED',
          level: 'breaking',
          coordinate,
          message: `${coordinate} is new and required, ${of}: operations that do not give it are refused`,
          remedy: 'Make it nullable, or give it a default.',
          touched: ({ touches }) => touches.fields(`${type}.${field}`),
        }
      : {
          code: 'ARGUMENT_ADDED',
          level: 'safe',
          coordinate,
          message: `${coordinate} is new and may be left out`,
        };
  },
  FIELD_ARGUMENT_REMOVED: ({ typeName: type, fieldName: field, removedFieldArgumentName: argument }) => {
    const coordinate = `${type}.${field}(${argument}:)`;
    return {
      code: 'ARGUMENT_REMOVED',
      level: 'breaking',
      coordinate,
      message: `${coordinate} is gone: operations that give it are refused`,
      touched: ({ touches }) => touches.args(coordinate),
    };
  },
  FIELD_ARGUMENT_TYPE_CHANGED: ({
    typeName: type,
    fieldName: field,
    argumentName: argument,
    oldArgumentType: old,
    newArgumentType: now,
    isSafeArgumentTypeChange: isSafe,
  }) => {
    const coordinate = `${type}.${field}(${argument}:)`;
    if (isSafe) {
      return {
        code: 'ARGUMENT_TYPE_WIDENED',
        level: 'safe',
        coordinate,
        message: `${coordinate} takes ${now} instead of ${old}: what was taken still is`,
      };
    }
    const becameRequired = now.endsWith('!') && !old.endsWith('!');
    return {
      code: 'ARGUMENT_TYPE_CHANGED',
      level: 'breaking',
      coordinate,
      message: `${coordinate} takes ${now} now instead of ${old}: operations that ${becameRequired ? 'leave it out or give null' : 'give the old'} are refused`,
      touched: (impact) => [
        ...impact.touches.args(coordinate).filter(impact.isRefused),
        ...(becameRequired
          ? impact.touches
              .fields(`${type}.${field}`)
              .filter((touch) => leavesOut(touch, argument) && impact.isRefused(touch))
          : []),
      ],
    };
  },
  FIELD_ARGUMENT_DEFAULT_CHANGED: ({
    typeName: type,
    fieldName: field,
    argumentName: argument,
    oldDefaultValue: old = 'none',
    newDefaultValue: now = 'none',
  }) => ({
    code: 'ARGUMENT_DEFAULT_CHANGED',
    level: 'risky',
    coordinate: `${type}.${field}(${argument}:)`,
    message: `The default of ${type}.${field}(${argument}:) is ${now} instead of ${old}: operations that leave it out get another answer`,
    touched: (impact) => selectionsOf(type, field, impact).filter((touch) => leavesOut(touch, argument)),
  }),
};
