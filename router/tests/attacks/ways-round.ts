/** Ways to read what one may not: by name, by detour, by what another selection leaves open. All asked by a guest. */
import { expect } from '@jest/globals';
import { signViewer, verifyViewer } from '@souk/kit/auth/viewer';
import { codesOf } from '../toy/ask.ts';
import { askedForNothingGuarded, nobodyWasAsked, tellsNothing } from './checks.ts';
import { type Attack, type Door, viewerKey } from './door.ts';

const DENIED = 'UNAUTHORIZED_FIELD_OR_TYPE';

async function asGuest(door: Door, query: string, variables?: Record<string, unknown>) {
  const told = await door.ask(query, variables);
  tellsNothing(told);
  askedForNothingGuarded(door);
  return told;
}

const nulled = (name: string, query: string, data: unknown, variables?: Record<string, unknown>): Attack => [
  name,
  async (door) => {
    const told = await asGuest(door, query, variables);
    expect(told.status).toBe(200);
    expect(told.data).toEqual(data);
    expect(new Set(told.errors.map(({ extensions }) => extensions.code))).toEqual(new Set([DENIED]));
    for (const { path } of told.errors) expect(path?.length).toBeGreaterThan(0);
  },
];

/** Nothing of it may be read, so that nobody needs to be asked. */
const unasked = (name: string, query: string, data: unknown): Attack => [
  name,
  async (door) => {
    expect((await asGuest(door, query)).data).toEqual(data);
    nobodyWasAsked(door);
  },
];

