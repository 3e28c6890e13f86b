/** The schema, where it is closed, and what of it is never told. */
import { expect } from '@jest/globals';
import { refused } from './checks.ts';
import type { Attack } from './door.ts';

const shut = (name: string, query: string, variables?: Record<string, unknown>): Attack => [
  name,
  async (door) => {
    const told = await door.ask(query, variables);
    expect(told.status).toBe(400);
    refused(door, told, 400, variables ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED');
    expect(told.text).not.toMatch(/Did you mean|"(?:friends|phone|email|people|personErase|ratings)"/);
  },
];

/** Against a router whose introspection is off. */
export const introspectionOff: readonly Attack[] = [
  shut('__schema', '{ __schema { types { name } } }'),
  shut('__type', '{ __type(name: "Person") { fields { name } } }'),
  shut('__schema under another name', '{ me { name } harmless: __schema { queryType { name } } }'),
  shut('__schema in a fragment', '{ ...F } fragment F on Query { ... { __schema { types { name } } } }'),
  shut('__schema that is skipped', '{ __schema @skip(if: true) { types { name } } me { name } }'),
  shut('a name that is nearly right', '{ me { frends { name } } }'),
  shut('an argument that is nearly right', '{ person(idd: "p1") { name } }'),
  shut('a type that is nearly right', '{ me { ... on Persn { name } } }'),
  shut('a directive that is nearly right', '{ me @skp(if: true) { name } }'),
  shut('a variable of a type that is nearly right', 'query ($x: Persn) { me { name } }'),
  shut('a root field that is nearly right', 'mutation { personEras(id: "p1") }'),
  [
    '__schema by a GET',
    async (door) => {
      const path = `/graphql?query=${encodeURIComponent('{ __schema { types { name } } }')}`;
      const told = await door.send({
        method: 'GET',
        path,
        headers: { accept: 'application/graphql-response+json' },
      });
      refused(door, told, 400, 'GRAPHQL_VALIDATION_FAILED');
    },
  ],
  [
    '__typename, which tells no more than the answer does',
    async (door) =>
      expect((await door.ask('{ __typename me { __typename } }')).data).toEqual({
        __typename: 'Query',
        me: { __typename: 'Person' },
      }),
  ],
];

/** Against a router whose introspection is on. */
export const introspectionOn: readonly Attack[] = [
  [
    'the rules, and what is inaccessible',
    async (door) => {
      const told = await door.ask('{ __schema { directives { name } types { name fields { name } } } }');
      expect(told.status).toBe(200);
      expect(told.text).not.toMatch(
        /authenticated|requiresScopes|policy|listSize|secretKey|_entities|join__|link__/,
      );
    },
  ],
  [
    'the name of an inaccessible field, by suggestion',
    async (door) => expect((await door.ask('{ me { secretKe } }')).text).not.toContain('secretKey'),
  ],
  [
    'a type that is not there',
    async (door) =>
      expect((await door.ask('{ __type(name: "_Entity") { name } }')).data).toEqual({ __type: null }),
  ],
];
