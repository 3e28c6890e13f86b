import { describe, expect, test } from '@jest/globals';
import { BSONRegExp } from 'bson';
import type { Doc } from '../values/types.ts';
import { compileUpdate } from './update.ts';

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
