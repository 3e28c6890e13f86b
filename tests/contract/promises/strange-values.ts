/** Whatever is typed into whatever argument is taken or refused; it is never a fault of ours. */
import { expect, test } from '@jest/globals';
import type { Room } from '@souk/kit/room/room';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { entitiesOf, type Keys, schemaOf } from '../crawl.ts';
import { EVERY_SCOPE, type OpenHouse } from '../open-house.ts';

/** By scalar; other texts are as in `PLAIN`. No store takes the first two as they are, and few the third. */
const STRANGE: Record<string, Record<string, unknown>> = {
  'a NUL': { String: 'a\0b' },
  'half a character': { String: 'a\ud800' },
  'a hundred thousand letters': { String: 'x'.repeat(100_000) },
  'empty texts': { String: '' },
  'the name of a prototype': { String: '__proto__' },
  'the least and earliest': { Int: -(2 ** 31), DateTime: '0001-01-01T00:00:00Z' },
  'the largest and latest': { Int: 2 ** 31 - 1, DateTime: '9999-12-31T23:59:59.999Z' },
};

const PLAIN: Record<string, unknown> = {
  String: 'a',
  Int: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2026-01-01T00:00:00Z',
  Date: '2026-01-01',
  URL: 'https://example.com/',
  Decimal: '-0.1',
  CurrencyCode: 'EUR',
  CountryCode: 'DE',
  JSON: {},
};

export function promiseStrangeValues(room: Room, house: () => OpenHouse, keys: Keys): void {
  test.each(Object.keys(STRANGE))('takes or refuses %s wherever it fits', async (what) => {
    const values = { ...PLAIN, ...STRANGE[what] };
    const [userId] = keys.get('User') ?? [];
    const viewer = { scopes: EVERY_SCOPE, ...(userId === undefined ? {} : { userId }) };
    const faults: string[] = [];
    for (const { name, query, variables } of questionsOf(room, values, keys)) {
      const { errors } = await house().ask(room.name, query, variables, viewer);
      const ours = errors.find(({ extensions }) => OURS.includes(String(extensions.code)));
      if (ours) faults.push(`${name}: ${ours.extensions.code} ${ours.message}`);
    }
    expect(faults).toEqual([]);
  });
}

/** The last two would be those of the questions below. */
const OURS = [
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
];
/** These have promises of their own. */
const OF_PAGES = ['first', 'last', 'after', 'before'];

type Field = GraphQLField<unknown, unknown>;
type Values = Record<string, unknown>;

/** Every field at a root or on an entity, with every argument in place. */
function questionsOf(room: Room, values: Values, keys: Keys) {
  const schema = schemaOf(room);
  const roots = (['query', 'mutation'] as const).flatMap((root) => {
    const type = root === 'query' ? schema.getQueryType() : schema.getMutationType();
    return askable(type).map((field) => {
      const { declared, selection, variables } = partsOf(field, values, keys);
      return { name: field.name, query: `${root} (${declared}) { ${selection} }`, variables };
    });
  });
  const entities = entitiesOf(room).flatMap((type) =>
    askable(type).map((field) => {
      const { declared, selection, variables } = partsOf(field, values, keys);
      const [id] = keys.get(type.name) ?? [];
      return {
        name: `${type.name}.${field.name}`,
        query: `query ($of: [_Any!]!, ${declared}) { _entities(representations: $of) { ... on ${type.name} { ${selection} } } }`,
        variables: { ...variables, of: [{ __typename: type.name, id }] },
      };
    }),
  );
  return [...roots, ...entities];
}

function askable(type: GraphQLObjectType | null | undefined): Field[] {
  return Object.values(type?.getFields() ?? {})
    .filter(({ name }) => !name.startsWith('_'))
    .filter(({ args }) => args.some(({ name }) => !OF_PAGES.includes(name)));
}

function partsOf(field: Field, values: Values, keys: Keys) {
  const args = field.args.filter(({ name }) => !OF_PAGES.includes(name));
  const below = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  return {
    declared: args.map(({ name, type }) => `$${name}: ${type}`).join(', '),
    selection: `${field.name}(${args.map(({ name }) => `${name}: $${name}`).join(', ')})${below}`,
    variables: Object.fromEntries(args.map(({ name, type }) => [name, strangeValue(type, name)])),
  };

  function strangeValue(type: GraphQLInputType, name: string): unknown {
    if (isNonNullType(type)) return strangeValue(type.ofType, name);
    if (isListType(type)) return [strangeValue(type.ofType, name)];
    if (isEnumType(type)) return type.getValues()[0]!.name;
    if (isInputObjectType(type)) {
      const parts = Object.values(type.getFields());
      return Object.fromEntries(parts.map((part) => [part.name, strangeValue(part.type, part.name)]));
    }
    // Of something that is there, or nothing but the id would be looked at.
    if (type.name === 'ID') return knownId(name, keys) ?? values.String;
    return values[type.name] ?? values.String;
  }
}

/** `productId` and `productIds` are of a `Product`. */
function knownId(name: string, keys: Keys): string | undefined {
  const type = name.replace(/Ids?$/, '');
  return [...(keys.get(type[0]!.toUpperCase() + type.slice(1)) ?? [])][0];
}
