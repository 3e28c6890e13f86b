/** Ways to read what one may not, and that none of them leads there. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { codesOf, post } from '../tests/toy/ask.ts';
import { askedOf, SUBGRAPHS } from '../tests/toy/library.ts';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';

const DENIED = 'UNAUTHORIZED_FIELD_OR_TYPE';

let toy: ToyRouter;

beforeAll(async () => {
  toy = await startToyRouter();
});
afterAll(() => toy.router.stop());
beforeEach(() => {
  for (const name of SUBGRAPHS) toy.library[name].requests.length = 0;
});

/** What a guest may never see, and no subgraph may be asked for on a guest's behalf. */
const SECRETS = [
  [
    'ada@example.org',
    'ben@example.org',
    'cy@example.org',
    'Once upon a time',
    'Top',
    'CALM',
    'Hidden scroll',
  ],
  [
    /\bemail\b/,
    /\bphone\b/,
    /\bmood\b/,
    /\bbadge\b/,
    /\bsavings\b/,
    /\bgold\b/,
    /\bshelf\b/,
    /\btext\b.*Draft/,
  ],
] as const;

async function asGuest(query: string, variables?: Record<string, unknown>) {
  const told = await post(toy.handler, query, variables ? { variables } : {});
  for (const secret of SECRETS[0]) expect(told.text).not.toContain(`"${secret}"`);
  for (const asked of SECRETS[1]) expect(askedOf(toy.library)).not.toMatch(asked);
  return told;
}

describe('a guest who asks for a guarded field', () => {
  test.each([
    ['by its name', '{ me { name mood } }', { me: { name: 'Ada', mood: null } }],
    ['by an alias', '{ me { name title: mood } }', { me: { name: 'Ada', title: null } }],
    ['by an alias that is a harmless name', '{ me { name: mood } }', { me: { name: null } }],
    [
      'by an alias that looks like a placeholder',
      '{ me { withheld_0: mood name } }',
      { me: { withheld_0: null, name: 'Ada' } },
    ],
    ['by many aliases', '{ me { a: mood b: mood c: mood } }', { me: { a: null, b: null, c: null } }],
    [
      'in an inline fragment',
      '{ me { ... { mood } ... on Person { m: mood } } }',
      { me: { mood: null, m: null } },
    ],
    ['in a fragment', '{ me { ...F } } fragment F on Person { mood }', { me: { mood: null } }],
    [
      'in a fragment in a fragment',
      '{ me { ...F } } fragment F on Person { ...G } fragment G on Person { name mood }',
      { me: { name: 'Ada', mood: null } },
    ],
    [
      'in a fragment that is harmless elsewhere',
      '{ me { ...N } book(id: "b1") { author { ...N } } } fragment N on Person { name phone }',
      { me: { name: 'Ada', phone: null }, book: { author: { name: 'Ada', phone: null } } },
    ],
    [
      'in a fragment on an interface',
      '{ me { ...F } } fragment F on Named { ... on Person { mood } }',
      { me: { mood: null } },
    ],
    ['behind @include', '{ me { mood @include(if: true) } }', { me: { mood: null } }],
    [
      'by way of another entity',
      '{ book(id: "b1") { author { phone } } }',
      { book: { author: { phone: null } } },
    ],
    [
      'by way of two subgraphs',
      '{ books { ratings { reader { name phone } } } }',
      {
        books: [
          { ratings: [{ reader: { name: 'Cy', phone: null } }] },
          { ratings: [{ reader: { name: 'Cy', phone: null } }] },
        ],
      },
    ],
    ['that another subgraph adds', '{ me { savings } }', { me: { savings: null } }],
    ['whose scalar is guarded', '{ me { badge } }', { me: { badge: null } }],
    [
      'whose enum is guarded',
      '{ people { mood } }',
      { people: [{ mood: null }, { mood: null }, { mood: null }] },
    ],
    [
      'beside fields of the same name in lists of lists',
      '{ me { friends { friends { phone } } } }',
      { me: { friends: [{ friends: [{ phone: null }] }, { friends: [] }] } },
    ],
  ])('%s gets null', async (_, query, data) => {
    const told = await asGuest(query);
    expect(told.status).toBe(200);
    expect(told.data).toEqual(data);
    expect(new Set(told.errors.map(({ extensions }) => extensions.code))).toEqual(new Set([DENIED]));
  });

  test('that is skipped gets neither field nor error', async () => {
    const told = await asGuest('query ($no: Boolean!) { me { name mood @include(if: $no) } }', { no: false });
    expect(told).toMatchObject({ data: { me: { name: 'Ada' } }, errors: [] });
    expect(told.text).not.toContain('mood');
  });
});

