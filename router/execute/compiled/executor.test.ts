/** What the compiled executor promises beyond answering as the stock one does (router/tests/differential). */
import { describe, expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/observe/log';
import { apolloPlanner } from '../../plan/apollo.ts';
import { choosePlanner } from '../../plan/choose.ts';
import { type Answers, run, supergraphOf } from '../../tests/toy/written.ts';

const supergraph = supergraphOf({
  shelf: `scalar Json
    type Query { top: [Book] all: [Book] best: Book json: Json number: Float }
    type Book @key(fields: "id") { id: ID! title: String }`,
  stars: `type Book @key(fields: "id") { id: ID! stars: Int secret: String fans: [Fan!] }
    type Fan { name: String! }`,
});
const planner = choosePlanner(supergraph, silentLog);
const book = (id: string) => ({ __typename: 'Book', id, title: `Book ${id}` });
const shelf: Answers['shelf'] = ({ query }) => ({
  ...(query.includes('top') ? { top: [book('1'), book('2'), book('1')] } : {}),
  ...(query.includes('all') ? { all: [book('2'), null, book('3')] } : {}),
  ...(query.includes('best') ? { best: book('1') } : {}),
});

/** Each `_entities` with as many entities as it was asked for. */
function entitiesOf(asked: { variables: object }, entity: (id: string) => unknown): Record<string, unknown> {
  const lists = Object.entries(asked.variables).filter(([, value]) => Array.isArray(value));
  return Object.fromEntries(
    lists.map(([name, list]: [string, { id: string }[]]) => {
      const number = /_(\d+)$/.exec(name)?.[1];
      const alias = number === undefined ? '_entities' : aliasOf(asked, name);
      return [alias, list.map(({ id }) => entity(id))];
    }),
  );
}

function aliasOf(asked: object, variable: string): string {
  const { query } = asked as { query: string };
  return new RegExp(`(\\w+): ?_entities\\(representations: ?\\$${variable}\\)`).exec(query)![1]!;
}

const ask = (query: string, answers: Answers, variables?: Record<string, unknown>) =>
  run(supergraph, planner, answers, query, variables);

describe('a subgraph', () => {
  test('is asked once for several places, and once for each entity', async () => {
    const stars: Answers['stars'] = (asked) => entitiesOf(asked, (id) => ({ stars: Number(id) }));
    const told = await ask('{ top { stars } all { stars } }', { shelf, stars });
    expect(told.errors).toEqual([]);
    expect(told.data).toEqual({
      top: [{ stars: 1 }, { stars: 2 }, { stars: 1 }],
      all: [{ stars: 2 }, null, { stars: 3 }],
    });
    const { variables } = told.asked.find(({ subgraph }) => subgraph === 'stars')!;
    expect(told.asked).toHaveLength(2);
    expect(Object.values(variables).flat()).toHaveLength(3);
  });

  test('is asked for each place by itself when one of them spoils the answer for all', async () => {
    const stars: Answers['stars'] = (asked) => {
      const isJoined = asked.query.includes('secret') && asked.query.includes('stars');
      if (isJoined || asked.query.includes('secret')) {
        return JSON.stringify({ data: null, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] });
      }
      return entitiesOf(asked, () => ({ stars: 5 }));
    };
    const told = await ask('{ best { secret } top { stars } }', { shelf, stars });
    expect(told.data).toEqual({ best: { secret: null }, top: [{ stars: 5 }, { stars: 5 }, { stars: 5 }] });
    expect(told.errors).toEqual([
      { message: 'no', path: ['best'], extensions: { code: 'FORBIDDEN', service: 'stars' } },
    ]);
  });
});

test('an error of an entity is told at each place where it stands', async () => {
  const stars: Answers['stars'] = ({ variables }) =>
    JSON.stringify({
      data: { _entities: variables.representations!.map(({ id }) => (id === '1' ? null : { stars: 2 })) },
      errors: [{ message: 'gone', path: ['_entities', 0, 'stars'], extensions: { code: 'NOT_FOUND' } }],
    });
  const told = await ask('{ top { stars } }', { shelf, stars });
  expect(told.data).toEqual({ top: [{ stars: null }, { stars: 2 }, { stars: null }] });
  expect(told.errors.map(({ path }) => path)).toEqual([
    ['top', 0, 'stars'],
    ['top', 2, 'stars'],
  ]);
});

