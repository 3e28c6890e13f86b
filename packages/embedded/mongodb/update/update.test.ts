import { describe, expect, test } from '@jest/globals';
import { Decimal128, Double, Long, Timestamp } from 'bson';
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
