/** Both planners over small supergraphs that planners are known to get wrong, run by the executor. */
import { describe, expect, test } from '@jest/globals';
import { type Log, silentLog } from '@souk/kit/observe/log';
import { parse } from 'graphql';
import { fetchGraph } from '../execute/compiled/fetch-graph.ts';
import { type Answers, run, supergraphOf } from '../tests/toy/written.ts';
import { apolloPlanner } from './apollo.ts';
import { choosePlanner } from './choose.ts';
import { nativePlanner } from './native.ts';

const parcels = supergraphOf({
  goods: `type Query { parcel: Parcel }
    type Parcel @key(fields: "id") { id: ID! weight(unit: String!): Int }`,
  post: `type Parcel @key(fields: "id") {
      id: ID! weight(unit: String!): Int @external
      fee: Int @requires(fields: "weight(unit: \\"g\\")")
    }`,
});
/** 2 kg; each gram costs one. */
const PARCELS: Answers = {
  goods: ({ query }) => {
    const fields = [...query.matchAll(/(?:(\w+): ?)?weight\(unit: ?"(\w+)"\)/g)];
    const weights = fields.map(([, alias, unit]) => [alias ?? 'weight', unit === 'g' ? 2_000 : 2]);
    return { parcel: { __typename: 'Parcel', id: '1', ...Object.fromEntries(weights) } };
  },
  post: ({ variables }) => ({
    _entities: variables.representations!.map(({ weight }) => ({ __typename: 'Parcel', fee: weight })),
  }),
};

const things = supergraphOf({
  list: 'type Query { things: [Thing] } type Thing @key(fields: "id") { id: ID! name: String }',
  prices: 'type Thing @key(fields: "id") @key(fields: "sku") { id: ID! sku: String! price: Int }',
  taxes: 'type Thing @key(fields: "sku") { sku: String! tax: Int }',
});
const THINGS: Answers = {
  list: () => ({ things: ['1', '2', '1'].map((id) => ({ __typename: 'Thing', id, name: `n${id}` })) }),
  prices: ({ variables }) => ({
    _entities: variables.representations!.map(({ id }) => ({
      __typename: 'Thing',
      sku: `s${id}`,
      price: Number(id),
    })),
  }),
  taxes: ({ variables }) => ({
    _entities: variables.representations!.map(({ sku }) => ({
      __typename: 'Thing',
      tax: Number(String(sku).slice(1)) * 10,
    })),
  }),
};

const shelf = supergraphOf({
  shelf: `type Query { nodes: [Node] } interface Node { a: A }
    type X implements Node { a: A } type Y implements Node { a: A } type Z implements Node { a: A }
    input Box { w: Int h: Int }
    type A @key(fields: "id") { id: ID! }`,
  stars: `input Box { w: Int h: Int }
    type A @key(fields: "id") { id: ID! size(n: Int, in: Box): Int price: Int self: A }`,
});
/** A size is what was asked for, as a number; a price is 7. */
const SHELVES: Answers = {
  shelf: () => ({
    nodes: ['X', 'Y', 'Z'].map((name) => ({ __typename: name, a: { __typename: 'A', id: '1' } })),
  }),
  stars: ({ query, variables: { representations, ...given } }) => {
    const fields = [...query.matchAll(/(?:(\w+): ?)?(size|price)(?:\(n: ?(\$?\w+)[^)]*\)|\(in[^)]*\))?/g)];
    const values = fields.map(([, alias, name, n]) => {
      const value = n?.startsWith('$') ? (given as Record<string, unknown>)[n.slice(1)] : Number(n ?? 9);
      return [alias ?? name, name === 'price' ? 7 : value];
    });
    const entity = { __typename: 'A', ...Object.fromEntries(values), self: Object.fromEntries(values) };
    return { _entities: representations!.map(() => entity) };
  },
};
/** An operation, and what is in `a` of each type. */
const CLASHES: readonly (readonly [string, string, readonly object[], Record<string, unknown>?])[] = [
  [
    'arguments',
    '{ nodes { ... on X { a { size(n: 1) } } ... on Y { a { size(n: 2) } } ... on Z { a { size(n: 3) } } } }',
    [{ size: 1 }, { size: 2 }, { size: 3 }],
  ],
  [
    'fields',
    '{ nodes { ... on X { a { x: size(n: 1) } } ... on Y { a { x: price } } ... on Z { a { price: size(n: 3) } } } }',
    [{ x: 1 }, { x: 7 }, { price: 3 }],
  ],
  [
    'fields further down',
    '{ nodes { ... on X { a { self { size(n: 1) } } } ... on Y { a { self { size(n: 2) } } } ... on Z { a { price } } } }',
    [{ self: { size: 1 } }, { self: { size: 2 } }, { price: 7 }],
  ],
  [
    'fields of a fragment that is spread in several places',
    `{ nodes { ... on X { a { ...F } } ... on Y { a { size(n: 2) } } ... on Z { a { ...F price } } } }
    fragment F on A { size(n: 1) }`,
    [{ size: 1 }, { size: 2 }, { size: 1, price: 7 }],
  ],
  [
    'variables',
    `query ($p: Int, $q: Int) {
      nodes { ... on X { a { size(n: $p) } } ... on Y { a { size(n: $q) } } ... on Z { a { size(n: $p) } } } }`,
    [{ size: 1 }, { size: 2 }, { size: 1 }],
    { p: 1, q: 2 },
  ],
  [
    'conditions',
    `query ($yes: Boolean!) {
      nodes { ... on X { a { size(n: 1) @include(if: $yes) } } ... on Y { a { size(n: 2) @skip(if: $yes) price } }
        ... on Z { a @include(if: $yes) { size(n: 3) } } } }`,
    [{ size: 1 }, { price: 7 }, { size: 3 }],
    { yes: true },
  ],
  [
    'one value in two notations',
    `{ nodes { ... on X { a { size(in: { w: 1, h: 2 }) } } ... on Y { a { size(in: { h: 2, w: 1 }) } }
        ... on Z { a { size(n: 3) } } } }`,
    [{ size: 9 }, { size: 9 }, { size: 3 }],
  ],
];

