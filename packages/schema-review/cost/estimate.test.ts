/** What operations cost before they are run. Figures are worked out by hand beside each. */
import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { readSupergraph } from '../supergraph.ts';
import { estimateCost } from './estimate.ts';

const view = readSupergraph(
  parse(`
    schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"]) { query: Query mutation: Mutation }
    type Query {
      one: Item
      plain: [Item]
      assumed: [Item] @listSize(assumedSize: 4)
      sliced(first: Int = 3, last: Int): [Item] @listSize(assumedSize: 50, slicingArguments: ["first", "last"])
      page(input: PageInput): Page @listSize(slicingArguments: ["input.first"], sizedFields: ["edges", "nodes"])
      any: [Any] @listSize(assumedSize: 2)
      dear(of: Int @cost(weight: 7), filter: Filter): Int @cost(weight: 5)
    }
    type Mutation { touch: Item }
    type Item { name: String tags: [String] @listSize(assumedSize: 6) dear: String @cost(weight: 3) below: [Item] @listSize(assumedSize: 2) }
    type Page { nodes: [Item] edges: [Edge] }
    type Edge { node: Item }
    type Heavy @cost(weight: 9) { name: String }
    type Light { name: String }
    union Any = Heavy | Light
    input PageInput { first: Int }
    input Filter { text: String @cost(weight: 2) not: Filter }
  `),
);

const cost = (text: string, variables = {}) => estimateCost(parse(text), view, variables);

test.each<[what: string, operation: string, variables: object, cost: number]>([
  ['an object counts one, its plain fields nothing', '{ one { name } }', {}, 1],
  ['a list of unknown length is taken for ten', '{ plain { name } }', {}, 10],
  ['a list counts as long as it is assumed', '{ assumed { name } }', {}, 4],
  ['plain values in lists cost nothing', '{ one { tags } }', {}, 1],
  ['lists multiply: 4 × (1 + 2 × (1 + 2))', '{ assumed { below { below { name } } } }', {}, 28],
  ['a literal says how long', '{ sliced(first: 7) { name } }', {}, 7],
  ['the longest of several says', '{ sliced(first: 2, last: 9) { name } }', {}, 9],
  ['without it, its default', '{ sliced { name } }', {}, 3],
  ['a variable says', 'query ($n: Int) { sliced(first: $n) { name } }', { n: 8 }, 8],
  ['a variable’s default says', 'query ($n: Int = 6) { sliced(first: $n) { name } }', {}, 6],
  [
    'a variable that is missing leaves the argument’s default',
    'query ($n: Int) { sliced(first: $n) { name } }',
    {},
    3,
  ],
  ['inside an input: 1 + 5', '{ page(input: { first: 5 }) { nodes { name } } }', {}, 6],
  ['by edges, too: 1 + 5 × (1 + 1)', '{ page(input: { first: 5 }) { edges { node { name } } } }', {}, 11],
  ['the dearest member counts: 2 × 9', '{ any { ... on Heavy { name } ... on Light { name } } }', {}, 18],
  ['a member that is not asked for costs what it is', '{ any { ... on Light { name } } }', {}, 18],
  ['weights of fields and arguments: 5 + 7', '{ dear(of: 1) }', {}, 12],
  ['weights inside inputs: 5 + 2 + 2', '{ dear(filter: { text: "a", not: { text: "b" } }) }', {}, 9],
  ['the same inside a variable', 'query ($f: Filter) { dear(filter: $f) }', { f: { text: 'a' } }, 7],
  [
    'a field of one answer counts once, however often it is written',
    '{ one { dear } one { dear ...F } } fragment F on Item { dear }',
    {},
    4,
  ],
  ['under two names it counts twice', '{ a: one { dear } b: one { dear } }', {}, 8],
  ['a mutation counts ten more', 'mutation { touch { name } }', {}, 11],
])('%s', (_, operation, variables, expected) => {
  expect(cost(operation, variables)).toBe(expected);
});
