import { describe, expect, test } from '@jest/globals';
import { BSONRegExp, Long } from 'bson';
import { makeCollator } from '../values/collation.ts';
import type { Doc } from '../values/types.ts';
import { compileUpdate } from './update.ts';

const change = (doc: Doc, update: Doc, filter: Doc = {}, arrayFilters?: Doc[]) =>
  compileUpdate(update, arrayFilters ? { filter, arrayFilters } : { filter }).apply(doc);

type Row = [name: string, before: Doc, update: Doc, after: Doc];

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
    [
      '$ of two arrays: the last condition counts',
      { _id: 1, a: [1], b: [0, 2] },
      { a: 1, b: 2 },
      { $set: { 'b.$': 9 } },
      undefined,
      { _id: 1, a: [1], b: [0, 9] },
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
