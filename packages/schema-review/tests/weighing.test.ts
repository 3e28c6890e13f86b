/** Whatever is taken from a schema: no operation is refused without being named, and none is named that goes on. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ASTNode, buildSchema, type DocumentNode, Kind, parse, print, visit } from 'graphql';
import { review } from '../review.ts';
import { mapSource } from '../source.ts';
import { refusalsOf } from '../validity.ts';
import { keepHere } from './keep-here.ts';

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

/** Takes the `at`th thing away, or makes it required. */
function change(document: DocumentNode, at: number, isAdding: boolean): DocumentNode {
  let seen = -1;
  const isMeant = (node: ASTNode) => {
    if (!TAKEN.includes(node.kind)) return false;
    seen += 1;
    return seen === at;
  };
  return visit(document, {
    enter: (node, key) => {
      if (!isMeant(node)) return undefined;
      if (node.kind === Kind.NON_NULL_TYPE) return isAdding ? undefined : node.type;
      if (node.kind !== Kind.NAMED_TYPE) return isAdding ? undefined : null;
      // In a list of members or interfaces it may go; as the type of something it may become required.
      if (typeof key === 'number') return isAdding ? undefined : null;
      return isAdding ? { kind: Kind.NON_NULL_TYPE, type: node } : undefined;
    },
  });
}

/** Each thing that can be taken away or made required, once; what would be no SDL at all is left out. */
function everyChange(sdl: string): string[] {
  const document = parse(sdl);
  const changed = new Set<string>();
  let count = 0;
  visit(document, {
    enter: ({ kind }) => {
      if (TAKEN.includes(kind)) count += 1;
    },
  });
  for (const isAdding of [false, true]) {
    for (let at = 0; at < count; at += 1) changed.add(print(change(document, at, isAdding)));
  }
  changed.delete(print(document));
  return [...changed].filter(isSdl);
}

function isSdl(text: string): boolean {
  try {
    return parse(text) !== undefined;
  } catch {
    // Required twice, or nothing left between the braces.
    return false;
  }
}

const DOCUMENTS = OPERATIONS.map((text) => parse(text));

function refusesSome(sdl: string): boolean {
  const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
  return DOCUMENTS.some((document) => refusalsOf(schema, document).length > 0);
}

/** Composing takes its time: what no operation would notice is reviewed in the long run alone. */
const isReviewed = process.env.SOUK_LONG_TESTS ? () => true : refusesSome;

const kept = keepHere();

test('Every operation that head refuses is named, with its lines, by something breaking', async () => {
  const base = mapSource('base', filesWith(SDL));
  let weighed = 0;
  for (const changed of everyChange(SDL).filter(isReviewed)) {
    const {
      base: before,
      head,
      findings,
    } = await review(base, mapSource('head', filesWith(changed)), { kept });
    // What does not compose is another test's.
    if (!head.composed) continue;
    const { apiSchema } = head.composed;
    const refused = before.repository.operations
      .filter(({ document }) => refusalsOf(apiSchema, document).length > 0)
      .map(({ name }) => name);
    const breaking = findings.filter(({ level, area }) => level === 'breaking' && area === 'change');
    const named = new Set(breaking.flatMap(({ usedBy = [] }) => usedBy.map(({ operation }) => operation)));
    expect({ changed, named: [...named] }).toEqual({ changed, named: expect.arrayContaining(refused) });
    if (refused.length > 0) weighed += 1;
    for (const { usedBy } of breaking) expect(usedBy).toBeDefined();
  }
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
      const { findings } = await review(base, mapSource('head', filesWith(print(reordered))), { kept });
      expect(findings.filter(({ area, level }) => area !== 'rule' || level !== 'safe')).toEqual([]);
    }),
    { numRuns: process.env.SOUK_LONG_TESTS ? 30 : 6 },
  );
}, 120_000);
