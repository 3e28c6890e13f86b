/** The referee sees what it is there to see: each of these executors is wrong in one way. */
import { expect, test } from '@jest/globals';
import type { Answer } from '../../execute/executor.ts';
import { difference } from './compare.ts';
import { type MakeExecutor, stock } from './executors.ts';
import { type Case, prepare, run } from './run.ts';

function spoilt(change: (answer: Answer) => Answer): MakeExecutor {
  return (supergraph, transports) => {
    const executor = stock(supergraph, transports);
    return { ...executor, execute: async (operation) => change(await executor.execute(operation)) };
  };
}

const QUERY: Case = {
  supergraph: 'festival',
  query: '{ artists(first: 2) { name rider slots { id } } price }',
  world: { fails: new Set(['Artist.rider', 'Query.price']) },
};
const MUTATION: Case = {
  supergraph: 'festival',
  query: 'mutation { artistDrop(id: "1") a: artistRename(id: "2", name: "x") { name } }',
  world: { fails: new Set(['Mutation.artistDrop', 'Mutation.artistRename']) },
};

test.each([
  [
    'one letter of the data',
    QUERY,
    (a: Answer) => ({ ...a, data: JSON.parse(JSON.stringify(a.data).replace('"s', '"t')) }),
    /byte 50 on/,
  ],
  [
    'the order of fields',
    QUERY,
    ({ data, errors }: Answer) => ({ data: Object.fromEntries(Object.entries(data!).reverse()), errors }),
    /byte 2 on/,
  ],
  ['no data', QUERY, ({ errors }: Answer) => ({ errors }), /against undefined/],
  [
    'an error less',
    QUERY,
    ({ data, errors }: Answer) => ({ data: data!, errors: errors.slice(1) }),
    /errors differ/,
  ],
  [
    'an error more',
    QUERY,
    ({ data, errors }: Answer) => ({ data: data!, errors: [...errors, errors[0]!] }),
    /errors differ/,
  ],
  [
    'another path',
    QUERY,
    ({ data, errors }: Answer) => ({ data: data!, errors: errors.map((e) => ({ ...e, path: ['x'] })) }),
    /errors differ/,
  ],
  [
    'another code',
    QUERY,
    ({ data, errors }: Answer) => ({
      data: data!,
      errors: errors.map((e) => ({ ...e, extensions: { code: 'X' } })),
    }),
    /errors differ/,
  ],
  [
    'errors of mutations in another order',
    MUTATION,
    ({ data, errors }: Answer) => ({ data: data!, errors: [...errors].reverse() }),
    /errors differ/,
  ],
])('%s is seen', async (_, one, change, said) => {
  const prepared = prepare(one);
  const expected = await run(stock, prepared);
  const report = difference(prepared, expected, await run(spoilt(change), prepared));
  expect(report).toMatch(said);
  expect(report).toContain(`operation: ${one.query}`);
  expect(report).toContain('plan: QueryPlan {');
});

test('mutations that run in another order are seen', async () => {
  const prepared = prepare(MUTATION);
  const expected = await run(stock, prepared);
  const actual = { ...expected, changes: ['artists {}', ...expected.changes] };
  expect(difference(prepared, expected, actual)).toMatch(/changes differ from number 0/);
});

test('errors of queries may come in any order', async () => {
  const prepared = prepare(QUERY);
  const expected = await run(stock, prepared);
  expect(expected.errors.length).toBeGreaterThan(1);
  expect(
    difference(prepared, expected, { ...expected, errors: [...expected.errors].reverse() }),
  ).toBeUndefined();
});
