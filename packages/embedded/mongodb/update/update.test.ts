import { describe, expect, test } from '@jest/globals';
import { BSONRegExp, Decimal128, Double, Long, Timestamp } from 'bson';
import { makeCollator } from '../values/collation.ts';
import { identical } from '../values/identical.ts';
import { kindOf } from '../values/kind.ts';
import type { Doc } from '../values/types.ts';
import { compileUpdate } from './update.ts';

const change = (doc: Doc, update: Doc, filter: Doc = {}, arrayFilters?: Doc[]) =>
  compileUpdate(update, arrayFilters ? { filter, arrayFilters } : { filter }).apply(doc);

type Row = [name: string, before: Doc, update: Doc, after: Doc];

describe('field operators', () => {
  test.each<Row>([
    ['$set', { _id: 1, a: 1 }, { $set: { a: 2 } }, { _id: 1, a: 2 }],
    ['$set makes the way', { _id: 1 }, { $set: { 'a.b.c': 2 } }, { _id: 1, a: { b: { c: 2 } } }],
    ['$set replaces a document', { _id: 1, a: { b: 1 } }, { $set: { a: {} } }, { _id: 1, a: {} }],
    ['$set in an array', { _id: 1, a: [1, 2] }, { $set: { 'a.1': 9 } }, { _id: 1, a: [1, 9] }],
    ['$set pads an array', { _id: 1, a: [1] }, { $set: { 'a.3': 9 } }, { _id: 1, a: [1, null, null, 9] }],
    ['$set below an element', { _id: 1, a: [{ b: 1 }] }, { $set: { 'a.0.b': 2 } }, { _id: 1, a: [{ b: 2 }] }],
    ['a number makes a field where nothing is', { _id: 1 }, { $set: { 'a.0': 2 } }, { _id: 1, a: { 0: 2 } }],
    ['new fields come by name', { _id: 1 }, { $set: { c: 1, a: 2, B: 3 } }, { _id: 1, B: 3, a: 2, c: 1 }],
    ['across operators', { _id: 1 }, { $set: { c: 1 }, $inc: { a: 2 } }, { _id: 1, a: 2, c: 1 }],
    [
      'numbers by value',
      { _id: 1, a: {} },
      { $set: { 'a.b10': 1, 'a.b9': 2 } },
      { _id: 1, a: { b10: 1, b9: 2 } },
    ],
    ['$unset', { _id: 1, a: 1, b: { c: 1, d: 2 } }, { $unset: { a: '', 'b.c': 1 } }, { _id: 1, b: { d: 2 } }],
    ['$unset of an element', { _id: 1, a: [1, 2] }, { $unset: { 'a.0': '' } }, { _id: 1, a: [null, 2] }],
    ['$unset of nothing', { _id: 1, a: 1 }, { $unset: { 'a.b': '', c: '' } }, { _id: 1, a: 1 }],
    ['$setOnInsert of a match', { _id: 1 }, { $setOnInsert: { a: 1 } }, { _id: 1 }],
    ['$min', { _id: 1, a: 5, b: 5 }, { $min: { a: 3, b: 9 } }, { _id: 1, a: 3, b: 5 }],
    ['$max across types', { _id: 1, a: 5 }, { $max: { a: 'x' } }, { _id: 1, a: 'x' }],
    ['$min of a missing field', { _id: 1 }, { $min: { a: 3 } }, { _id: 1, a: 3 }],
    ['$rename', { _id: 1, a: 1, b: 2 }, { $rename: { a: 'c' } }, { _id: 1, b: 2, c: 1 }],
    [
      '$rename into depth',
      { _id: 1, a: { b: 2 } },
      { $rename: { 'a.b': 'c.d' } },
      { _id: 1, a: {}, c: { d: 2 } },
    ],
    ['$rename over a field', { _id: 1, a: 1, b: 2 }, { $rename: { a: 'b' } }, { _id: 1, b: 1 }],
    ['$rename of nothing', { _id: 1, b: 2 }, { $rename: { a: 'b' } }, { _id: 1, b: 2 }],
    [
      '__proto__ is a field',
      { _id: 1 },
      { $set: { '__proto__.x': 1 } },
      JSON.parse('{"_id":1,"__proto__":{"x":1}}'),
    ],
    [
      'constructor is a field',
      { _id: 1 },
      { $inc: { 'constructor.name': 1 } },
      { _id: 1, constructor: { name: 1 } } as never,
    ],
  ])('%s', (_, before, update, after) => {
    const result = change(before, update);
    expect(result).toEqual(after);
    expect(Object.keys(result)).toEqual(Object.keys(after));
  });

  test('$currentDate', () => {
    const result = change(
      { _id: 1 },
      { $currentDate: { a: true, b: { $type: 'timestamp' }, c: { $type: 'date' } } },
    );
    expect([kindOf(result.a), kindOf(result.b), kindOf(result.c)]).toEqual(['date', 'timestamp', 'date']);
    expect(Date.now() - (result.a as Date).getTime()).toBeLessThan(10_000);
  });
});