describe('objects with the same text', () => {
  const nodes = supergraphOf({
    tree: `type Query { nodes: [Node] }
      interface Node { leaf: Leaf }
      type Root implements Node { leaf: Leaf twigs: [Node] }
      type Bud implements Node { leaf: Leaf twigs: [Node] }
      type Leaf @key(fields: "id") { id: ID! shade: String }`,
    light: 'type Leaf @key(fields: "id") { id: ID! hours: Int }',
  });
  const apollo = apolloPlanner(nodes);
  const leaf = (id: string, shade = '.'.repeat(100)) => ({ __typename: 'Leaf', id, shade });
  const grow = (query: string, tree: unknown, light: Answers['light'] = (asked) => hoursOf(asked)) =>
    run(nodes, apollo, { tree: () => ({ nodes: tree }), light }, query);
  const hoursOf = (asked: { variables: object }) => entitiesOf(asked, (id) => ({ hours: Number(id) }));

  test('stand with the fields that each place asks for', async () => {
    const query = `{ nodes {
      ... on Root { leaf { __typename id shade hours } }
      ... on Bud { leaf { __typename id shade } }
    } }`;
    const tree = ['Root', 'Bud', 'Root'].map((__typename) => ({ __typename, leaf: leaf('7') }));
    const told = await grow(query, tree);
    expect(told.data.nodes).toEqual([
      { leaf: { ...leaf('7'), hours: 7 } },
      { leaf: leaf('7') },
      { leaf: { ...leaf('7'), hours: 7 } },
    ]);
  });

  test('are not taken for those that only begin like them', async () => {
    const shades = ['light', 'murky', 'murky', 'light'].map((end) => `${'.'.repeat(100)} ${end}`);
    const told = await grow(
      '{ nodes { leaf { id shade hours } } }',
      shades.map((shade) => ({ __typename: 'Bud', leaf: leaf('7', shade) })),
    );
    expect(told.data.nodes.map(({ leaf }: { leaf: object }) => leaf)).toEqual(
      shades.map((shade) => ({ id: '7', shade, hours: 7 })),
    );
  });

  test('have what is below them asked for once, and its errors told at each place', async () => {
    const query = '{ nodes { ... on Root { twigs { leaf { hours } } } } }';
    const twigs = ['1', '2'].map((id) => ({ __typename: 'Bud', leaf: { __typename: 'Leaf', id } }));
    const root = { __typename: 'Root', twigs };
    const told = await grow(query, [root, root], ({ variables }) =>
      JSON.stringify({
        data: { _entities: variables.representations!.map(({ id }) => (id === '1' ? null : { hours: 2 })) },
        errors: [{ message: 'dark', path: ['_entities', 0], extensions: { code: 'NOT_FOUND' } }],
      }),
    );
    expect(told.asked.at(-1)!.variables.representations!.map(({ id }) => id)).toEqual(['1', '2']);
    expect(told.data.nodes).toEqual(
      Array(2).fill({ twigs: [{ leaf: { hours: null } }, { leaf: { hours: 2 } }] }),
    );
    expect(told.errors.map(({ path }) => path)).toEqual([
      ['nodes', 0, 'twigs', 0, 'leaf'],
      ['nodes', 1, 'twigs', 0, 'leaf'],
    ]);
  });
});

describe('text of a subgraph', () => {
  const answer = (body: string) => ask('{ json number }', { shelf: () => body });

  test.each([
    ['compact', '{"data":{"json":{"a":12345678901234567890},"number":0.1}}'],
    ['with the errors first', '{"errors":null,"data":{"number":0.1,"json":{"a":12345678901234567890}}}'],
  ])('keeps the digits that a double would round: %s', async (_, body) => {
    expect((await answer(body)).text).toBe('{"json":{"a":12345678901234567890},"number":0.1}');
  });

  test.each([
    ['white space', '{ "data" : {\n"json": "é", "number": 1.50 } }'],
    ['escapes', '{"data":{"json":"\\u00e9","number":15e-1}}'],
    [
      'fields that nobody asked for',
      '{"data":{"number":1.5,"x":[{"y":"}"}],"json":"é"},"extensions":{"z":[]}}',
    ],
    ['a key twice', '{"data":{"json":1,"number":2,"json":"é","number":1.5}}'],
  ])('is read with %s', async (_, body) => {
    expect((await answer(body)).text).toBe('{"json":"é","number":1.5}');
  });

  test.each([
    '{"data":{"json":1,"number":2}',
    '{"data":{"json":01,"number":2}}',
    '{"data":{"json":[1,],"number":2}}',
  ])('that is no JSON is no answer: %s', async (body) => {
    const told = await answer(body);
    expect(told.data).toEqual({ json: null, number: null });
    expect(told.errors[0]!.extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
  });
});

test('an alias may be any name', async () => {
  const told = await ask('{ __proto__: best { constructor: title toString: __typename } }', {
    shelf: () => '{"data":{"__proto__":{"__typename":"Book","constructor":"a","toString":"Book"}}}',
  });
  expect(told.text).toBe('{"__proto__":{"constructor":"a","toString":"Book"}}');
});

test('a condition that is null is left to the reference executor, and counted', async () => {
  const query = 'query ($if: Boolean = true) { best @include(if: $if) { title } }';
  expect((await ask(query, { shelf }, { if: null })).fallbacks).toEqual(['condition']);
  expect((await ask(query, { shelf })).fallbacks).toEqual([]);
});
