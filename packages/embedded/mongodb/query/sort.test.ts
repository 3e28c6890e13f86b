import { describe, expect, test } from '@jest/globals';
import { Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { makeCollator } from '../values/collation.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileSort, sortDocs } from './sort.ts';

const order = (spec: Doc, values: Value[]) =>
  sortDocs(
    values.map((a, i) => ({ i, a })),
    spec,
    {},
  ).map((doc) => doc.i);

describe('sorting', () => {
  test('types in the order of BSON, whatever the values', () => {
    const ascending: Value[] = [
      new MinKey(),
      [],
      null,
      Number.NaN,
      -1,
      Decimal128.fromString('0.5'),
      Long.fromNumber(1),
      'a',
      'b',
      {},
      { a: 1 },
      new ObjectId(),
      false,
      true,
      new Date(0),
      new Timestamp({ t: 1, i: 1 }),
      new MaxKey(),
    ];
    expect(order({ a: 1 }, ascending)).toEqual([...ascending.keys()]);
    expect(order({ a: -1 }, ascending)).toEqual([...ascending.keys()].reverse());
  });

  test('missing is null, and equals stay in their order', () => {
    const docs: Doc[] = [{ i: 0, a: null }, { i: 1 }, { i: 2, a: 1 }, { i: 3 }];
    expect(sortDocs(docs, { a: 1 }, {}).map((doc) => doc.i)).toEqual([0, 1, 3, 2]);
    expect(sortDocs(docs, { a: -1 }, {}).map((doc) => doc.i)).toEqual([2, 0, 1, 3]);
  });

  test('an array sorts by its lowest element, descending by its highest', () => {
    const arrays: Value[] = [[5, 9], 6, [1, 7]];
    expect(order({ a: 1 }, arrays)).toEqual([2, 0, 1]);
    expect(order({ a: -1 }, arrays)).toEqual([0, 2, 1]);
  });

  test('dotted paths reach into arrays', () => {
    const values: Value[] = [{ b: 2 }, [{ b: 3 }, { b: 1 }], [{ b: 5 }]];
    expect(order({ 'a.b': 1 }, values)).toEqual([1, 0, 2]);
  });

  test('several keys', () => {
    const compare = compileSort({ a: 1, b: -1 }, {});
    const docs: Doc[] = [
      { a: 1, b: 1 },
      { a: 0, b: 1 },
      { a: 1, b: 2 },
    ];
    expect([...docs].sort(compare)).toEqual([docs[1], docs[2], docs[0]]);
  });

  test('keys that share an array come from one element', () => {
    const docs: Doc[] = [
      {
        i: 0,
        a: [
          { x: 1, y: 9 },
          { x: 2, y: 0 },
        ],
      },
      { i: 1, a: [{ x: 1, y: 5 }] },
      { i: 2, a: [] },
      { i: 3, a: [{ x: 1, y: [7, 8] }, 4] },
    ];
    const sorted = (spec: Doc) => sortDocs(docs, spec, {}).map((doc) => doc.i);
    expect(sorted({ 'a.x': 1, 'a.y': 1 })).toEqual([2, 3, 1, 0]);
    expect(sorted({ 'a.x': -1, 'a.y': 1 })).toEqual([0, 1, 3, 2]);
  });

  test('an index in a path means that element, beside what the array is spread for', () => {
    const docs: Doc[] = [
      { i: 0, a: [{ x: 1, y: 9 }, { x: 2 }] },
      { i: 1, a: [{ x: 3, y: 5 }, { x: 1 }] },
    ];
    expect(sortDocs(docs, { 'a.0.y': 1, 'a.x': 1, a: 1 }, {}).map((doc) => doc.i)).toEqual([1, 0]);
  });

  test('keys from two arrays at once are refused', () => {
    const docs: Doc[] = [{ a: [1, 2], b: [3, 4] }, {}];
    expect(() => sortDocs(docs, { a: 1, b: 1 }, {})).toThrow(
      expect.objectContaining({ code: 2, message: 'cannot sort with keys that are parallel arrays' }),
    );
  });

  test('by a collation', () => {
    const collator = makeCollator({ locale: 'en', strength: 1 })!;
    const docs: Doc[] = [{ a: 'Z' }, { a: 'b' }, { a: 'A' }];
    expect(sortDocs(docs, { a: 1 }, { collator }).map((doc) => doc.a)).toEqual(['A', 'b', 'Z']);
  });

  test.each<[Doc, number]>([
    [{ a: 'x' }, 15974],
    [{ a: 2 }, 15975],
    [{ a: 0 }, 15975],
    [{ a: { $meta: 'textScore' } }, 40218],
    [{ a: { $meta: 'nope' } }, 31138],
    [{ a: { b: 1 } }, 17312],
    [{ '': 1 }, 40352],
    [{ 'a.': 1 }, 40353],
    [{ 'a..b': 1 }, 15998],
    [{ $a: 1 }, 16410],
    [Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`a${i}`, 1])), 2],
  ])('%j is refused with %i', (spec, code) => {
    expect(() => compileSort(spec, {})).toThrow(expect.objectContaining({ code }));
  });
});
