/** Values of other kinds than they should be, and names that mean something to the machine below. */
import { expect } from '@jest/globals';
import { refused, tellsNothing } from './checks.ts';
import { type Attack, type Sent, STRICT } from './door.ts';

const BY_ID = 'query ($id: ID!) { person(id: $id) { name } }';
const RATED = 'query ($first: Int) { book(id: "b1") { ratings(first: $first) { stars } } }';

const value = (name: string, query: string, variables: unknown): Attack => [
  `a variable that is ${name}`,
  async (door) => {
    const body =
      typeof variables === 'string'
        ? `{"query":${JSON.stringify(query)},"variables":${variables}}`
        : JSON.stringify({ query, variables });
    const told = await door.send({ headers: STRICT, body });
    expect(['BAD_USER_INPUT', 'BAD_REQUEST']).toContain(told.errors[0]?.extensions.code);
    refused(door, told, 400, told.errors[0]!.extensions.code);
  },
];

const body = (name: string, sent: Sent, code = 'BAD_REQUEST', status = 400): Attack => [
  name,
  async (door) =>
    refused(door, await door.send({ ...sent, headers: { ...STRICT, ...sent.headers } }), status, code),
];

/** Answered as any other name. */
const harmless = (name: string, query: string, text: string): Attack => [
  name,
  async (door) => {
    const told = await door.ask(query);
    expect([told.status, told.text]).toEqual([200, text]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  },
];

const kinds: readonly Attack[] = [
  value('an object in place of an ID', BY_ID, { id: { $ne: null } }),
  value('a list in place of an ID', BY_ID, { id: ['p1'] }),
  value('true in place of an ID', BY_ID, { id: true }),
  value('null where something must be', BY_ID, { id: null }),
  value('missing', BY_ID, {}),
  value('a text in place of a number', RATED, { first: '10' }),
  value('half a number', RATED, { first: 1.5 }),
  value('beyond 32 bits', RATED, { first: 2 ** 31 }),
  value('beyond all exact numbers', RATED, '{"first":9007199254740993}'),
  value('beyond all numbers', RATED, '{"first":1e999}'),
  value('below all numbers', RATED, '{"first":-1e999}'),
  value('no number', RATED, '{"first":NaN}'),
  value('a list of itself', RATED, '[[]]'),
  value('a text', RATED, '"{}"'),
  value('a prototype', BY_ID, '{"id":"p1","__proto__":{"polluted":true}}'),
  value('a prototype further down', BY_ID, '{"id":{"a":{"__proto__":{"polluted":true}}}}'),
  value('a prototype in escapes', BY_ID, '{"id":"p1","\\u005f_proto__":{"polluted":true}}'),
];

const names: readonly Attack[] = [
  harmless(
    'an alias that is a prototype',
    '{ __proto__: me { polluted: name } }',
    '{"data":{"__proto__":{"polluted":"Ada"}}}',
  ),
  harmless(
    'aliases that objects have',
    '{ constructor: me { toString: name hasOwnProperty: id } }',
    '{"data":{"constructor":{"toString":"Ada","hasOwnProperty":"p1"}}}',
  ),
  harmless('an alias that promises have', '{ then: me { then: name } }', '{"data":{"then":{"then":"Ada"}}}'),
  harmless(
    'an operation that is called constructor',
    'query constructor { me { name } }',
    '{"data":{"me":{"name":"Ada"}}}',
  ),
  harmless(
    'a fragment that is called __proto__',
    '{ me { ...__proto__ } } fragment __proto__ on Person { name }',
    '{"data":{"me":{"name":"Ada"}}}',
  ),
  harmless(
    'a variable that is called __proto__',
    'query ($__proto__: Boolean = true) { me { name @include(if: $__proto__) } }',
    '{"data":{"me":{"name":"Ada"}}}',
  ),
  [
    'a constructor with a prototype in the variables',
    async (door) => {
      const told = await door.send({
        headers: STRICT,
        body: '{"query":"{ me { name } }","variables":{"constructor":{"prototype":{"polluted":true}}}}',
      });
      expect(told.data).toEqual({ me: { name: 'Ada' } });
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  ],
  ...['__proto__', 'constructor', 'toString', ''].map(
    (operationName): Attack => [
      `the operationName "${operationName}"`,
      async (door) => {
        const query = 'query A { me { name } } query B { me { id } }';
        const told = await door.send({ headers: STRICT, body: JSON.stringify({ query, operationName }) });
        refused(door, told, 400, 'OPERATION_RESOLUTION_FAILURE');
      },
    ],
  ),
  [
    'a field that is a prototype',
    async (door) =>
      refused(
        door,
        await door.ask('{ me { __proto__ { name } constructor } }'),
        400,
        'GRAPHQL_VALIDATION_FAILED',
      ),
  ],
];

const bytes: readonly Attack[] = [
  body('a body that is no JSON', { body: '{"query":' }),
  body('a body that is no UTF-8', { body: Buffer.from([0x7b, 0x22, 0x71, 0xff, 0xfe, 0x22, 0x7d]) }),
  body('a body in UTF-16', { body: Buffer.from('{"query":"{ me { name } }"}', 'utf16le') }),
  body(
    'a body that says UTF-7',
    { headers: { 'content-type': 'application/json; charset=utf-7' }, body: '{"query":"{ me { name } }"}' },
    'UNSUPPORTED_MEDIA_TYPE',
    415,
  ),
  body('a prototype beside the query', { body: '{"query":"{ me { name } }","__proto__":{"polluted":true}}' }),
  body('a query that is a list', { body: '{"query":["{ me { name } }"]}' }),
  body('a query that is an object', { body: '{"query":{"toString":"{ me { name } }"}}' }),
  body('an operationName that is an object', {
    body: '{"query":"{ me { name } }","operationName":{"$gt":""}}',
  }),
  body('two queries in one address', {
    method: 'GET',
    path: '/graphql?query=%7B__typename%7D&query=%7Bme%7Bname%7D%7D',
  }),
  body('variables in an address that are no JSON', {
    method: 'GET',
    path: '/graphql?query=%7B__typename%7D&variables=%7Ba%7D',
  }),
  body(
    'an address that is no UTF-8',
    { method: 'GET', path: '/graphql?query=%ff%fe%7B__typename%7D' },
    'GRAPHQL_PARSE_FAILED',
  ),
  body('a zero byte in the document', { body: '{"query":"{ me { na\\u0000me } }"}' }, 'GRAPHQL_PARSE_FAILED'),
  body(
    'half a surrogate in the document',
    { body: '{"query":"{ me { name(x: \\"\\\\ud800\\") } }"}' },
    'GRAPHQL_PARSE_FAILED',
  ),
  [
    'a zero byte in a value, which is a letter like any other',
    async (door) => {
      const told = await door.ask(BY_ID, { id: 'p1\0' });
      expect(told.data).toEqual({ person: null });
    },
  ],
  [
    'the same key twice: the last one counts, here and in the rules',
    async (door) => {
      const told = await door.send({ body: '{"query":"{ me { name } }","query":"{ me { mood } }"}' });
      expect(told.data).toEqual({ me: { mood: null } });
      tellsNothing(told);
    },
  ],
];

/** What a subgraph says when it breaks is for its log. */
const masked: readonly Attack[] = [
  [
    'the address of a database, out of an error',
    async (door) => {
      const told = await door.ask('{ me { name broken } }');
      tellsNothing(told);
      expect(told.errors[0]!.message).not.toContain('connect');
    },
  ],
  [
    'a stack, out of an error of a subgraph',
    async (door) => {
      const { people } = door.toy.library;
      people.respond = () => ({
        status: 500,
        headers: { 'content-type': 'application/json', 'set-cookie': 'room=1', server: 'room/1.0' },
        body: JSON.stringify({
          errors: [
            {
              message: 'at Pool.query (/srv/node_modules/pg/pool.ts:12)',
              extensions: { stacktrace: ['at a.ts:1'], exception: {} },
            },
          ],
        }),
      });
      const told = await door.ask('{ me { name } }');
      delete people.respond;
      tellsNothing(told);
      expect(told.text).not.toMatch(/stack|exception|pg/);
      expect([told.headers['set-cookie'], told.headers.server]).toEqual([undefined, undefined]);
    },
  ],
  [
    'what a subgraph answered beyond what was asked',
    async (door) => {
      const { people } = door.toy.library;
      people.respond = () => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"data":{"me":{"name":"Ada","email":"ada@example.org","__proto__":{"polluted":true}},"people":[]},"extensions":{"trace":"at a.ts:1"}}',
      });
      const told = await door.ask('{ me { name } }');
      delete people.respond;
      expect(told.text).toBe('{"data":{"me":{"name":"Ada"}}}');
    },
  ],
];

export const values: readonly Attack[] = [...kinds, ...names, ...bytes, ...masked];
