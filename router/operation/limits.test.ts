import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { DEFAULT_LIMITS, exceededLimit, sizeOf } from './limits.ts';

describe('the size of a document', () => {
  test.each([
    ['{ a }', 1, 1],
    ['{ a { b { c } d } }', 3, 4],
    ['{ a { ... { b } ... on T { c { d } } } }', 3, 4],
    ['{ a { ...F ...F } } fragment F on T { b { c } }', 3, 5],
    ['{ a(x: [[{ y: [1] }]]) }', 5, 1],
    ['query A { a } query B { a { b } }', 2, 2],
    ['{ ...A } fragment A on T { a ...B } fragment B on T { ...A b }', 1, 2],
    ['{ ...Missing }', 0, 0],
    ['fragment F on T { a }', 0, 0],
  ])('%s', (text, depth, height) => {
    expect(sizeOf(parse(text))).toMatchObject({ depth, height });
  });

  test.each([
    ['{ a x: a y: a { z: b } }', { aliases: 3, rootFields: 3 }],
    ['{ ...F ...F } fragment F on Query { x: a b }', { aliases: 2, rootFields: 4 }],
    ['{ ... { a { b c } } d }', { rootFields: 2 }],
    ['query A { a } query B { a b }', { rootFields: 2 }],
    ['query ($v: Int @d) @d { a @d @d ... @d { b @d } ...F @d } fragment F on Q @d { c }', { directives: 8 }],
    ['{ a { ...F ...F } } fragment F on T { b @d }', { directives: 2 }],
  ])('%s, by what stands in it', (text, parts) => {
    expect(sizeOf(parse(text))).toMatchObject(parts);
  });

  test('is found at once when fragments double thirty times', () => {
    const fragments = Array.from(
      { length: 30 },
      (_, n) => `fragment F${n} on T { ...F${n + 1} ...F${n + 1} }`,
    );
    expect(sizeOf(parse(`{ ...F0 } ${fragments.join(' ')} fragment F30 on T { x: a @d }`))).toEqual({
      depth: 1,
      height: 2 ** 30,
      aliases: 2 ** 30,
      rootFields: 2 ** 30,
      directives: 2 ** 30,
    });
  });
});

describe('a limit', () => {
  const limits = { ...DEFAULT_LIMITS, maxDepth: 2, maxHeight: 4, maxAliases: 1, maxRootFields: 2 };
  const told = (text: string) => exceededLimit(parse(text), { ...limits, maxDirectives: 1 });

  test.each([
    ['{ a { b { c } } }', 'is 3 levels deep; at most 2 are allowed (ROUTER_MAX_DEPTH)'],
    ['{ a { b c d e } }', 'has 5 fields; at most 4 are allowed (ROUTER_MAX_HEIGHT)'],
    ['{ x: a y: a }', 'has 2 aliases; at most 1 are allowed (ROUTER_MAX_ALIASES)'],
    ['{ a b c }', 'has 3 root fields; at most 2 are allowed (ROUTER_MAX_ROOT_FIELDS)'],
    ['{ a @d @d }', 'has 2 directives; at most 1 are allowed (ROUTER_MAX_DIRECTIVES)'],
  ])('that %s breaks is told with its value and its setting', (text, sentence) => {
    expect(told(text)).toBe(`The operation ${sentence}`);
  });

  test('that is just kept is no matter', () => {
    expect(told('{ x: a @d { b } c }')).toBeUndefined();
  });
});
