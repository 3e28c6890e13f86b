/** Operations that cost more to answer than to write. */
import { gzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import { refused } from './checks.ts';
import { type Attack, type Door, STRICT } from './door.ts';

const times = (count: number, write: (index: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, index) => write(index)).join(between);

const WITHIN_MS = 3_000;

/** Refused with this code, and soon. */
const flood = (
  name: string,
  query: string,
  code: string,
  says = '',
  variables?: Record<string, unknown>,
): Attack => [
  name,
  async (door) => {
    const began = performance.now();
    const told = await door.ask(query, variables);
    expect(performance.now() - began).toBeLessThan(WITHIN_MS);
    refused(door, told, 400, code);
    expect(told.errors[0]!.message).toContain(says);
    expect(told.errors.length).toBeLessThanOrEqual(21);
  },
];

const TOO_LARGE = 'OPERATION_TOO_LARGE';
const INVALID = 'GRAPHQL_VALIDATION_FAILED';
const nested = (levels: number, inside = 'name'): string =>
  `{ me { ${'friends { '.repeat(levels)}${inside}${' }'.repeat(levels)} } }`;

const operations: readonly Attack[] = [
  flood(
    'aliases',
    `{ me { ${times(51, (n) => `a${n}: name`)} } }`,
    TOO_LARGE,
    '51 aliases; at most 50 are allowed (ROUTER_MAX_ALIASES)',
  ),
  flood(
    'aliases by a fragment',
    `{ ${times(3, () => 'me { ...F }')} } fragment F on Person { ${times(17, (n) => `a${n}: name`)} }`,
    TOO_LARGE,
    'ROUTER_MAX_ALIASES',
  ),
  flood(
    'guesses of a password in one mutation',
    `mutation { ${times(21, (n) => `g${n}: personRename(id: "p1", name: "${n}") { id }`)} }`,
    TOO_LARGE,
    '21 root fields; at most 20 are allowed (ROUTER_MAX_ROOT_FIELDS)',
  ),
  flood(
    'root fields by fragments',
    `{ ${times(7, () => '...F')} } fragment F on Query { me { id } books { id } people { id } }`,
    TOO_LARGE,
    'ROUTER_MAX_ROOT_FIELDS',
  ),
  flood(
    'directives on one field',
    `{ me { name ${'@skip(if: false) '.repeat(51)} } }`,
    TOO_LARGE,
    '51 directives; at most 50 are allowed (ROUTER_MAX_DIRECTIVES)',
  ),
  flood(
    'directives that nobody knows',
    `{ me { name ${times(51, (n) => `@x${n}`)} } }`,
    TOO_LARGE,
    'ROUTER_MAX_DIRECTIVES',
  ),
  flood(
    'directives on variables',
    `query (${times(51, (n) => `$v${n}: Int @x`)}) { me { name } }`,
    TOO_LARGE,
    'ROUTER_MAX_DIRECTIVES',
  ),
  flood('levels', nested(24), TOO_LARGE, '26 levels deep; at most 25 are allowed (ROUTER_MAX_DEPTH)'),
  flood(
    'levels by fragments',
    `{ me { ...F0 } } ${times(30, (n) => `fragment F${n} on Person { friends { ...F${n + 1} } }`)} fragment F30 on Person { id }`,
    TOO_LARGE,
    'ROUTER_MAX_DEPTH',
  ),
  flood(
    'levels of a list',
    `{ person(id: ${'['.repeat(30)}1${']'.repeat(30)}) { name } }`,
    TOO_LARGE,
    'ROUTER_MAX_DEPTH',
  ),
  flood(
    'levels of an input',
    `{ search(text: ${'{ a: '.repeat(30)}1${' }'.repeat(30)}) { __typename } }`,
    TOO_LARGE,
    'ROUTER_MAX_DEPTH',
  ),
  flood(
    'fields in one selection',
    `{ me { ${'name '.repeat(4_900)} } }`.replace(/(name ){10}/, 'id '),
    TOO_LARGE,
  ),
  flood(
    'fragments that double each time',
    `{ me { ...F0 } } ${times(40, (n) => `fragment F${n} on Person { ...F${n + 1} ...F${n + 1} }`)} fragment F40 on Person { name }`,
    TOO_LARGE,
    'ROUTER_MAX_HEIGHT',
  ),
  flood(
    'a fragment that spreads itself',
    '{ me { ...F } } fragment F on Person { friends { ...F } }',
    INVALID,
    'itself',
  ),
  flood(
    'fragments in a circle',
    '{ me { ...A } } fragment A on Person { ...B } fragment B on Person { ...C } fragment C on Person { ...A }',
    INVALID,
    'itself',
  ),
  flood(
    'a circle that nothing enters',
    '{ me { name } } fragment A on Person { ...B } fragment B on Person { ...A }',
    INVALID,
  ),
  flood('words and signs', `{ ${'me { name } '.repeat(1_300)} }`, TOO_LARGE, 'ROUTER_MAX_TOKENS'),
  flood('fields that are not there', `{ me { ${times(1_000, (n) => `x${n}`)} } }`, INVALID),
  flood(
    'variables that nobody uses',
    `query (${times(1_000, (n) => `$v${n}: Int`)}) { me { name } }`,
    INVALID,
  ),
  flood(
    'operations in one document',
    times(500, (n) => `query Q${n} { me { id } }`),
    'OPERATION_RESOLUTION_FAILURE',
  ),
  [
    'fields that must be compared with each other',
    async (door) => {
      const again = times(45, () => 'friends { friends { name ... on Person { friends { name id } } } }');
      const began = performance.now();
      const told = await door.ask(`{ me { ${again} } }`);
      expect(performance.now() - began).toBeLessThan(WITHIN_MS);
      expect(told.text).toBe(
        (await door.ask('{ me { friends { friends { name friends { name id } } } } }')).text,
      );
    },
  ],
  [
    'thousands of brackets, where the parser has no room left or reaches the end',
    async (door) => {
      const told = await door.ask(`{ a(b: ${'['.repeat(4_500)}`);
      expect([TOO_LARGE, 'GRAPHQL_PARSE_FAILED']).toContain(told.errors[0]!.extensions.code);
      refused(door, told, 400, told.errors[0]!.extensions.code);
    },
  ],
  flood(
    'introspection in introspection',
    '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }',
    INVALID,
  ),
  flood(
    'a list of two thousand million',
    '{ book(id: "b1") { ratings(first: 2147483647) { id } } }',
    TOO_LARGE,
    'ROUTER_MAX_COST',
  ),
  flood(
    'the same by a variable',
    'query ($n: Int) { book(id: "b1") { ratings(first: $n) { id } } }',
    TOO_LARGE,
    'ROUTER_MAX_COST',
    { n: 2147483647 },
  ),
  flood(
    'the same behind @include',
    'query ($n: Int, $yes: Boolean!) { book(id: "b1") { ... @include(if: $yes) { ratings(first: $n) { id } } } }',
    TOO_LARGE,
    'ROUTER_MAX_COST',
    { n: 20_000, yes: true },
  ),
  flood('lists in lists in lists', nested(4), TOO_LARGE, 'ROUTER_MAX_COST'),
];

const body = (
  name: string,
  send: (door: Door) => ReturnType<Door['send']>,
  status: number,
  code: string,
): Attack => [name, async (door) => refused(door, await send(door), status, code)];

const bodies: readonly Attack[] = [
  body(
    'a batch of a thousand',
    (door) => door.send({ body: `[${times(1_000, () => '{"query":"{ me { name } }"}', ',')}]` }),
    400,
    'BAD_REQUEST',
  ),
  body(
    'a batch in a batch',
    (door) => door.send({ body: '[[{"query":"{ me { name } }"}]]' }),
    400,
    'BAD_REQUEST',
  ),
  body(
    'a body of 2 MB',
    (door) => door.send({ body: JSON.stringify({ query: `{ me { name } } #${'x'.repeat(2_000_000)}` }) }),
    413,
    'CONTENT_TOO_LARGE',
  ),
  body(
    'a body of 2 MB that does not say how long it is',
    (door) => door.send({ headers: { 'transfer-encoding': 'chunked' }, body: ' '.repeat(2_000_000) }),
    413,
    'CONTENT_TOO_LARGE',
  ),
  body(
    'a body that grows when it is unpacked',
    (door) =>
      door.send({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(50_000_000, ' ')) }),
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ),
  body(
    'JSON in JSON in JSON',
    (door) =>
      door.send({
        body: `{"query":"{ me { name } }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      }),
    400,
    'BAD_REQUEST',
  ),
  body(
    'a text of 900 KB in a GET',
    (door) => door.send({ method: 'GET', path: `/graphql?query=${'%7B'.repeat(4_000)}`, headers: STRICT }),
    400,
    'GRAPHQL_PARSE_FAILED',
  ),
];

/** The native query planner takes the process down over it: see execute/compiled/meanings.ts. */
const CLASH = `{ named {
  ... on Book { note { by { books { ratings(first: 1) { stars } } } } }
  ... on Manuscript { note { by { books { ratings(first: 2) { stars } } } } }
} }`;

const killers: readonly Attack[] = [
  [
    'two meanings of one name, which kill the planner',
    async (door) => {
      const told = await door.ask(CLASH);
      expect([told.status, told.errors]).toEqual([200, []]);
      const by = { books: [{ ratings: [{ stars: 4 }] }] };
      expect(told.data).toEqual({ named: [{ note: { by } }, { note: { by } }, null] });
      const { requests } = door.toy.library.ratings;
      expect(requests.map(({ query }) => query).join()).toMatch(/first: ?1.*first: ?2|first: ?2.*first: ?1/);
    },
  ],
];

export const floods: readonly Attack[] = [...operations, ...bodies, ...killers];
