import {
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isTypeSubTypeOf,
  type NamedTypeNode,
  parseType,
  typeFromAST,
} from 'graphql';
import { defaultOf, leavesOut } from './left-out.ts';
import type { SchemaChange, Table } from './schema-change.ts';
import { selectionsOf } from './schema-change.ts';

/** `T` instead of `T!`, at whatever depth, and nothing else. */
const isOnlyNullability = (before: string, after: string): boolean =>
  before.replaceAll('!', '') === after.replaceAll('!', '');

/** The inspector compares names alone, and does not know that a type may be one of an interface's. */
function isNarrower(now: string, old: string, after: GraphQLSchema): boolean {
  const [narrow, wide] = [now, old].map((text) => typeFromAST(after, parseType(text) as NamedTypeNode));
  return narrow !== undefined && wide !== undefined && isTypeSubTypeOf(after, narrow, wide);
}

export const fieldChanges: Table = {
  FIELD_REMOVED: ({ typeName: type, removedFieldName: field, isRemovedFieldDeprecated: isDeprecated }) => ({
    code: 'FIELD_REMOVED',
    level: 'breaking',
    coordinate: `${type}.${field}`,
    message: `${type}.${field} is gone: operations that select it are refused`,
    remedy: isDeprecated
      ? 'It was deprecated: remove it when no registered operation selects it.'
      : 'Deprecate it first, with what to use instead, and remove it when nobody asks for it.',
    touched: ({ touches }) => touches.fields(`${type}.${field}`),
  }),
  FIELD_ADDED: ({ typeName: type, addedFieldName: field, addedFieldReturnType: returns }) => ({
    code: 'FIELD_ADDED',
    level: 'safe',
    coordinate: `${type}.${field}`,
    message: `${type}.${field}: ${returns} is new`,
  }),
  FIELD_TYPE_CHANGED: (
    { typeName: type, fieldName: field, oldFieldType: old, newFieldType: now, isSafeFieldTypeChange: isSafe },
    { after },
  ): SchemaChange => {
    const coordinate = `${type}.${field}`;
    if (isSafe || isNarrower(now, old, after)) {
      return {
        code: 'FIELD_TYPE_NARROWED',
        level: 'safe',
        coordinate,
        message: `${coordinate} promises ${now} instead of ${old}: whoever took that takes this`,
      };
    }
    const isNullable = isOnlyNullability(old, now);
    const where = old.endsWith('!') && !now.endsWith('!') ? 'may be null' : 'may have nulls in it';
    return {
      code: isNullable ? 'FIELD_BECAME_NULLABLE' : 'FIELD_TYPE_CHANGED',
      level: 'breaking',
      coordinate,
      message: isNullable
        ? `${coordinate} ${where} now, ${now} instead of ${old}: clients that counted on a value get none`
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
  FIELD_ARGUMENT_DEFAULT_CHANGED: (
    { typeName: type, fieldName: field, argumentName: argument },
    { before, after },
  ) => {
    const [old, now] = [before, after].map((schema) => defaultOf(argumentIn(schema, type, field, argument)));
    return {
      code: 'ARGUMENT_DEFAULT_CHANGED',
      level: 'risky',
      coordinate: `${type}.${field}(${argument}:)`,
      message: `The default of ${type}.${field}(${argument}:) is ${now} instead of ${old}: operations that leave it out get another answer`,
      touched: (impact) => selectionsOf(type, field, impact).filter((touch) => leavesOut(touch, argument)),
    };
  },
};

function argumentIn(schema: GraphQLSchema, typeName: string, field: string, argument: string) {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  return type.getFields()[field]?.args.find(({ name }) => name === argument);
}
