/**
 * The native planner aborts the process over what it did not expect, and no `catch` helps. Nothing that a client may send
 * does that any more: tried in a process of its own, with what is known to have done it and with operations by chance.
 * SOUK_LONG_TESTS=1 tries many more of them.
 */
import { expect, test } from '@jest/globals';
import { type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { generate } from '../differential/generate.ts';
import { SUPERGRAPHS, supergraphNamed } from '../differential/supergraphs.ts';
import { hash } from '../differential/world/chance.ts';
import { supergraphOf } from '../toy/written.ts';
import { abortsOver } from './aborts.ts';

const LONG = process.env.SOUK_LONG_TESTS === '1';
const VALID = LONG ? 300 : 8;

const shelves = supergraphOf({
  shelf: `type Query { nodes(n: Int): [Node] hits: [Hit] } union Hit = X | Y | A
    interface Node { a(n: Int): A b: B } type B { a: A node: Node }
    type X implements Node { a(n: Int): A b: B } type Y implements Node { a(n: Int): A b: B x: [X] }
    type A @key(fields: "id") { id: ID! f: Int weight(unit: String): Int }`,
  stars: `input Box { w: Int h: [Int] } interface Odd { a(n: Int): A k: Int }
    type M implements Odd { a(n: Int): A k: Int } type N implements Odd { a(n: Int): A k: Int }
    type A @key(fields: "id") { id: ID! size(n: Int, in: Box): Int odd(n: Int): Odd
      weight(unit: String): Int @external fee(n: Int): Int @requires(fields: "weight(unit: \\"g\\")") }`,
});

const inBoth = (x: string, y: string, head = '') =>
  `${head}{ nodes { ... on X { a { ${x} } } ... on Y { a { ${y} } } } }`;
const KILLERS = [
  inBoth('size(n: 1)', 'size(n: 2)'),
  inBoth('size', 'size(n: 2)'),
  inBoth('size(in: { w: 1, h: 2 })', 'size(in: { h: 2, w: 1 })'),
  inBoth('size(n: $p)', 'size(n: $q)', 'query ($p: Int, $q: Int) '),
  inBoth('odd { k a(n: 1) { id } }', 'odd { k a(n: 2) { size } }'),
  inBoth('odd { a { size(n: 1) } }', 'odd { a { size(n: 2) } }'),
  inBoth('fee weight(unit: "kg")', 'fee(n: 2) weight(unit: "lb")'),
  `${inBoth('...F', 'size(n: 2)')} fragment F on A { size(n: 1) }`,
];

/** Selections of one type once more in another, with other arguments; `count` of those that are valid. */
function clashing(schema: GraphQLSchema, seed: string, count: number): string[] {
  const valid: string[] = [];
  for (let index = 0; valid.length < count; index++) {
    let next = 0;
    const draw = (bound: number) => (next < 300 ? hash(`${seed} ${index} ${next++}`) % bound : 0);
    const { query } = generate(schema, draw);
    const clash = query.replace(
      /\.\.\. on (\w+)((?: @\w+\([^)]*\))*) (\{ [^{}]*\})/g,
      (all, type, when, set) => {
        const others = Object.keys(schema.getTypeMap()).filter(
          (name) => name !== type && /^[A-Z]/.test(name),
        );
        const other = others[draw(others.length)]!;
        return `${all} ... on ${other}${when} ${set.replace(/: (\d)\b/g, () => `: ${draw(9)}`)}`;
      },
    );
    // Most are invalid, and the first error tells.
    if (validate(schema, parse(clash), specifiedRules, { maxErrors: 0 }).length === 0) valid.push(clash);
  }
  return valid;
}

test('operations that are known to have killed it, do so as they are, and not as they are handed over', async () => {
  const { sdl } = shelves;
  expect((await abortsOver({ sdl, operations: KILLERS.slice(0, 1), asTheyAre: true })).length).toBe(1);
  expect(await abortsOver({ sdl, operations: KILLERS, asTheyAre: false })).toEqual([]);
});

test.each(['shelves', ...(LONG ? SUPERGRAPHS : [])] as const)(
  'operations by chance over %s',
  async (name) => {
    const { sdl, apiSchema } = name === 'shelves' ? shelves : supergraphNamed(name).supergraph;
    const operations = clashing(apiSchema, name, VALID);
    expect(await abortsOver({ sdl, operations, asTheyAre: false })).toEqual([]);
  },
  600_000,
);
