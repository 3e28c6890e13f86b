import { describe, expect, test } from '@jest/globals';
import { codeOf, own } from '../expressions/tests/table.ts';
import type { Value } from '../values/types.ts';
import { leadingMatch } from './leading.ts';
import { splitOutput } from './output.ts';

const split = (stages: unknown[]) => splitOutput(own(stages) as Value[]);

describe('the writing stage at the end', () => {
  test('$out names a collection, of this database or another', () => {
    const { stages, output } = split([{ $match: {} }, { $out: 'x' }]);
    expect(stages).toHaveLength(1);
    expect(output).toEqual({ kind: '$out', collection: 'x' });
    expect(split([{ $out: { db: 'd', coll: 'x' } }]).output).toEqual({
      kind: '$out',
      database: 'd',
      collection: 'x',
    });
    expect(split([{ $match: {} }]).output).toBeUndefined();
  });

  test('$merge merges by _id and inserts unless told otherwise', () => {
    const defaults = { kind: '$merge', on: ['_id'], whenMatched: 'merge', whenNotMatched: 'insert' };
    expect(split([{ $merge: 'x' }]).output).toEqual({ ...defaults, collection: 'x' });
    expect(split([{ $merge: { into: { db: 'd', coll: 'x' } } }]).output).toEqual({
      ...defaults,
      database: 'd',
      collection: 'x',
    });
    expect(
      split([
        { $merge: { into: 'x', on: ['a', 'b.c'], whenMatched: 'keepExisting', whenNotMatched: 'insert' } },
      ]).output,
    ).toEqual({ ...defaults, collection: 'x', on: ['a', 'b.c'], whenMatched: 'keepExisting' });
  });

  test('a pipeline of $merge knows the new document', () => {
    const pipeline = [{ $set: { total: { $add: ['$total', '$$new.total'] } } }];
    const { output } = split([{ $merge: { into: 'x', whenMatched: pipeline, let: { y: '$year' } } }]);
    expect(output).toMatchObject({
      whenMatched: { pipeline: own(pipeline) },
      let: own({ y: '$year', new: '$$ROOT' }),
    });
  });
});

const merge = (spec: object) => [{ $merge: { into: 'x', ...spec } }];

test.each<[stages: unknown[], code: number]>([
  [[{ $out: 'x' }, { $match: {} }], 40601],
  [[{ $merge: 'x' }, { $out: 'x' }], 40601],
  [[{ $out: 1 }], 16990],
  [[{ $out: {} }], 40414],
  [[{ $out: { db: 'd', coll: 'x', z: 1 } }], 40415],
  [[{ $out: { db: 'd', coll: 'x', timeseries: {} } }], 238],
  [[{ $out: '' }], 73],
  [[{ $out: 'system.x' }], 17385],
  [[{ $out: { db: 'admin', coll: 'x' } }], 31321],
  [[{ $out: { db: 'a.b', coll: 'x' } }], 73],
  [[{ $merge: 1 }], 51182],
  [[{ $merge: {} }], 40414],
  [[{ $merge: { into: 'x', z: 1 } }], 40415],
  [[{ $merge: { into: 1 } }], 51178],
  [[{ $merge: { into: { db: 'd' } } }], 51178],
  [[{ $merge: { into: { db: 'config', coll: 'x' } } }], 31320],
  [[{ $merge: { into: 'system.x' } }], 31319],
  [merge({ on: 1 }), 51186],
  [merge({ on: [] }), 51187],
  [merge({ on: [1] }), 51134],
  [merge({ on: ['a', 'a'] }), 31465],
  [merge({ on: 'a.' }), 40353],
  [merge({ whenMatched: 'x' }), 2],
  [merge({ whenMatched: 1 }), 51191],
  [merge({ whenMatched: [1] }), 14],
  [merge({ whenNotMatched: 'x' }), 2],
  [merge({ whenMatched: 'fail', whenNotMatched: 'fail' }), 51189],
  [merge({ whenMatched: 'keepExisting', whenNotMatched: 'discard' }), 51189],
  [merge({ let: {} }), 51199],
  [merge({ let: { new: '$x' }, whenMatched: [] }), 51273],
  [merge({ let: { X: 1 }, whenMatched: [] }), 9],
])('%j is refused with %d', (stages, code) => {
  expect(codeOf(() => split(stages))).toBe(code);
});

describe('the head that storage can answer', () => {
  const head = (stages: unknown[]) => leadingMatch(own(stages) as Value[]);

  test('filters come together, and move ahead of a sort', () => {
    const found = head([
      { $match: { a: 1 } },
      { $sort: { b: 1 } },
      { $match: { c: 1 } },
      { $skip: 2 },
      { $limit: 3 },
      { $count: 'n' },
    ]);
    expect(found).toEqual({
      filter: own({ $and: [{ a: 1 }, { c: 1 }] }),
      sort: own({ b: 1 }),
      skip: 2,
      limit: 3,
      rest: own([{ $count: 'n' }]),
    });
  });

  test('nothing moves ahead of a cut', () => {
    expect(head([{ $limit: 3 }, { $match: { a: 1 } }])).toEqual({
      limit: 3,
      rest: own([{ $match: { a: 1 } }]),
    });
    expect(head([{ $limit: 3 }, { $skip: 1 }])).toEqual({ limit: 3, rest: own([{ $skip: 1 }]) });
    expect(head([{ $group: { _id: 1 } }])).toEqual({ rest: own([{ $group: { _id: 1 } }]) });
    expect(head([])).toEqual({ rest: [] });
  });

  test('what is wrong with it is told', () => {
    expect(codeOf(() => head([{ $match: 1 }]))).toBe(15959);
    expect(codeOf(() => head([{ $sort: {} }]))).toBe(15976);
    expect(codeOf(() => head([{ $limit: 0 }]))).toBe(15958);
  });
});
