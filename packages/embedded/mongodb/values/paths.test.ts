import { describe, expect, test } from '@jest/globals';
import { docFrom, getField } from './fields.ts';
import { arrayIndex, getPath, indexKeys, splitPath, valuesAt } from './paths.ts';
import type { Doc, Value } from './types.ts';

test.each([
  ['0', 0],
  ['17', 17],
  ['01', -1],
  ['-1', -1],
  ['1a', -1],
  ['', -1],
  ['9999999999', -1],
])('%j as an index is %d', (segment, expected) => {
  expect(arrayIndex(segment)).toBe(expected);
});

describe('values at a path', () => {
  test.each<[string, Doc, (Value | undefined)[]]>([
    ['a', { a: 1 }, [1]],
    ['a', {}, [undefined]],
    ['a', { a: [1, 2] }, [1, 2, [1, 2]]],
    ['a.b', { a: [{ b: 1 }, { b: [2] }, 3] }, [1, 2, [2]]],
    ['a.b', { a: [] }, []],
    ['a.b', { a: 5 }, [undefined]],
    ['a.0', { a: [[1]] }, [[1]]],
    ['a.0', { a: [{ 0: 'x' }] }, ['x', { 0: 'x' }]],
  ])('%s in %j', (path, doc, expected) => {
    expect(valuesAt(doc, path)).toEqual(expected);
  });

  test('without spreading the end', () => {
    expect(valuesAt({ a: [1] }, ['a'], false)).toEqual([[1]]);
  });
});

describe('index keys', () => {
  test.each<[string, Doc, (Value | undefined)[]]>([
    ['a', { a: 1 }, [1]],
    ['a', {}, [null]],
    ['a', { a: [] }, [undefined]],
    ['a', { a: [1, [2]] }, [1, [2]]],
    ['a.b', { a: [] }, [null]],
    ['a.b', { a: [{ b: 1 }, 2, {}] }, [1, null, null]],
    ['a.b', { a: 1 }, [null]],
    ['a.0', { a: [5, 6] }, [5]],
    ['a.0', { a: [[5], 6] }, [5]],
    ['a.5', { a: [5, 6] }, [null]],
    ['a.0.b', { a: [{ b: 1 }] }, [1]],
  ])('%s in %j', (path, doc, expected) => {
    expect(indexKeys(doc, splitPath(path))).toEqual(expected);
  });
});

test('inherited properties are never fields', () => {
  const literal: Doc = { a: 1 };
  expect(['constructor', 'toString', '__proto__'].map((name) => getField(literal, name))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(getPath(literal, ['__proto__', 'toString'])).toBeUndefined();
  const doc = docFrom([['__proto__', 5]]);
  expect(getField(doc, '__proto__')).toBe(5);
  expect(getPath({ a: { b: 1 } }, ['a', 'b'])).toBe(1);
});
