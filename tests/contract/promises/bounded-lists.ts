/** No list is without bounds: pages have 1 to 100 entries, and what is wrong with an argument is told. */
import { expect, test } from '@jest/globals';
import type { Room } from '@souk/kit/room/room';
import { type GraphQLField, getNamedType, isNonNullType, isObjectType } from 'graphql';
import { entitiesOf, type Keys, schemaOf } from '../crawl.ts';
import { EVERY_SCOPE, type OpenHouse } from '../open-house.ts';

interface List {
  where: string;
  /** With the arguments in place. */
  query(args: string): string;
  variables: object;
}

const WRONG = [
  'first: 0',
  'first: -1',
  'first: 101',
  'last: 101',
  'first: 1, last: 1',
  'first: 1, after: "eyJhIjoxfQ"',
];

export function promiseBoundedLists(room: Room, house: () => OpenHouse, keys: Keys): void {
  test.each(WRONG)('refuses pages with %s', async (args) => {
    const [userId] = keys.get('User') ?? [];
    const viewer = { scopes: EVERY_SCOPE, ...(userId === undefined ? {} : { userId }) };
    for (const { where, query, variables } of listsOf(room, keys)) {
      const { errors } = await house().ask(room.name, query(args), variables, viewer);
      expect({ where, code: errors[0]?.extensions.code }).toEqual({ where, code: 'BAD_USER_INPUT' });
    }
  });

  test('pages every connection by the same arguments', () => {
    const types = Object.values(schemaOf(room).getTypeMap()).filter(isObjectType);
    for (const type of types) {
      for (const field of Object.values(type.getFields()).filter(isConnection)) {
        const names = field.args.map(({ name }) => name);
        expect({ field: `${type.name}.${field.name}`, names }).toEqual({
          field: `${type.name}.${field.name}`,
          names: expect.arrayContaining(['first', 'after']),
        });
      }
    }
  });
}

function listsOf(room: Room, keys: Keys): List[] {
  const root = Object.values(schemaOf(room).getQueryType()!.getFields()).filter(isAskable);
  const lists: List[] = root.map((field) => ({
    where: field.name,
    query: (args) => `{ ${field.name}(${args}) { __typename } }`,
    variables: {},
  }));
  for (const type of entitiesOf(room)) {
    const [id] = keys.get(type.name) ?? [];
    if (id === undefined) continue;
    for (const field of Object.values(type.getFields()).filter(isAskable)) {
      lists.push({
        where: `${type.name}.${field.name}`,
        query: (args) =>
          `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type.name} { ${field.name}(${args}) { __typename } } } }`,
        variables: { representations: [{ __typename: type.name, id }] },
      });
    }
  }
  return lists;
}

type Field = GraphQLField<unknown, unknown>;

const isConnection = (field: Field) => getNamedType(field.type).name.endsWith('Connection');

const isAskable = (field: Field) =>
  isConnection(field) &&
  field.args.some(({ name }) => name === 'last') &&
  field.args.every((argument) => !isNonNullType(argument.type) || argument.defaultValue !== undefined);
