/** What is wrong with a repository is told in one sentence, with the file and what to do. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InputError } from './input-error.ts';
import { readRepository } from './repository.ts';
import { folderSource, mapSource } from './source.ts';

const SUPERGRAPH =
  'subgraphs:\n  shop:\n    routing_url: http://shop\n    schema:\n      file: shop.graphql\n';
const SDL = 'type Query {\n  hello: String\n}\n';
const GOOD = { 'supergraph.yaml': SUPERGRAPH, 'shop.graphql': SDL };
const at = (name: string) => `schema/operations/web/${name}`;

const read = (files: Record<string, string>, usage?: string) =>
  readRepository(mapSource('main (1a2b3c4)', new Map(Object.entries(files))), usage ? { usage } : {});

const refusals: [what: string, files: Record<string, string>, told: RegExp][] = [
  ['no supergraph.yaml', {}, /^main \(1a2b3c4\) has no supergraph\.yaml: name the subgraphs/],
  [
    'broken YAML',
    { 'supergraph.yaml': 'subgraphs:\n  a: [\n' },
    /^supergraph\.yaml:\d+:\d+ in main .* is not YAML: /,
  ],
  [
    'YAML without subgraphs',
    { 'supergraph.yaml': 'federation_version: 2\n' },
    /names no subgraphs: it needs `subgraphs:/,
  ],
  ['YAML that is a list', { 'supergraph.yaml': '- a\n- b\n' }, /names no subgraphs/],
  [
    'YAML aliases without end',
    { 'supergraph.yaml': bomb() },
    /^supergraph\.yaml in main .* cannot be read: /,
  ],
  [
    'a subgraph to be fetched from elsewhere',
    { 'supergraph.yaml': 'subgraphs:\n  shop:\n    schema:\n      subgraph_url: http://shop\n' },
    /gives no SDL file for shop: it needs `schema: file: <path>`/,
  ],
  [
    'an SDL file that is not there',
    { 'supergraph.yaml': SUPERGRAPH },
    /names shop\.graphql for shop, and .* has no such file: correct the path/,
  ],
  [
    'broken SDL',
    { ...GOOD, 'shop.graphql': 'type Query {\n  hello String\n}' },
    /^shop\.graphql:2:9 in main .* does not parse: Syntax Error/,
  ],
  [
    'empty SDL',
    { ...GOOD, 'shop.graphql': '# nothing\n' },
    /^shop\.graphql:\d+:\d+ in main .* does not parse/,
  ],
  [
    'SDL nested without end',
    { ...GOOD, 'shop.graphql': `type Query { a(b: X = ${'['.repeat(200_000)}` },
    /shop\.graphql.* nested too deeply/,
  ],
  [
    'a huge file',
    { ...GOOD, 'shop.graphql': `#${' '.repeat(9 * 1024 * 1024)}` },
    /^shop\.graphql in main .* has 10 MB; at most 8 MB are read/,
  ],
  [
    'an operation that does not parse',
    { ...GOOD, [at('a.graphql')]: 'query A {' },
    /^schema\/operations\/web\/a\.graphql:1:10 in main .* does not parse/,
  ],
  [
    'an operation without end',
    { ...GOOD, [at('a.graphql')]: `query A { ${'a '.repeat(60_000)} }` },
    /a\.graphql.* does not parse: .*token/i,
  ],
  [
    'an operation without a name',
    { ...GOOD, [at('a.graphql')]: '{ hello }' },
    /a\.graphql:1 in main .* has no name: name the operation/,
  ],
  ['SDL among operations', { ...GOOD, [at('a.graphql')]: SDL }, /is not an operation but SDL/],
  [
    'two operations of one name in a client',
    { ...GOOD, [at('a.graphql')]: 'query A { hello }', [at('b.graphql')]: '\nquery A { hello }' },
    /b\.graphql:2 and schema\/operations\/web\/a\.graphql in main .* both call an operation of web A: rename one/,
  ],
  [
    'two different fragments of one name in a client',
    {
      ...GOOD,
      [at('a.graphql')]: 'fragment F on Query { hello }',
      [at('b.graphql')]: 'fragment F on Query { __typename }',
    },
    /have different fragments F for web: rename one/,
  ],
  [
    'budgets that are no JSON',
    { ...GOOD, [at('budgets.json')]: '{ "A": ' },
    /budgets\.json in main .* is not JSON: /,
  ],
  [
    'a budget that is no number',
    { ...GOOD, [at('budgets.json')]: '{ "A": { "depth": "2" } }' },
    /depth of A is not a number/,
  ],
];

describe('A repository with', () => {
  test.each(refusals)('%s is refused', async (_, files, told) => {
    const error = await read(files).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(told);
    expect((error as Error).message).not.toContain('\n');
  });

  test.each([
    [{}, /has no usage file usage\.json/],
    [{ 'usage.json': '[]' }, /it is not an object/],
    [{ 'usage.json': '{ "web": { "A": "many" } }' }, /the count of web\/A is not a number/],
  ])('a usage file %j is refused', async (files, told) => {
    await expect(read({ ...GOOD, ...files }, 'usage.json')).rejects.toThrow(told);
  });
});

test('Operations of one name in two clients are two operations, each with fragments of its own', async () => {
  const { operations } = await read({
    ...GOOD,
    [at('a.graphql')]: 'query A { ...F }',
    [at('below/fragments.graphql')]: 'fragment F on Query { hello }',
    'schema/operations/app/a.graphql': 'query A { ...F } fragment F on Query { __typename }',
  });
  expect(operations.map(({ client, name, document }) => [client, name, document.definitions.length])).toEqual(
    [
      ['app', 'A', 2],
      ['web', 'A', 2],
    ],
  );
});

test('A folder is read like the files that are in it, wherever it is called from', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'schema-review-'));
  const files = { ...GOOD, [at('a.graphql')]: 'query A { hello }', [at('b/c.graphql')]: 'query C { hello }' };
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    for (const root of [folder, `${folder}/`, `${folder}/./schema/..`]) {
      const { operations } = await readRepository(folderSource(root));
      expect(operations.map(({ file }) => file)).toEqual([at('a.graphql'), at('b/c.graphql')]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('Whatever the files hold, they are read or refused in a sentence', async () => {
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.json({ maxDepth: 3 }),
    fc.constantFrom(SUPERGRAPH, SDL),
  );
  const path = fc.constantFrom('supergraph.yaml', 'shop.graphql', at('a.graphql'), at('budgets.json'));
  await fc.assert(
    fc.asyncProperty(path, text, async (name, content) => {
      const error = await read({ ...GOOD, [name]: content }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(InputError);
    }),
    { numRuns: 500 },
  );
});

/** Nine lines that stand for a billion. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level += 1)
    lines.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  return `${lines.join('\n')}\nsubgraphs: *a8\n`;
}