describe('arithmetic keeps types', () => {
  const long = (n: string) => Long.fromString(n);
  const decimal = (n: string) => Decimal128.fromString(n);
  test.each<Row>([
    ['int + int', { _id: 1, a: 1 }, { $inc: { a: 2 } }, { _id: 1, a: 3 }],
    [
      'int overflows to long',
      { _id: 1, a: 2147483647 },
      { $inc: { a: 1 } },
      { _id: 1, a: long('2147483648') },
    ],
    ['int + long', { _id: 1, a: 1 }, { $inc: { a: long('2') } }, { _id: 1, a: long('3') }],
    ['long + double', { _id: 1, a: long('1') }, { $inc: { a: 0.5 } }, { _id: 1, a: 1.5 }],
    ['double stays double', { _id: 1, a: 0.5 }, { $inc: { a: 0.5 } }, { _id: 1, a: new Double(1) }],
    [
      'decimal is exact',
      { _id: 1, a: decimal('0.1') },
      { $inc: { a: decimal('0.2') } },
      { _id: 1, a: decimal('0.3') },
    ],
    ['int + decimal', { _id: 1, a: 1 }, { $inc: { a: decimal('0.10') } }, { _id: 1, a: decimal('1.10') }],
    ['a missing field takes the operand', { _id: 1 }, { $inc: { a: long('2') } }, { _id: 1, a: long('2') }],
    ['$mul', { _id: 1, a: 3 }, { $mul: { a: decimal('1.5') } }, { _id: 1, a: decimal('4.5') }],
    ['$mul of a missing field', { _id: 1 }, { $mul: { a: new Double(2) } }, { _id: 1, a: new Double(0) }],
    [
      '$mul overflows to long',
      { _id: 1, a: 65536 },
      { $mul: { a: 65536 } },
      { _id: 1, a: long('4294967296') },
    ],
    ['$bit and', { _id: 1, a: 13 }, { $bit: { a: { and: 10 } } }, { _id: 1, a: 8 }],
    ['$bit or and xor', { _id: 1, a: 8 }, { $bit: { a: { or: 3, xor: 1 } } }, { _id: 1, a: 10 }],
    [
      '$bit with a long',
      { _id: 1, a: 1 },
      { $bit: { a: { or: long('4294967296') } } },
      { _id: 1, a: long('4294967297') },
    ],
    ['$bit of a missing field', { _id: 1 }, { $bit: { a: { or: 5 } } }, { _id: 1, a: 5 }],
  ])('%s', (_, before, update, after) => {
    expect(identical(change(before, update), after)).toBe(true);
  });
});

