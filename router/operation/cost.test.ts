import { describe, expect, test } from '@jest/globals';
import {
  buildSchema,
  executeSync,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { readWeights } from '../supergraph/weights.ts';
import { countValues, createPricing } from './cost.ts';

const SDL = `
  schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: [{ name: "@listSize", as: "@size" }]) {
    query: Query mutation: Mutation
  }
  type Query {
    user(id: ID): User
    users(first: Int = 7, last: Int): [User!]! @size(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    lenient(first: Int = 3, last: Int): [User] @size(slicingArguments: ["first", "last"])
    strict(first: Int, last: Int): [User] @size(slicingArguments: ["first", "last"])
    page(first: Int, last: Int): Page @size(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)
    inside(input: Slice): [User] @size(slicingArguments: ["input.first"])
    long: [User] @size(assumedSize: 50)
    unsaid: [User]
    grid: [[User]] @size(assumedSize: 3)
    dear: User @cost(weight: 30)
    find(text: String @cost(weight: 5), filter: Filter, many: [Filter!]): Int
    node: Node
    hit: Hit
    mood: Mood
    moods: [Mood] @size(assumedSize: 4)
    file: File
  }
  type Mutation { rename(name: String): User }
  interface Node { id: ID }
  type User implements Node { id: ID name: String friends: [User] @size(assumedSize: 5) owned: File total: Int @cost(weight: 5) }
  type File implements Node @cost(weight: 9) { id: ID @cost(weight: 2) }
  union Hit = User | File
  type Page { nodes: [User] edges: [Edge] total: Int @cost(weight: 5) others: [User] }
  type Edge { node: User cursor: String }
  enum Mood @cost(weight: 2) { CALM }
  input Slice { first: Int }
  input Filter { name: String @cost(weight: 3) inner: Filter mood: Mood }
`;
const DIRECTIVES = `
  directive @cost(weight: Int) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | ENUM
  directive @size(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`;
const withoutLink = print(
  visit(parse(SDL), { Directive: ({ name }) => (name.value === 'link' ? null : undefined) }),
);
const schema = buildSchema(withoutLink + DIRECTIVES);
const pricing = createPricing({ schema, weights: readWeights(parse(SDL)), listSize: 10 });

function priced(source: string, given: Record<string, unknown> = {}) {
  const document = parse(source);
  const definition = document.definitions[0] as OperationDefinitionNode;
  const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], given);
  return { priced: { document, definition }, variables: coerced! };
}

function estimate(source: string, given: Record<string, unknown> = {}) {
  const { priced: operation, variables } = priced(source, given);
  const told = pricing.estimate(operation, variables);
  return told.ok ? told.cost : told.message;
}

