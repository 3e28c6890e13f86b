/** Whatever is taken from a schema: no operation is refused without being named, and none is named that goes on. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ASTNode, type DocumentNode, Kind, parse, print, visit } from 'graphql';
import { review } from '../review.ts';
import { mapSource } from '../source.ts';
import { refusalsOf } from '../validity.ts';

const SDL = `
type Query {
  product(id: ID!, locale: Locale = EN): Product
  search(text: String!, filter: Filter, first: Int): [Hit!]!
  nodes: [Node]
}

type Mutation {
  productUpdate(input: ProductUpdateInput!): Product
}

interface Node {
  id: ID!
  name: String
}

interface Priced {
  price: Money
}

type Product implements Node & Priced {
  id: ID!
  name: String
  price: Money
  state: State!
}

type Shop implements Node {
  id: ID!
  name: String
  products(first: Int = 10, state: State): [Product!]
}

type Voucher implements Priced {
  code: String!
  price: Money
}

type Money {
  amount: Int!
  currency: String
}

union Hit = Product | Shop | Voucher

enum State {
  DRAFT
  LIVE
  GONE
}

enum Locale {
  EN
  AR
}

input Filter {
  state: State = LIVE
  maxPrice: Int
  not: Filter
}

input ProductUpdateInput {
  id: ID!
  name: String
  state: State
}
`;

const OPERATIONS = [
  'query Product($id: ID!) { product(id: $id, locale: AR) { name state price { amount } } }',
  'query Search($filter: Filter) { search(text: "rug", filter: $filter) { ... on Product { id } ... on Shop { name } ... on Priced { price { currency } } } }',
  'query Live { search(text: "", filter: { state: LIVE, not: { maxPrice: 5 } }, first: 3) { __typename ... on Voucher { code } } }',
  'query Nodes { nodes { id ... on Shop { products(state: GONE) { id ...Price } } } } fragment Price on Priced { price { amount } }',
  'mutation Update($input: ProductUpdateInput!) { productUpdate(input: $input) { name } }',
  'mutation Rename($id: ID!) { productUpdate(input: { id: $id, name: "new" }) { id } }',
];

const filesWith = (sdl: string) =>
  new Map([
    [
      'supergraph.yaml',
      'subgraphs:\n  shop:\n    routing_url: http://shop\n    schema:\n      file: shop.graphql\n',
    ],
    ['shop.graphql', sdl],
    ...OPERATIONS.map((text, index) => [`schema/operations/web/${index}.graphql`, text] as const),
  ]);

const TAKEN: readonly string[] = [
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
  Kind.NAMED_TYPE,
  Kind.NON_NULL_TYPE,
];

/** Takes one thing away, or makes something required: whatever leaves a schema that composes. */
function change(document: DocumentNode, at: number, isAdding: boolean): string {
  let seen = -1;
  const meant = (node: ASTNode) => {
    if (!TAKEN.includes(node.kind)) return false;
    seen += 1;
    return seen === at;
  };
  const changed = visit(document, {
    enter: (node, key) => {
      if (!meant(node)) return undefined;
      if (node.kind === Kind.NON_NULL_TYPE) return isAdding ? undefined : node.type;
      if (node.kind !== Kind.NAMED_TYPE) return isAdding ? undefined : null;
      // In a list of members or interfaces it may go; as the type of something it may become required.
      if (typeof key === 'number') return isAdding ? undefined : null;
      return isAdding ? { kind: Kind.NON_NULL_TYPE, type: node } : undefined;
    },
  });
  return print(changed);
}

let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'schema-review-weighing-'));
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

const ways = fc.record({ at: fc.nat({ max: 80 }), isAdding: fc.boolean() });

test('Every operation that head refuses is named, with its lines, by something breaking', async () => {
  const document = parse(SDL);
  const base = mapSource('base', filesWith(SDL));
  let weighed = 0;
  await fc.assert(
    fc.asyncProperty(ways, async ({ at, isAdding }) => {
      const head = mapSource('head', filesWith(change(document, at, isAdding)));
      // A change that leaves no SDL at all, or none that composes, is another test's.
      const result = await review(base, head, { cacheDir }).catch(() => undefined);
      if (!result?.head.composed) return;
      const { findings, head: after } = result;
      const refused = result.base.repository.operations
        .filter((operation) => refusalsOf(after.composed!.apiSchema, operation.document).length > 0)
        .map(({ name }) => name);
      const breaking = findings.filter(({ level, area }) => level === 'breaking' && area === 'change');
      const named = new Set(breaking.flatMap(({ usedBy = [] }) => usedBy.map(({ operation }) => operation)));
      expect([...named]).toEqual(expect.arrayContaining(refused));
      if (refused.length > 0) weighed += 1;
      for (const { usedBy } of breaking) expect(usedBy).toBeDefined();
    }),
    { numRuns: 150, seed: 20_260_103 },
  );
  expect(weighed).toBeGreaterThan(20);
}, 120_000);

test('What is only reordered is no change', async () => {
  const base = mapSource('base', filesWith(SDL));
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), async (random) => {
      const shuffled = <T>(list: readonly T[]): T[] =>
        list
          .map((one) => [random.next().value as number, one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one);
      const reordered = visit(parse(SDL), {
        leave: (node) => {
          const lists = ['definitions', 'fields', 'values', 'types', 'interfaces', 'arguments'] as const;
          const changed = lists.flatMap((list) => {
            const found = (node as unknown as Record<string, unknown>)[list];
            return Array.isArray(found) ? [[list, shuffled(found)]] : [];
          });
          return changed.length > 0 ? { ...node, ...Object.fromEntries(changed) } : undefined;
        },
      });
      const { findings } = await review(base, mapSource('head', filesWith(print(reordered))), { cacheDir });
      expect(findings.filter(({ area, level }) => area !== 'rule' || level !== 'safe')).toEqual([]);
    }),
    { numRuns: 30 },
  );
}, 120_000);