describe('array operators', () => {
  test.each<Row>([
    ['$push', { _id: 1, a: [1] }, { $push: { a: [2] } }, { _id: 1, a: [1, [2]] }],
    ['$push makes the array', { _id: 1 }, { $push: { 'a.b': 1 } }, { _id: 1, a: { b: [1] } }],
    ['$each', { _id: 1, a: [1] }, { $push: { a: { $each: [2, 3] } } }, { _id: 1, a: [1, 2, 3] }],
    [
      '$position',
      { _id: 1, a: [1, 2] },
      { $push: { a: { $each: [9], $position: 1 } } },
      { _id: 1, a: [1, 9, 2] },
    ],
    [
      '$position from the end',
      { _id: 1, a: [1, 2, 3] },
      { $push: { a: { $each: [9], $position: -1 } } },
      { _id: 1, a: [1, 2, 9, 3] },
    ],
    [
      '$position far before',
      { _id: 1, a: [1] },
      { $push: { a: { $each: [9], $position: -5 } } },
      { _id: 1, a: [9, 1] },
    ],
    [
      '$slice',
      { _id: 1, a: [1, 2] },
      { $push: { a: { $each: [3, 4], $slice: 3 } } },
      { _id: 1, a: [1, 2, 3] },
    ],
    [
      '$slice from the end',
      { _id: 1, a: [1, 2] },
      { $push: { a: { $each: [3, 4], $slice: -3 } } },
      { _id: 1, a: [2, 3, 4] },
    ],
    ['$slice to nothing', { _id: 1, a: [1] }, { $push: { a: { $each: [], $slice: 0 } } }, { _id: 1, a: [] }],
    ['$sort', { _id: 1, a: [3, 1] }, { $push: { a: { $each: [2], $sort: -1 } } }, { _id: 1, a: [3, 2, 1] }],
    [
      '$sort by a field, then $slice',
      { _id: 1, a: [{ s: 5 }, { s: 9 }] },
      { $push: { a: { $each: [{ s: 7 }, {}], $sort: { s: 1 }, $slice: -3 } } },
      { _id: 1, a: [{ s: 5 }, { s: 7 }, { s: 9 }] },
    ],
    ['$addToSet', { _id: 1, a: [1, 2] }, { $addToSet: { a: 2 } }, { _id: 1, a: [1, 2] }],
    ['$addToSet by value', { _id: 1, a: [1] }, { $addToSet: { a: Long.fromNumber(1) } }, { _id: 1, a: [1] }],
    ['$addToSet of an array', { _id: 1, a: [1] }, { $addToSet: { a: [1] } }, { _id: 1, a: [1, [1]] }],
    [
      '$addToSet $each',
      { _id: 1, a: [1] },
      { $addToSet: { a: { $each: [1, 2, 2] } } },
      { _id: 1, a: [1, 2] },
    ],
    [
      '$addToSet many',
      { _id: 1, a: [1, 5] },
      { $addToSet: { a: { $each: [0, 1, 2, 3, 4, 5, 6, 7, 8] } } },
      { _id: 1, a: [1, 5, 0, 2, 3, 4, 6, 7, 8] },
    ],
    ['$addToSet makes the set', { _id: 1 }, { $addToSet: { a: { $each: [1, 1] } } }, { _id: 1, a: [1] }],
    ['$pop', { _id: 1, a: [1, 2] }, { $pop: { a: 1 } }, { _id: 1, a: [1] }],
    ['$pop of the first', { _id: 1, a: [1, 2] }, { $pop: { a: -1 } }, { _id: 1, a: [2] }],
    ['$pop of nothing', { _id: 1, a: [] }, { $pop: { a: 1, b: 1 } }, { _id: 1, a: [] }],
    ['$pull of a value', { _id: 1, a: [1, 2, 1] }, { $pull: { a: 1 } }, { _id: 1, a: [2] }],
    ['$pull of an array', { _id: 1, a: [[1], 1] }, { $pull: { a: [1] } }, { _id: 1, a: [1] }],
    [
      '$pull by a condition',
      { _id: 1, a: [1, 5, [6], 'x'] },
      { $pull: { a: { $gt: 3 } } },
      { _id: 1, a: [1, 'x'] },
    ],
    ['$pull by $in', { _id: 1, a: [1, 2, 3] }, { $pull: { a: { $in: [1, 3] } } }, { _id: 1, a: [2] }],
    [
      '$pull by a regex',
      { _id: 1, a: ['ab', 'b'] },
      { $pull: { a: new BSONRegExp('^a') } },
      { _id: 1, a: ['b'] },
    ],
    [
      '$pull of documents',
      { _id: 1, a: [{ b: 1, c: 1 }, { b: 2 }, 1] },
      { $pull: { a: { b: 1 } } },
      { _id: 1, a: [{ b: 2 }, 1] },
    ],
    [
      '$pull of documents by a condition',
      { _id: 1, a: [{ b: 1 }, { b: 9 }] },
      { $pull: { a: { b: { $gt: 5 } } } },
      { _id: 1, a: [{ b: 1 }] },
    ],
    [
      '$pull by $or',
      { _id: 1, a: [{ b: 1 }, { c: 1 }, {}] },
      { $pull: { a: { $or: [{ b: 1 }, { c: 1 }] } } },
      { _id: 1, a: [{}] },
    ],
    ['$pull of nothing', { _id: 1 }, { $pull: { a: 1 } }, { _id: 1 }],
    ['$pullAll', { _id: 1, a: [1, 2, 1, 3] }, { $pullAll: { a: [1, 3] } }, { _id: 1, a: [2] }],
  ])('%s', (_, before, update, after) => {
    expect(change(before, update)).toEqual(after);
  });

  test('a collation decides what is in a set', () => {
    const collator = makeCollator({ locale: 'en', strength: 2 })!;
    const update = compileUpdate({ $addToSet: { a: 'X' }, $pull: { b: 'Y' } }, { filter: {}, collator });
    expect(update.apply({ a: ['x'], b: ['y'] })).toEqual({ a: ['x'], b: [] });
  });
});