const closed = (name: string, query: string): Attack => [
  name,
  async (door) => {
    expect(codesOf(await asGuest(door, query))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    nobodyWasAsked(door);
  },
];

const fields: readonly Attack[] = [
  nulled('a field by its name', '{ me { name mood } }', { me: { name: 'Ada', mood: null } }),
  nulled('a field by an alias', '{ me { name title: mood } }', { me: { name: 'Ada', title: null } }),
  nulled('a field under the name of a harmless one', '{ me { name: mood } }', { me: { name: null } }),
  nulled('a field under the name of its placeholder', '{ me { withheld_0: mood name } }', {
    me: { withheld_0: null, name: 'Ada' },
  }),
  nulled(
    'a field under __proto__',
    '{ me { __proto__: mood name } }',
    JSON.parse('{"me":{"__proto__":null,"name":"Ada"}}'),
  ),
  nulled('a field under many aliases', '{ me { a: mood b: mood c: mood } }', {
    me: { a: null, b: null, c: null },
  }),
  nulled('a field in inline fragments', '{ me { ... { mood } ... on Person { m: mood } } }', {
    me: { mood: null, m: null },
  }),
  nulled('a field in a fragment', '{ me { ...F } } fragment F on Person { mood }', { me: { mood: null } }),
  nulled(
    'a field in a fragment in a fragment',
    '{ me { ...F } } fragment F on Person { ...G } fragment G on Person { name mood }',
    { me: { name: 'Ada', mood: null } },
  ),
  nulled(
    'a field in a fragment that is harmless elsewhere',
    '{ me { ...N } book(id: "b1") { author { ...N } } } fragment N on Person { name phone }',
    { me: { name: 'Ada', phone: null }, book: { author: { name: 'Ada', phone: null } } },
  ),
  nulled('a field behind @include', '{ me { mood @include(if: true) } }', { me: { mood: null } }),
  nulled(
    'a field behind @include with a variable',
    'query ($yes: Boolean = true) { me { mood @include(if: $yes) phone @skip(if: $no) } }'.replace(
      '= true)',
      '= true, $no: Boolean!)',
    ),
    { me: { mood: null, phone: null } },
    { no: false },
  ),
  nulled(
    'a field in a fragment behind @include',
    'query ($yes: Boolean!) { me { ... @include(if: $yes) { diary } ...F @skip(if: $yes) } } fragment F on Person { badge }',
    { me: { diary: null } },
    { yes: true },
  ),
  nulled('a field twice, one of them skipped', '{ me { mood @skip(if: true) mood } }', {
    me: { mood: null },
  }),
  nulled('a scalar that is guarded', '{ me { badge } }', { me: { badge: null } }),
  nulled('a policy in place of a scope', '{ me { diary } }', { me: { diary: null } }),
  nulled('a field that another subgraph adds', '{ me { savings } }', { me: { savings: null } }),
  nulled('an enum in a list', '{ people { mood } }', {
    people: [{ mood: null }, { mood: null }, { mood: null }],
  }),
  [
    'a field that is skipped, by its name in an error',
    async (door) => {
      const told = await asGuest(door, 'query ($no: Boolean!) { me { name mood @include(if: $no) } }', {
        no: false,
      });
      expect(told).toMatchObject({ data: { me: { name: 'Ada' } }, errors: [] });
      expect(told.text).not.toContain('mood');
    },
  ],
];

const paths: readonly Attack[] = [
  nulled('an entity path over two subgraphs', '{ book(id: "b1") { author { phone } } }', {
    book: { author: { phone: null } },
  }),
  nulled('an entity path over three', '{ books { ratings { reader { name phone } } } }', {
    books: [
      { ratings: [{ reader: { name: 'Cy', phone: null } }] },
      { ratings: [{ reader: { name: 'Cy', phone: null } }] },
    ],
  }),
  nulled('lists in lists', '{ me { friends { friends { phone } } } }', {
    me: { friends: [{ friends: [{ phone: null }] }, { friends: [] }] },
  }),
  nulled('an interface that one of its types guards', '{ named { id title } }', {
    named: [{ id: 'b1', title: null }, { id: 'm1', title: null }, null],
  }),
  nulled(
    'an interface in a type condition',
    '{ me { ...F } } fragment F on Named { ... on Person { mood } }',
    { me: { mood: null } },
  ),
  nulled('a type beside an open one', '{ named { ... on Book { title } ... on Manuscript { title } } }', {
    named: [{ title: 'Engines' }, { title: null }, null],
  }),
  [
    'type conditions that contradict each other',
    async (door) => {
      const told = await asGuest(
        door,
        '{ named { ... on Book { ... on Thing { ... on Manuscript { title } } } } }',
      );
      expect(told.data).toEqual({ named: [{}, {}, null] });
    },
  ],
  unasked('a union whose items must not be null', '{ shelf { books { title } } }', { shelf: null }),
  [
    'a member of a union',
    async (door) => {
      const told = await asGuest(
        door,
        '{ search { ... on Book { __typename title } ... on Draft { text id } } }',
      );
      expect(told.data).toBeNull();
    },
  ],
  [
    'the name of a member of a union',
    async (door) => {
      const told = await asGuest(door, '{ search { __typename } post { kind: __typename } }');
      expect(told.text).not.toMatch(/"Draft"|"Letter"/);
    },
  ],
  nulled(
    'null where null must not be: it takes the parent along',
    '{ me { name email } book(id: "b1") { title author { email } } }',
    { me: null, book: { title: 'Engines', author: null } },
  ),
];

const types: readonly Attack[] = [
  unasked('a type by a root field', '{ shelf { label } vault { gold } }', { shelf: null, vault: null }),
  unasked('a type by its __typename alone', '{ shelf { __typename } }', { shelf: null }),
  unasked('a type by an aliased __typename', '{ shelf { t: __typename } }', { shelf: null }),
  nulled('a type by a field of another one', '{ book(id: "b1") { title draft { id } } }', {
    book: { title: 'Engines', draft: null },
  }),
  unasked('a mutation', 'mutation { personErase(id: "p1") }', { personErase: null }),
  nulled('what an open mutation answers', 'mutation { personRename(id: "p1", name: "Eve") { name phone } }', {
    personRename: { name: 'Eve', phone: null },
  }),
  closed(
    '_entities',
    '{ _entities(representations: [{ __typename: "Person", id: "p1" }]) { ... on Person { email } } }',
  ),
  closed('_service', '{ _service { sdl } }'),
  closed('a field that is inaccessible', '{ me { secretKey } }'),
  closed('a directive of federation', '{ me @join__type(graph: PEOPLE) { name } }'),
];

/** Who could write the header that rooms believe would be whoever they like. */
const headers: readonly Attack[] = [
  ...(
    [
      ['made up', () => 'admin'],
      [
        'signed with a key of their own',
        () => Buffer.from('{"userId":"p1","scopes":["admin"],"exp":9999999999}').toString('base64url'),
      ],
      ['signed by the router, replayed', () => signViewer({ userId: 'p1', scopes: ['admin'] }, viewerKey)],
    ] as const
  ).map(
    ([how, forge]): Attack => [
      `a viewer header that is ${how}`,
      async (door) => {
        await door.send({
          headers: { 'souk-viewer': forge(), connection: 'close' },
          body: '{"query":"{ me { name } }"}',
        });
        const { headers: sent } = door.toy.library.people.requests[0]!;
        expect(verifyViewer(sent['souk-viewer'], [viewerKey])).toMatchObject({
          ok: true,
          viewer: { scopes: [] },
        });
        expect(verifyViewer(sent['souk-viewer'], [viewerKey])).not.toMatchObject({
          viewer: { userId: 'p1' },
        });
      },
    ],
  ),
  [
    'a viewer header that proxies are told to drop',
    async (door) => {
      await door.send({
        headers: { connection: 'close, souk-viewer, authorization' },
        body: '{"query":"{ me { name } }"}',
      });
      expect(door.toy.library.people.requests[0]!.headers['souk-viewer']).toBeDefined();
    },
  ],
  [
    'headers of the client, passed on to rooms',
    async (door) => {
      await door.send({
        headers: { 'x-user-id': 'p1', 'x-forwarded-user': 'p1', cookie: 'a=b', host: 'accounts.internal' },
        body: '{"query":"{ me { name } }"}',
      });
      const names = Object.keys(door.toy.library.people.requests[0]!.headers);
      expect(names.filter((name) => /user|cookie|host|forwarded/.test(name))).toEqual([]);
    },
  ],
  [
    'a guest token with more in it',
    async (door) => {
      const told = await door.ask('{ me { name } }', {}, { 'souk-guest': 'gst_1", "userId": "p1 ' });
      expect(codesOf(told)).toEqual(['BAD_REQUEST']);
      nobodyWasAsked(door);
    },
  ],
];

export const waysRound: readonly Attack[] = [...fields, ...paths, ...types, ...headers];
