import { describe, expect, test } from '@jest/globals';
import { Long } from 'bson';
import type { Doc } from '../values/types.ts';
import { compileUpdate } from './update.ts';

const change = (doc: Doc, stages: Doc[], filter: Doc = {}) => compileUpdate(stages, { filter }).apply(doc);

describe('pipelines as updates', () => {
  test.each<[string, Doc, Doc[], Doc]>([
    ['$set', { _id: 1, a: 1 }, [{ $set: { b: { $add: ['$a', 1] } } }], { _id: 1, a: 1, b: 2 }],
    ['$addFields', { _id: 1, a: 1 }, [{ $addFields: { 'b.c': '$a' } }], { _id: 1, a: 1, b: { c: 1 } }],
    ['$unset', { _id: 1, a: 1, b: 2 }, [{ $unset: ['a'] }], { _id: 1, b: 2 }],
    ['$project', { _id: 1, a: 1, b: 2 }, [{ $project: { b: 1 } }], { _id: 1, b: 2 }],
    [
      '$replaceRoot keeps the _id',
      { _id: 1, a: { x: 1 } },
      [{ $replaceRoot: { newRoot: '$a' } }],
      { _id: 1, x: 1 },
    ],
    ['$replaceWith', { _id: 1, a: { x: 1 } }, [{ $replaceWith: '$a' }], { _id: 1, x: 1 }],
    [
      'several stages',
      { _id: 1, a: 1 },
      [{ $set: { b: 5 } }, { $set: { c: '$b' } }],
      { _id: 1, a: 1, b: 5, c: 5 },
    ],
    ['$unset of the _id keeps it', { _id: 1, a: 1 }, [{ $unset: '_id' }], { _id: 1, a: 1 }],
  ])('%s', (_, before, stages, after) => {
    expect(change(before, stages)).toEqual(after);
  });

  test('the same result is the same document', () => {
    const doc: Doc = { _id: 1, a: 1 };
    expect(change(doc, [{ $set: { a: 1 } }])).toBe(doc);
    expect(change(doc, [{ $unset: 'b' }])).toBe(doc);
    expect(change(doc, [{ $set: { a: Long.fromNumber(1) } }])).not.toBe(doc);
  });

  test('variables of let are known', () => {
    const update = compileUpdate([{ $set: { a: '$$wanted' } }], { filter: {}, variables: { wanted: 7 } });
    expect(update.apply({ _id: 1 })).toEqual({ _id: 1, a: 7 });
    expect(update.isReplacement).toBe(false);
  });

  test('an upsert starts from the filter', () => {
    const upsert = (filter: Doc) =>
      compileUpdate([{ $set: { n: { $add: ['$a', 1] } } }], { filter }).upsert();
    expect(upsert({ a: 1, b: { $gt: 1 } })).toEqual({ a: 1, n: 2 });
    expect(Object.keys(upsert({ a: 1, _id: 9 }))).toEqual(['_id', 'a', 'n']);
  });

  test.each<[Doc[], number, string]>([
    [[{ $match: {} }], 72, '$match is not allowed to be used within an update'],
    [[{ $foo: {} }], 40324, "Unrecognized pipeline stage name: '$foo'"],
    [
      [{ $set: { _id: 2 } }],
      66,
      "After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2",
    ],
    [[{ $set: { a: { $nope: 1 } } }], 168, "Invalid $set :: caused by :: Unrecognized expression '$nope'"],
  ])('%j is refused', (stages, code, message) => {
    expect(() => change({ _id: 1 }, stages)).toThrow(expect.objectContaining({ code, message }));
  });

  test('array filters have no place in them', () => {
    expect(() => compileUpdate([{ $set: { a: 1 } }], { filter: {}, arrayFilters: [{ x: 1 }] })).toThrow(
      expect.objectContaining({
        code: 9,
        message: 'arrayFilters may not be specified for pipeline-style updates',
      }),
    );
    expect(() => compileUpdate({ a: 1 }, { filter: {}, arrayFilters: [{ x: 1 }] })).toThrow(
      expect.objectContaining({ code: 9 }),
    );
  });
});