describe('positions in arrays', () => {
  type PositionRow = [string, Doc, Doc, Doc, Doc[] | undefined, Doc];
  test.each<PositionRow>([
    ['$', { _id: 1, a: [1, 5, 5] }, { a: 5 }, { $set: { 'a.$': 9 } }, undefined, { _id: 1, a: [1, 9, 5] }],
    [
      '$ below an element',
      { _id: 1, a: [{ b: 1 }, { b: 2 }] },
      { 'a.b': 2 },
      { $set: { 'a.$.c': 9 } },
      undefined,
      { _id: 1, a: [{ b: 1 }, { b: 2, c: 9 }] },
    ],
    [
      '$ of $elemMatch',
      {
        _id: 1,
        a: [
          { b: 1, c: 1 },
          { b: 1, c: 2 },
        ],
      },
      { a: { $elemMatch: { b: 1, c: 2 } } },
      { $inc: { 'a.$.c': 1 } },
      undefined,
      {
        _id: 1,
        a: [
          { b: 1, c: 1 },
          { b: 1, c: 3 },
        ],
      },
    ],
    ['$[]', { _id: 1, a: [1, 2] }, {}, { $inc: { 'a.$[]': 10 } }, undefined, { _id: 1, a: [11, 12] }],
    [
      '$[] in $[]',
      { _id: 1, a: [{ b: [1, 2] }, { b: [3] }] },
      {},
      { $mul: { 'a.$[].b.$[]': 2 } },
      undefined,
      { _id: 1, a: [{ b: [2, 4] }, { b: [6] }] },
    ],
    [
      '$[identifier]',
      { _id: 1, a: [1, 5, 7] },
      {},
      { $set: { 'a.$[big]': 0 } },
      [{ big: { $gte: 5 } }],
      { _id: 1, a: [1, 0, 0] },
    ],
    [
      '$[identifier] on documents',
      {
        _id: 1,
        a: [
          { b: 1, c: 1 },
          { b: 2, c: 1 },
        ],
      },
      {},
      { $inc: { 'a.$[x].c': 1 } },
      [{ 'x.b': 2, 'x.c': { $lt: 5 } }],
      {
        _id: 1,
        a: [
          { b: 1, c: 1 },
          { b: 2, c: 2 },
        ],
      },
    ],
    [
      'identifiers at two levels',
      {
        _id: 1,
        a: [
          { b: 0, c: [{ d: 0 }, { d: 1 }] },
          { b: 1, c: [{ d: 0 }] },
        ],
      },
      {},
      { $set: { 'a.$[i].c.$[j].d': 2 } },
      [{ 'i.b': 0 }, { 'j.d': 0 }],
      {
        _id: 1,
        a: [
          { b: 0, c: [{ d: 2 }, { d: 1 }] },
          { b: 1, c: [{ d: 0 }] },
        ],
      },
    ],
    [
      'two identifiers on one element',
      { _id: 1, a: [{ b: 1 }] },
      {},
      { $set: { 'a.$[x].c': 1, 'a.$[y].d': 2 } },
      [{ 'x.b': 1 }, { 'y.b': { $gt: 0 } }],
      { _id: 1, a: [{ b: 1, c: 1, d: 2 }] },
    ],
    [
      'a filter by $or',
      { _id: 1, a: [0, 1, 3] },
      {},
      { $set: { 'a.$[i]': 2 } },
      [{ $or: [{ i: 0 }, { i: 3 }] }],
      { _id: 1, a: [2, 1, 2] },
    ],
    [
      '$unset of elements',
      { _id: 1, a: [1, 2] },
      {},
      { $unset: { 'a.$[]': '' } },
      undefined,
      { _id: 1, a: [null, null] },
    ],
  ])('%s', (_, before, filter, update, arrayFilters, after) => {
    expect(change(before, update, filter, arrayFilters)).toEqual(after);
  });
});

