import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { sizeOf } from './limits.ts';

const size = (text: string) => sizeOf(parse(text));

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
  ])('%s', (text, depth, fields) => {
    expect(size(text)).toEqual({ depth, fields });
  });

  test('is found at once when fragments double thirty times', () => {
    const fragments = Array.from(
      { length: 30 },
      (_, n) => `fragment F${n} on T { ...F${n + 1} ...F${n + 1} }`,
    );
    expect(size(`{ ...F0 } ${fragments.join(' ')} fragment F30 on T { a }`)).toEqual({
      depth: 1,
      fields: 2 ** 30,
    });
  });
});