describe('a guest who asks for a guarded type', () => {
  test.each([
    ['by a root field', '{ shelf { label } }', { shelf: null }],
    ['by its __typename alone', '{ shelf { __typename } }', { shelf: null }],
    ['by an aliased __typename', '{ shelf { t: __typename } }', { shelf: null }],
    [
      'by a field of another type',
      '{ book(id: "b1") { title draft { id } } }',
      { book: { title: 'Engines', draft: null } },
    ],
    ['to go on to what is open', '{ shelf { books { title } } }', { shelf: null }],
    ['with scopes', '{ vault { id } }', { vault: null }],
  ])('%s gets null, and nobody is asked for it', async (_, query, data) => {
    const told = await asGuest(query);
    expect(told.data).toEqual(data);
    expect(codesOf(told)).toHaveLength(1);
  });

  test('by a root field alone makes no request to any subgraph', async () => {
    await asGuest('{ shelf { label } vault { gold } }');
    expect(askedOf(toy.library)).toBe('');
  });

  test('as a member of a union sees the other members, and not which one it is', async () => {
    const told = await asGuest('{ search { ... on Book { __typename title } ... on Draft { text id } } }');
    // The list's items must not be null, so that a guarded item whose id is asked for takes the list with it.
    expect(told.data).toBeNull();
    const open = await asGuest('{ search { ... on Book { __typename title } } }');
    expect(open.data).toEqual({ search: [{ __typename: 'Book', title: 'Engines' }, {}] });
    expect(open.errors).toEqual([]);
  });

  test('by __typename on the union it belongs to does not learn its name', async () => {
    const told = await asGuest('{ search { __typename } }');
    expect(told.text).not.toContain('"Draft"');
    expect(codesOf(told)).toEqual([`${DENIED} search 1 __typename`]);
  });
});

describe('a guest who goes through an interface', () => {
  test('gets null where one of its types guards the field', async () => {
    const told = await asGuest('{ named { id title } }');
    expect(told.data).toEqual({ named: [{ id: 'b1', title: null }, { id: 'm1', title: null }, null] });
    expect(codesOf(told)).toEqual([`${DENIED} named 0 title`, `${DENIED} named 1 title`]);
  });

  test('reads the open type by naming it, and only that', async () => {
    const told = await asGuest('{ named { ... on Book { title } ... on Manuscript { title } } }');
    expect(told.data).toEqual({ named: [{ title: 'Engines' }, { title: null }, null] });
    expect(codesOf(told)).toEqual([`${DENIED} named 1 title`]);
  });

  test('reads the open type by naming it around the interface, too', async () => {
    const told = await asGuest('{ named { ... on Book { ... on Thing { id } title } } }');
    expect(told.data).toEqual({ named: [{ id: 'b1', title: 'Engines' }, {}, null] });
  });

  test('that contradicts itself reads nothing', async () => {
    const told = await asGuest('{ named { ... on Book { ... on Thing { ... on Manuscript { title } } } } }');
    expect(told.data).toEqual({ named: [{}, {}, null] });
  });
});

describe('null where null must not be', () => {
  test('takes the parent with it, up to the next that may be null', async () => {
    const told = await asGuest('{ me { name email } book(id: "b1") { title author { email } } }');
    expect(told.data).toEqual({ me: null, book: { title: 'Engines', author: null } });
    expect(codesOf(told)).toEqual([`${DENIED} me email`, `${DENIED} book author email`]);
  });

  test('takes the whole answer where nothing may', async () => {
    const told = await asGuest('{ people { email } }');
    expect(told.data).toBeNull();
    expect(told.status).toBe(200);
  });

  test('takes an item of a list and leaves the others', async () => {
    const told = await asGuest('{ named { id ... on Book { author { email } } } }');
    expect(told.data).toEqual({ named: [{ id: 'b1', author: null }, { id: 'm1' }, null] });
  });
});

describe('a mutation', () => {
  test('that is guarded is not run for a guest', async () => {
    const told = await asGuest('mutation { personErase(id: "p1") }');
    expect(told.data).toEqual({ personErase: null });
    expect(askedOf(toy.library)).toBe('');
  });

  test('that is open is run, without what is guarded in its answer', async () => {
    const told = await asGuest('mutation { personRename(id: "p1", name: "Eve") { name phone } }');
    expect(told.data).toEqual({ personRename: { name: 'Eve', phone: null } });
  });
});

describe('introspection', () => {
  test('is the same for a guest, beside withheld fields as well', async () => {
    const told = await asGuest(
      '{ __schema { queryType { name } } __type(name: "Shelf") { name fields { name } } shelf { label } }',
    );
    expect(told.data).toEqual({
      __schema: { queryType: { name: 'Query' } },
      __type: { name: 'Shelf', fields: [{ name: 'label' }, { name: 'books' }] },
      shelf: null,
    });
  });

  test('tells neither rules nor what is inaccessible', async () => {
    const told = await asGuest('{ __schema { directives { name } types { name fields { name } } } }');
    expect(told.text).not.toMatch(/authenticated|requiresScopes|secretKey|_entities|join__/);
  });

  test.each([
    '{ _entities(representations: []) { __typename } }',
    '{ _service { sdl } }',
    '{ me { secretKey } }',
  ])('has no way round by %s', async (query) => {
    const told = await asGuest(query);
    expect(codesOf(told)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});
