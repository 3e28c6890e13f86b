/** Asks rooms for everything that their SDL offers, without knowing any of them, and collects the keys that turn up. */

import { buildSchema } from '@souk/kit/graphql/schema';
import type { Room } from '@souk/kit/room/room';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';

/** Ids that exist, by entity type. */
export type Keys = Map<string, Set<string>>;

/** Lists are asked for a few only: they are about which statements run, not about how much comes back. */
const FEW = 2;
const MAX_DEPTH = 7;

const schemas = new Map<string, GraphQLSchema>();

export function schemaOf(room: Room): GraphQLSchema {
  const known = schemas.get(room.name) ?? buildSchema(room.name, room.sdl, room.resolvers);
  schemas.set(room.name, known);
  return known;
}

export function entitiesOf(room: Room): GraphQLObjectType[] {
  const union = schemaOf(room).getType('_Entity');
  return isUnionType(union) ? [...union.getTypes()] : [];
}

/** One query for each field at the root. */
export function rootQueries(room: Room, keys: Keys): { field: string; query: string }[] {
  const fields = Object.values(schemaOf(room).getQueryType()!.getFields());
  return fields
    .filter(({ name }) => !name.startsWith('_'))
    .flatMap((field) =>
      fieldSelections(field, keys, []).map((selection) => ({ field: field.name, query: `{ ${selection} }` })),
    );
}

export function entityQuery(type: GraphQLObjectType, keys: Keys): string {
  return `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type.name} ${selectionOf(type, keys, [])} } }`;
}

export function collectKeys(value: unknown, keys: Keys): void {
  if (Array.isArray(value)) for (const part of value) collectKeys(part, keys);
  else if (typeof value === 'object' && value !== null) {
    const { __typename: type, id } = value as { __typename?: string; id?: unknown };
    if (type !== undefined && typeof id === 'string') {
      keys.set(type, (keys.get(type) ?? new Set()).add(id));
    }
    for (const part of Object.values(value)) collectKeys(part, keys);
  }
}

function selectionOf(type: GraphQLNamedType, keys: Keys, above: readonly string[]): string {
  if (isUnionType(type)) {
    return `{ __typename ${type
      .getTypes()
      .map((part) => `... on ${part.name} { __typename }`)
      .join(' ')} }`;
  }
  if (!isObjectType(type)) return '{ __typename }';
  const path = [...above, type.name];
  const fields = Object.values(type.getFields()).flatMap((field) => fieldSelections(field, keys, path));
  return `{ __typename ${fields.join(' ')} }`;
}

/** Once for each value of an enum argument, since each may run another statement. */
function fieldSelections(
  field: GraphQLField<unknown, unknown>,
  keys: Keys,
  above: readonly string[],
): string[] {
  const type = getNamedType(field.type);
  if (!isLeafType(type) && (above.includes(type.name) || above.length >= MAX_DEPTH)) return [];
  const given: string[] = [];
  for (const argument of field.args) {
    const value = literalOf(argument, type, keys);
    if (value === 'unknown') return [];
    if (value !== undefined) given.push(`${argument.name}: ${value}`);
  }
  const below = isLeafType(type) ? '' : ` ${selectionOf(type, keys, above)}`;
  const sorted = field.args.find((argument) => isEnumType(getNamedType(argument.type)));
  const choices = sorted ? valuesOf(sorted) : [undefined];
  return choices.map((choice) => {
    const args = choice === undefined ? given : [...given, `${sorted!.name}: ${choice}`];
    const alias = choice === undefined ? field.name : `${field.name}_${choice}: ${field.name}`;
    return `${alias}${args.length > 0 ? `(${args.join(', ')})` : ''}${below}`;
  });
}

function valuesOf({ type }: GraphQLArgument): string[] {
  const named = getNamedType(type);
  return isEnumType(named) ? named.getValues().map(({ name }) => name) : [];
}

function literalOf({ name, type, defaultValue }: GraphQLArgument, answer: GraphQLNamedType, keys: Keys) {
  if (name === 'first') return String(FEW);
  if (!isNonNullType(type) || defaultValue !== undefined) return undefined;
  if (isEnumType(getNamedType(type))) return undefined;
  const ids = [...(keys.get(answer.name) ?? [])].slice(0, FEW).map((id) => JSON.stringify(id));
  if (getNamedType(type).name !== 'ID' || ids.length === 0) return 'unknown';
  return `${type}`.startsWith('[') ? `[${ids.join(', ')}]` : ids[0]!;
}