describe('nothing to change gives the same document', () => {
  test.each<[string, Doc, Doc]>([
    ['$set of the same', { _id: 1, a: { b: [1] } }, { $set: { a: { b: [1] } } }],
    ['$inc by 0', { _id: 1, a: 1 }, { $inc: { a: 0 } }],
    ['$max of less', { _id: 1, a: 1 }, { $max: { a: 0 } }],
    ['$unset of nothing', { _id: 1 }, { $unset: { a: 1 } }],
    ['$pull of nothing', { _id: 1, a: [1] }, { $pull: { a: 2 } }],
    ['$addToSet of a member', { _id: 1, a: [1] }, { $addToSet: { a: 1 } }],
    ['$push of no item', { _id: 1, a: [1] }, { $push: { a: { $each: [] } } }],
    ['$setOnInsert', { _id: 1 }, { $setOnInsert: { a: 1 } }],
    ['$bit', { _id: 1, a: 1 }, { $bit: { a: { or: 1 } } }],
    ['$rename of nothing', { _id: 1 }, { $rename: { a: 'b' } }],
    ['an empty operator', { _id: 1 }, { $set: {} }],
    ['the same replacement', { _id: 1, a: 1 }, { _id: 1, a: 1 }],
    ['$[] without elements', { _id: 1, a: [] }, { $inc: { 'a.$[]': 1 } }],
  ])('%s', (_, doc, update) => {
    expect(change(doc, update)).toBe(doc);
  });

  test('another type is a change', () => {
    const doc: Doc = { _id: 1, a: 1 };
    const result = change(doc, { $set: { a: new Double(1) } });
    expect(kindOf(result.a)).toBe('double');
    expect(kindOf(doc.a)).toBe('int');
  });

  test('what was not touched is shared, what was is not', () => {
    const doc: Doc = { _id: 1, a: { b: 1 }, c: { d: 1 } };
    const result = change(doc, { $set: { 'c.d': 2 } });
    expect(result.a).toBe(doc.a);
    expect(doc.c).toEqual({ d: 1 });
  });
});

describe('replacement', () => {
  test('keeps the _id, in front', () => {
    const update = compileUpdate({ b: 1 }, { filter: {} });
    expect(update.isReplacement).toBe(true);
    expect(Object.entries(update.apply({ _id: 1, a: 1 }))).toEqual([
      ['_id', 1],
      ['b', 1],
    ]);
    expect(Object.keys(change({ _id: 1 }, { b: 1, _id: 1 }))).toEqual(['_id', 'b']);
  });

  test('an empty timestamp becomes the time', () => {
    const { t } = change({ _id: 1 }, { t: new Timestamp({ t: 0, i: 0 }) });
    expect((t as Timestamp).t).toBeGreaterThan(1_500_000_000);
  });

  test('dots and dollars are allowed inside', () => {
    expect(change({ _id: 1 }, { a: { $b: 1, 'c.d': 2 }, 'e.f': 3 })).toEqual({
      _id: 1,
      a: { $b: 1, 'c.d': 2 },
      'e.f': 3,
    });
  });
});