describe('the estimate of', () => {
  test.each([
    ['nothing but names', '{ __typename __schema { types { name } } }', 0],
    ['an object', '{ user { id name } }', 1],
    ['the same object twice, as answered once', '{ user { id } user { owned { __typename } } }', 1 + 9],
    ['an object under two names', '{ user { id } other: user { id } }', 2],
    ['a mutation', 'mutation { rename { id } }', 11],
    ['a list sized by an argument', '{ users(first: 3) { id } }', 3],
    ['a list sized by the larger of two', '{ users(first: 3, last: 4) { id } }', 4],
    ['a list sized by the default of an argument', '{ users { id } }', 7],
    ['a list with less than nothing', '{ users(first: -5) { id } }', 0],
    ['a list of an assumed size', '{ long { id } }', 50],
    ['a list that nothing is said of', '{ unsaid { id } }', 10],
    ['a list of lists', '{ grid { id } }', 30],
    ['a list in a list', '{ users(first: 3) { friends { id } } }', 3 + 3 * 5],
    [
      'a page: its own lists are sized',
      '{ page(first: 4) { nodes { id } edges { node { id } } } }',
      1 + 4 + 8,
    ],
    ['a page without a size', '{ page { nodes { id } others { id } } }', 1 + 20 + 10],
    ['a page under other names', '{ p: page(first: 2) { n: nodes { id } } }', 1 + 2],
    [
      'a page in fragments',
      '{ ...F } fragment F on Query { page(first: 2) { ... { ...G } } } fragment G on Page { nodes { id } }',
      3,
    ],
    ['a list sized from inside an input', '{ inside(input: { first: 6 }) { id } }', 6 + 1],
    ['a dear field', '{ dear { id } }', 30],
    ['a dear leaf in a list', '{ users(first: 2) { total } }', 2 + 10],
    ['a dear type', '{ file { id } }', 9 + 2],
    ['a dear enum', '{ mood moods }', 2 + 8],
    ['a dear argument', '{ find(text: "a") }', 5],
    ['a dear argument that is null', '{ find(text: null) }', 0],
    [
      'inputs in inputs',
      '{ find(filter: { name: "a", inner: { name: "b", mood: CALM } }) }',
      1 + 3 + 1 + 3 + 2,
    ],
    ['a list of inputs', '{ find(many: [{ name: "a" }, { name: "b" }]) }', 8],
    ['an interface, by the dearest of its types', '{ node { id } }', 9 + 2],
    ['a union, by the dearest of its types', '{ hit { ... on User { name } } }', 9],
    ['what is skipped for good', '{ long @skip(if: true) { id } user @include(if: true) { id } }', 1],
  ])('%s', (_, source, cost) => {
    expect(estimate(source)).toBe(cost);
  });

  test.each([
    [{ first: 3, with: true }, 3 + 3 * 5],
    [{ first: 3, with: false }, 3],
    [{ with: true }, 2 + 2 * 5],
    [{ first: null, with: false }, 10],
    [{ first: 2 ** 31 - 1, with: true }, (2 ** 31 - 1) * 6],
  ])('what hangs on the variables %j', (given, cost) => {
    const source =
      'query ($first: Int = 2, $with: Boolean!) { users(first: $first) { friends @include(if: $with) { id } } }';
    expect(estimate(source, given)).toBe(cost);
  });

  test('the same field in a part that is left out', () => {
    const source =
      'query ($a: Boolean!) { user { ...A @include(if: $a) ... @skip(if: $a) { id } } } fragment A on User { id friends { id } }';
    expect([estimate(source, { a: true }), estimate(source, { a: false })]).toEqual([6, 1]);
  });

  test('a list that needs one size takes a default for it, beside which another may be given', () => {
    expect([estimate('{ lenient { id } }'), estimate('{ lenient(last: 9) { id } }')]).toEqual([3, 9]);
    expect(estimate('{ lenient(first: 1, last: 1) { id } }')).toMatch('exactly one');
  });

  test.each([
    ['none', '{ strict { id } }'],
    ['two', '{ strict(first: 1, last: 1) { id } }'],
    ['one that is null', '{ strict(first: null) { id } }'],
  ])('a list that needs one size, with %s, is refused', (_, source) => {
    expect(estimate(source)).toBe('The field strict needs exactly one of the arguments first, last');
    expect(estimate('{ strict(first: 2) { id } }')).toBe(2);
  });
});

describe('what an answer did cost', () => {
  const person = { __typename: 'User', id: 1, total: 3 };
  const root = {
    user: { ...person, friends: [person, null, person] },
    users: [person],
    page: { nodes: [person, person], total: 2, edges: [] },
    node: { __typename: 'User', id: 1 },
    find: 4,
    rename: person,
  };

  test.each([
    ['{ user { id } missing: dear { id } }', 1],
    ['{ u: user { friends { id total } } }', 1 + 2 + 10],
    ['{ page(first: 90) { nodes { id } total } }', 1 + 2 + 5],
    ['{ users(first: 90) { id } find(text: "a") }', 1 + 5],
    ['mutation { rename { id } }', 11],
    ['query ($no: Boolean = false) { user { id friends @include(if: $no) { id } } }', 1],
  ])('%s', (source, cost) => {
    const { priced: operation, variables } = priced(source);
    const { data } = executeSync({ schema, document: operation.document, rootValue: root });
    expect(pricing.actual(operation, variables, countValues(data))).toBe(cost);
  });

  test('is counted by place, without nulls', () => {
    const counts = countValues({ a: [{ b: null }, null, { b: [1, [2]] }], __proto__: null, c: 0 });
    expect([...counts]).toEqual([
      ['a', 2],
      ['a.b', 2],
      ['c', 1],
    ]);
  });
});

test('Weights are found under the names that the supergraph gives them, and nowhere without a link', () => {
  const { costs, listSizes } = readWeights(parse(SDL));
  expect(costs.get('Query.find(text:)')).toBe(5);
  expect(costs.get('Filter.name')).toBe(3);
  expect(costs.get('Mood')).toBe(2);
  expect(listSizes.get('User.friends')).toMatchObject({ assumedSize: 5, requireOneSlicingArgument: true });
  const unlinked = readWeights(parse(withoutLink));
  expect(unlinked.costs.size + unlinked.listSizes.size).toBe(0);
});
