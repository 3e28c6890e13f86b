/** `__typename`, in the schema's words: a subgraph may know the object by another name, or not tell. */
import { type GraphQLCompositeType, type GraphQLSchema, isObjectType } from 'graphql';
import { detached, fromWire, wireJson } from '../wire-text.ts';
import { type Row, TYPENAME, type Value } from './values.ts';

export interface TypenameField {
  isAlias: boolean;
  /** Text for what the object says of its type; nothing when that is no type of objects. */
  textOf(told: Value): string | undefined;
}

/** Types come from subgraphs: unknown ones must not grow what is kept. */
const MAX_TYPES = 1_000;

export function typenameField(
  key: string,
  parent: GraphQLCompositeType,
  schema: GraphQLSchema,
): TypenameField {
  const known = new Map<Value, string | undefined>();
  const find = (told: Value): string | undefined => {
    const isText = typeof told === 'string' && told.startsWith('"');
    const type = (isText ? schema.getType(fromWire(told.slice(1, -1))) : undefined) ?? parent;
    return isObjectType(type) ? wireJson(type.name) : undefined;
  };
  return {
    isAlias: key !== '__typename',
    textOf: (told) => {
      const kept = known.get(told);
      if (kept !== undefined) return kept;
      const text = find(told);
      if (known.size < MAX_TYPES) known.set(detached(told), text);
      return text;
    },
  };
}

/** Under an alias there may be something else, that a plan has asked for under the same name. */
export function typenameText(row: Row, value: Value, { isAlias, textOf }: TypenameField): string | undefined {
  return textOf((isAlias ? row[TYPENAME] : null) ?? value ?? null);
}