describe('upsert', () => {
  const upsert = (filter: Doc, update: Doc) => compileUpdate(update, { filter }).upsert();
  test.each<[string, Doc, Doc, Doc]>([
    ['equalities become fields', { b: 1, a: { $eq: 2 } }, { $set: { c: 3 } }, { a: 2, b: 1, c: 3 }],
    ['_id in front', { b: 1, _id: 7 }, { $set: { a: 3 } }, { _id: 7, b: 1, a: 3 }],
    ['$and', { $and: [{ a: 1 }, { 'b.c': 2 }] }, { $inc: { n: 1 } }, { a: 1, b: { c: 2 }, n: 1 }],
    ['$in of one', { a: { $in: [5] } }, { $set: { b: 1 } }, { a: 5, b: 1 }],
    ['$in of two says nothing', { a: { $in: [5, 6] } }, { $set: { b: 1 } }, { b: 1 }],
    ['$or of one', { $or: [{ a: 5 }] }, { $set: { b: 1 } }, { a: 5, b: 1 }],
    ['ranges say nothing', { a: { $gt: 5 }, b: { $ne: 1 } }, { $set: { c: 1 } }, { c: 1 }],
    ['a regex says nothing', { a: new BSONRegExp('x') }, { $set: { c: 1 } }, { c: 1 }],
    ['$setOnInsert', { a: 1 }, { $setOnInsert: { b: 2 }, $set: { c: 3 } }, { a: 1, b: 2, c: 3 }],
    ['the update may change what the filter said', { a: 1 }, { $set: { a: 2 } }, { a: 2 }],
    ['$inc on what the filter said', { a: 1 }, { $inc: { a: 2 } }, { a: 3 }],
    ['a replacement takes the _id only', { _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
    ['a replacement without _id', { a: 1 }, { b: 2 }, { b: 2 }],
    ['$set of an _id', { a: 1 }, { $set: { _id: 5 } }, { _id: 5, a: 1 }],
    ['numbers in paths are names', { 'a.0': 1 }, { $set: { b: 1 } }, { a: { 0: 1 }, b: 1 }],
  ])('%s', (_, filter, update, expected) => {
    const result = upsert(filter, update);
    expect(result).toEqual(expected);
    expect(Object.keys(result)).toEqual(Object.keys(expected));
  });

  test.each<[Doc, Doc, number, string]>([
    [
      { $and: [{ a: 1 }, { a: 2 }] },
      { $set: { b: 1 } },
      54,
      "cannot infer query fields to set, path 'a' is matched twice",
    ],
    [
      { a: { b: 1 }, 'a.b': 1 },
      { $set: { c: 1 } },
      54,
      "cannot infer query fields to set, both paths 'a.b' and 'a' are matched",
    ],
    [
      { _id: 1 },
      { $set: { _id: 2 } },
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    ],
    [
      { '_id.a': 1 },
      { b: 1 },
      111,
      "field at '_id' must be exactly specified, field at sub-path '_id.a'found",
    ],
    [
      { $expr: { $eq: ['$a', 1] } },
      { $set: { b: 1 } },
      224,
      '$expr is not allowed in the query predicate for an upsert',
    ],
    [{}, { $set: { _id: [1] } }, 53, "The '_id' value cannot be of type array"],
    [
      { a: 1 },
      { $set: { 'a.$': 1 } },
      2,
      'The positional operator did not find the match needed from the query.',
    ],
  ])('%j with %j is refused', (filter, update, code, message) => {
    expect(() => upsert(filter, update)).toThrow(expect.objectContaining({ code, message }));
  });
});

describe('errors', () => {
  type ErrorRow = [doc: Doc, update: Doc, code: number, message: string];
  test.each<ErrorRow>([
    [
      { _id: 1 },
      { $foo: { a: 1 } },
      9,
      'Unknown modifier: $foo. Expected a valid update modifier or pipeline-style update specified as an array',
    ],
    [
      { _id: 1 },
      { $set: { a: 1 }, b: 1 },
      9,
      'Unknown modifier: b. Expected a valid update modifier or pipeline-style update specified as an array',
    ],
    [
      { _id: 1 },
      { $set: 1 },
      9,
      'Modifiers operate on fields but we found type int instead. For example: {$mod: {<field>: ...}} not {$set: 1}',
    ],
    [
      { _id: 1 },
      { $set: { a: 1 }, $inc: { a: 1 } },
      40,
      "Updating the path 'a' would create a conflict at 'a'",
    ],
    [{ _id: 1 }, { $set: { a: 1, 'a.b': 1 } }, 40, "Updating the path 'a.b' would create a conflict at 'a'"],
    [{ _id: 1 }, { $set: { 'a.b': 1, a: 1 } }, 40, "Updating the path 'a' would create a conflict at 'a'"],
    [
      { _id: 1 },
      { $rename: { a: 'b' }, $set: { b: 1 } },
      40,
      "Updating the path 'b' would create a conflict at 'b'",
    ],
    [
      { _id: 1 },
      { $set: { 'a.$[]': 1, 'a.0': 1 } },
      40,
      "Updating the path 'a.0' would create a conflict at 'a'",
    ],
    [{ _id: 1 }, { $set: { '': 1 } }, 56, 'An empty update path is not valid.'],
    [
      { _id: 1 },
      { $set: { 'a..b': 1 } },
      56,
      "The update path 'a..b' contains an empty field name, which is not allowed.",
    ],
    [{ _id: 1, a: 1 }, { $set: { 'a.x': 1 } }, 28, "Cannot create field 'x' in element {a: 1}"],
    [{ _id: 1, a: [1] }, { $set: { 'a.x': 1 } }, 28, "Cannot create field 'x' in element {a: [ 1 ]}"],
    [
      { _id: 1, a: { b: 's' } },
      { $inc: { 'a.b.c.d': 1 } },
      28,
      'Cannot create field \'c\' in element {b: "s"}',
    ],
    [
      { _id: 1, a: 1 },
      { $pop: { 'a.b': 1 } },
      28,
      'Cannot use the part (b) of (a.b) to traverse the element ({a: 1})',
    ],
    [{ _id: 1, a: [] }, { $set: { 'a.1500001': 1 } }, 34, "can't backfill more than 1500000 elements"],
    [
      { _id: 1, a: 'x' },
      { $inc: { a: 1 } },
      14,
      "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string",
    ],
    [{ _id: 1 }, { $inc: { a: 'x' } }, 14, 'Cannot increment with non-numeric argument: {a: "x"}'],
    [{ _id: 1 }, { $mul: { a: null } }, 14, 'Cannot multiply with non-numeric argument: {a: null}'],
    [
      { _id: 1, a: Long.MAX_VALUE },
      { $inc: { a: 1 } },
      2,
      'Failed to apply $inc operations to current value ((NumberLong)9223372036854775807) for document {_id: 1}',
    ],
    [
      { _id: 1, a: 1.5 },
      { $bit: { a: { or: 1 } } },
      2,
      'Cannot apply $bit to a value of non-integral type._id: 1 has the field a of non-integer type double',
    ],
    [
      { _id: 1 },
      { $bit: { a: { nand: 1 } } },
      2,
      "The $bit modifier only supports 'and', 'or', and 'xor', not 'nand' which is an unknown operator: {nand: 1}",
    ],
    [
      { _id: 1, a: 1 },
      { $push: { a: 1 } },
      2,
      "The field 'a' must be an array but is of type int in document {_id: 1}",
    ],
    [
      { _id: 1 },
      { $push: { a: { $each: 1 } } },
      2,
      'The argument to $each in $push must be an array but it was of type: int',
    ],
    [{ _id: 1 }, { $push: { a: { $each: [], $foo: 1 } } }, 2, 'Unrecognized clause in $push: $foo'],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $slice: 'x' } } },
      2,
      'The value for $slice must be an integer value but was given type: string',
    ],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $position: 0.5 } } },
      2,
      'The value for $position must be an integer value, not of type: double',
    ],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $sort: 2 } } },
      2,
      'The $sort element value must be either 1 or -1',
    ],
    [
      { _id: 1, a: 1 },
      { $addToSet: { a: 1 } },
      2,
      "Cannot apply $addToSet to non-array field. Field named 'a' has non-array type int",
    ],
    [{ _id: 1, a: 1 }, { $pull: { a: 1 } }, 2, 'Cannot apply $pull to a non-array value'],
    [{ _id: 1 }, { $pullAll: { a: 1 } }, 2, '$pullAll requires an array argument but was given a int'],
    [{ _id: 1, a: 1 }, { $pop: { a: 1 } }, 14, "Path 'a' contains an element of non-array type 'int'"],
    [{ _id: 1 }, { $pop: { a: 2 } }, 9, '$pop expects 1 or -1, found: 2'],
    [{ _id: 1 }, { $rename: { a: 1 } }, 2, "The 'to' field for $rename must be a string: a: 1"],
    [{ _id: 1 }, { $rename: { a: 'a' } }, 2, 'The source and target field for $rename must differ: a: "a"'],
    [
      { _id: 1 },
      { $rename: { a: 'a.b' } },
      2,
      'The source and target field for $rename must not be on the same path: a: "a.b"',
    ],
    [{ _id: 1 }, { $rename: { 'a.$': 'b' } }, 2, 'The source field for $rename may not be dynamic: a.$'],
    [
      { _id: 1, a: [{ b: 1 }] },
      { $rename: { 'a.0.b': 'c' } },
      2,
      "The source field cannot be an array element, 'a.0.b' in doc with _id: 1 has an array field called 'a'",
    ],
    [
      { _id: 1, a: [{}], c: 1 },
      { $rename: { c: 'a.0.b' } },
      2,
      "The destination field cannot be an array element, 'a.0.b' in doc with _id: 1 has an array field called 'a'",
    ],
    [
      { _id: 1 },
      { $currentDate: { a: 'x' } },
      2,
      "string is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).",
    ],
    [
      { _id: 1 },
      { $set: { _id: 2 } },
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    ],
    [
      { _id: 1 },
      { $unset: { _id: 1 } },
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    ],
    [
      { _id: 1 },
      { $rename: { _id: 'a' } },
      66,
      "Unsetting the path '_id' using $rename would modify the immutable field '_id'",
    ],
    [
      { _id: 1 },
      { _id: 2, a: 1 },
      66,
      "After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2",
    ],
    [
      { _id: 1 },
      { a: 1, $b: 2 },
      52,
      "The dollar ($) prefixed field '$b' in '$b' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.",
    ],
    [
      { _id: 1 },
      { $set: { $b: 2 } },
      52,
      "The dollar ($) prefixed field '$b' in '$b' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.",
    ],
    [
      { _id: 1, a: [1] },
      { $set: { 'a.$': 1 } },
      2,
      'The positional operator did not find the match needed from the query.',
    ],
    [
      { _id: 1 },
      { $set: { $: 1 } },
      2,
      "Cannot have positional (i.e. '$') element in the first position in path '$'",
    ],
    [
      { _id: 1 },
      { $set: { 'a.$.$': 1 } },
      2,
      "Too many positional (i.e. '$') elements found in path 'a.$.$'",
    ],
    [
      { _id: 1 },
      { $set: { 'a.$[]': 1 } },
      2,
      "The path 'a' must exist in the document in order to apply array updates.",
    ],
    [{ _id: 1, a: 1 }, { $set: { 'a.$[]': 1 } }, 2, 'Cannot apply array updates to non-array element a: 1'],
    [{ _id: 1 }, { $set: { 'a.$[x]': 1 } }, 2, "No array filter found for identifier 'x' in path 'a.$[x]'"],
  ])('%j with %j', (doc, update, code, message) => {
    expect(() => change(doc, update)).toThrow(expect.objectContaining({ code, message }));
  });

  test.each<[Doc[], number, string]>([
    [[{ x: 1 }], 9, "The array filter for identifier 'x' was not used in the update { $set: { a.$[]: 1 } }"],
    [
      [{ x: 1, y: 1 }],
      9,
      "Error parsing array filter :: caused by :: Expected a single top-level field name, found 'x' and 'y'",
    ],
    [[{}], 9, 'Cannot use an expression without a top-level field name in arrayFilters'],
    [[{ x: 1 }, { x: 2 }], 9, 'Found multiple array filters with the same top-level field name x'],
    [
      [{ X: 1 }],
      2,
      "Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found 'X'",
    ],
    [[{ x: { $foo: 1 } }], 2, 'Error parsing array filter :: caused by :: unknown operator: $foo'],
  ])('array filters %j', (arrayFilters, code, message) => {
    expect(() => change({ _id: 1, a: [1] }, { $set: { 'a.$[]': 1 } }, {}, arrayFilters)).toThrow(
      expect.objectContaining({ code, message }),
    );
  });

  test('a path too long for a document', () => {
    const path = Array.from({ length: 100_000 }, () => 'a').join('.');
    expect(() => change({ _id: 1 }, { $set: { [path]: 1 } })).toThrow(expect.objectContaining({ code: 15 }));
  });

  test('padding many arrays at once', () => {
    const doc: Doc = { _id: 1 };
    const $set: Doc = {};
    for (let i = 0; i < 20; i++) {
      doc[`a${i}`] = [];
      $set[`a${i}.1400000`] = 1;
    }
    expect(() => change(doc, { $set })).toThrow(expect.objectContaining({ code: 17419 }));
  });

  test('two identifiers that set the same field of one element', () => {
    const arrayFilters: Doc[] = [{ x: 1 }, { y: 1 }];
    expect(() =>
      change({ _id: 1, a: [1] }, { $set: { 'a.$[x]': 2, 'a.$[y]': 3 } }, {}, arrayFilters),
    ).toThrow(expect.objectContaining({ code: 40, message: "Update created a conflict at 'a.0'" }));
  });
});
