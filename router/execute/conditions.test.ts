import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse, print } from 'graphql';
import { withoutIdleConditions } from './conditions.ts';

const schema = buildSchema(`
  type Query { a: A! node: Node hit: Hit }
  interface Node { id: ID next: Node }
  type A implements Node { id: ID next: A }
  type B implements Node { id: ID next: B }
  union Hit = A | B
`);
const plain = (text: string) => print(withoutIdleConditions(parse(text), schema));
const same = (text: string) => print(parse(text));

const NEVER = '... @skip(if: true) { __typename }';

describe('a type condition', () => {
  test('that says nothing is taken out, whatever is inside', () => {
    expect(
      plain('{ a { ... on Node { ... on A { id } ... on Hit @include(if: true) { __typename } } } }'),
    ).toBe(same('{ a { ... { ... on A { id } ... @include(if: true) { __typename } } } }'));
  });

  test('of a fragment that says nothing is taken out where it is spread', () => {
    expect(
      plain(
        '{ a { ...F @skip(if: false) } node { ...F } } fragment F on Node { next { ...F2 } } fragment F2 on Node { id }',
      ),
    ).toBe(
      same(
        `{ a { ... @skip(if: false) { next { ... { id } } } } node { ...F } }
        fragment F on Node { next { ...F2 } } fragment F2 on Node { id }`,
      ),
    );
  });

  test('that can never hold leaves nothing to ask for', () => {
    expect(
      plain(
        '{ a { ... on Node { ... on B { id } ...F next { ... on Hit { ... on B { id } } } } } } fragment F on B { id }',
      ),
    ).toBe(same(`{ a { ... { ${NEVER} ${NEVER} next { ... { ${NEVER} } } } } } fragment F on B { id }`));
  });

  test.each([
    '{ node { ... on A { id } ... on Hit { ... on A { id } } } }',
    '{ hit { ... on Node { id } __typename } __schema { types { name } } }',
    '{ a { ... on A { id } ...F } } fragment F on A { id }',
  ])('that tells types apart stays: %s', (text) => {
    expect(plain(text)).toBe(same(text));
  });
});