const native = (supergraph: ReturnType<typeof supergraphOf>) => nativePlanner(supergraph.sdl)!;

const news = supergraphOf({
  feed: 'type Query { ready: Int } type Subscription { came: News } type News { at: Int of: Thing } type Thing @key(fields: "id") { id: ID! }',
  prices: 'type Thing @key(fields: "id") { id: ID! price: Int }',
});

describe.each([
  ['native', native],
  ['apollo', apolloPlanner],
])('the %s planner', (_, plannerOf) => {
  test('asks one subgraph for the events, and others for the rest of each', () => {
    const document = parse('subscription { came { at of { price } } }');
    const steps = fetchGraph(plannerOf(news).plan(document, undefined), new Map());
    expect(steps).toMatchObject([
      { kind: 'root', fetch: { subgraph: 'feed', operationKind: 'subscription' } },
      { kind: 'entities', fetches: [{ subgraph: 'prices' }], waitsFor: [0] },
    ]);
  });

  test('finds the way from one key to the next, and asks for each entity once', async () => {
    const told = await run(things, plannerOf(things), THINGS, '{ things { name price tax } }');
    expect(told.errors).toEqual([]);
    expect(told.data).toEqual({
      things: [
        { name: 'n1', price: 1, tax: 10 },
        { name: 'n2', price: 2, tax: 20 },
        { name: 'n1', price: 1, tax: 10 },
      ],
    });
    expect(told.asked.map(({ subgraph }) => subgraph)).toEqual(['list', 'prices', 'taxes']);
    expect(told.asked[1]!.variables.representations).toHaveLength(2);
  });

  test('keeps a key apart from what the client calls so', async () => {
    const list = () => ({ things: [{ __typename: 'Thing', id: '1', id_of_client: 'n1' }] });
    const prices = () =>
      JSON.stringify({ data: null, errors: [{ message: 'no', path: ['_entities', 0, 'price'] }] });
    const query = '{ things { id: name price } }';
    const told = await run(things, plannerOf(things), { ...THINGS, list }, query);
    expect(told.data).toEqual({ things: [{ id: 'n1', price: 1 }] });
    expect(told.asked[1]!.variables.representations).toEqual([{ __typename: 'Thing', id: '1' }]);
    const aliased = '{ things { sku: price } }';
    const failed = await run(things, plannerOf(things), { ...THINGS, list, prices }, aliased);
    expect(failed.errors.map(({ path }) => path)).toEqual([['things', 0, 'price']]);
  });

  test.each(CLASHES)('keeps apart %s under one name of several types', async (...clash) => {
    const [, query, expected, given] = clash;
    const told = await run(shelf, plannerOf(shelf), SHELVES, query, given);
    expect(told.errors).toEqual([]);
    expect(told.data).toEqual({ nodes: expected.map((a) => ({ a })) });
    expect(told.asked).toHaveLength(2);
  });

  test('hands on a required field that takes arguments', async () => {
    const told = await run(parcels, plannerOf(parcels), PARCELS, '{ parcel { fee } }');
    expect(told.data).toEqual({ parcel: { fee: 2_000 } });
  });
});

test('the native planner keeps a required field apart from the one that the client asks for', async () => {
  const told = await run(parcels, native(parcels), PARCELS, '{ parcel { fee weight(unit: "kg") } }');
  expect(told.data).toEqual({ parcel: { fee: 2_000, weight: 2 } });
});

test('the native planner serves where it has a build, and introspection asks no subgraph', async () => {
  const planner = choosePlanner(things, silentLog);
  expect(planner.name).toBe('native');
  const told = await run(
    things,
    planner,
    THINGS,
    '{ __schema { queryType { name } } ...More } fragment More on Query { __typename }',
  );
  expect(told.data).toEqual({ __schema: { queryType: { name: 'Query' } }, __typename: 'Query' });
  expect(told.asked).toEqual([]);
});

test('where there is no build of the native planner the other one serves, and the log says so', async () => {
  const warned: unknown[] = [];
  const log = { ...silentLog, warn: (message: unknown) => warned.push(message) } as Log;
  const planner = choosePlanner(things, log, () => undefined);
  expect(planner.name).toBe('apollo');
  expect(warned).toEqual([expect.stringContaining('no native query planner')]);
  const told = await run(things, planner, THINGS, '{ things { tax } }');
  expect(told.data).toEqual({ things: [{ tax: 10 }, { tax: 20 }, { tax: 10 }] });
});

test('what the native planner throws on, the other one plans', async () => {
  const native = {
    name: 'native',
    plan: () => {
      throw new Error('Expected a single parent');
    },
  } as const;
  const planner = choosePlanner(things, silentLog, () => native);
  const told = await run(things, planner, THINGS, '{ things { price } }');
  expect(told.data).toEqual({ things: [{ price: 1 }, { price: 2 }, { price: 1 }] });
});
