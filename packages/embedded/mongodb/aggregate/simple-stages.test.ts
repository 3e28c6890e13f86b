import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeOf, double, long, own } from '../expressions/tests/table.ts';
import type { Doc, Value } from '../values/types.ts';
import { compilePipeline } from './pipeline.ts';
import { contextOf, failures, pipelines, refusals, run } from './tests/run.ts';

const numbered = (n: number) => Array.from({ length: n }, (_, i) => ({ _id: i + 1 }));

pipelines('filtering and cutting', [
  ['$match', [{ $match: { a: { $gt: 1 } } }], [{ a: 1 }, { a: 2 }], [{ a: 2 }]],
  [
    '$match with $expr',
    [{ $match: { $expr: { $gt: ['$a', '$b'] } } }],
    [
      { a: 1, b: 2 },
      { a: 3, b: 2 },
    ],
    [{ a: 3, b: 2 }],
  ],
  ['$limit', [{ $limit: 2 }], numbered(5), numbered(2)],
  ['$limit of a whole double', [{ $limit: double(1) }], numbered(5), numbered(1)],
  ['$skip', [{ $skip: 3 }], numbered(5), [{ _id: 4 }, { _id: 5 }]],
  ['$skip past the end', [{ $skip: 30 }], numbered(5), []],
  ['$count', [{ $count: 'n' }], numbered(5), [{ n: 5 }]],
  ['$count of nothing', [{ $count: 'n' }], [], []],
  [
    '$sortByCount',
    [{ $sortByCount: '$tag' }],
    [{ tag: 'a' }, { tag: 'b' }, { tag: 'b' }],
    [
      { _id: 'b', count: 2 },
      { _id: 'a', count: 1 },
    ],
  ],
  [
    '$sort by two keys',
    [{ $sort: { a: 1, b: -1 } }],
    [
      { a: 2, b: 1 },
      { a: 1, b: 1 },
      { a: 1, b: 2 },
    ],
    [
      { a: 1, b: 2 },
      { a: 1, b: 1 },
      { a: 2, b: 1 },
    ],
  ],
  [
    '$sort of mixed types',
    [{ $sort: { a: 1 } }],
    [{ a: 'x' }, { a: null }, { a: 5 }, {}, { a: [0, 9] }],
    [{ a: null }, {}, { a: [0, 9] }, { a: 5 }, { a: 'x' }],
  ],
  [
    '$sort, $skip and $limit together',
    [{ $sort: { _id: -1 } }, { $skip: 1 }, { $limit: 2 }],
    numbered(5),
    [{ _id: 4 }, { _id: 3 }],
  ],
]);

refusals('a simple stage', [
  [[{ $match: 1 }], 15959],
  [[{ $limit: 0 }], 15958],
  [[{ $limit: -1 }], 5107201],
  [[{ $limit: 1.5 }], 5107201],
  [[{ $limit: 'x' }], 5107201],
  [[{ $skip: -1 }], 5107200],
  [[{ $skip: Number.NaN }], 5107200],
  [[{ $count: 1 }], 40156],
  [[{ $count: '' }], 40157],
  [[{ $count: '$a' }], 40158],
  [[{ $count: 'a\0' }], 40159],
  [[{ $count: 'a.b' }], 40160],
  [[{ $sortByCount: 1 }], 40149],
  [[{ $sortByCount: 'a' }], 40148],
  [[{ $sortByCount: { a: 1 } }], 40147],
  [[{ $sort: 1 }], 15973],
  [[{ $sort: {} }], 15976],
  [[{ $sort: { a: 2 } }], 15975],
  [[{ $sort: { a: 'x' } }], 15974],
  [[{ $sample: 1 }], 28745],
  [[{ $sample: { size: 'x' } }], 28746],
  [[{ $sample: { size: -1 } }], 28747],
  [[{ $sample: { size: 0 } }], 28747],
  [[{ $sample: { size: Number.NaN } }], 28747],
  [[{ $sample: { size: 1, x: 1 } }], 28748],
  [[{ $sample: {} }], 28749],
]);

refusals('a pipeline', [
  [[1], 14],
  [[{}], 40323],
  [[{ $match: {}, $limit: 1 }], 40323],
  [[{ $foo: 1 }], 40324],
  [[{ constructor: 1 }], 40324],
  [[{ $out: 'x' }, { $match: {} }], 40601],
  [[{ $match: {} }, { $documents: [] }], 40602],
  [[{ $match: {} }, { $indexStats: {} }], 40602],
  [[{ $changeStream: {} }], 40573],
  [[{ $search: {} }], 31082],
  [[{ $vectorSearch: {} }], 31082],
  [[{ $geoNear: {} }], 27],
  [[{ $currentOp: {} }], 238],
  [Array.from({ length: 1001 }, () => ({ $match: {} })), 7749501],
]);

test('$sample gives as many documents as asked for, each once', () => {
  const found = run([{ $sample: { size: 3 } }], { docs: numbered(10) }).map((doc) => doc._id);
  expect(new Set(found).size).toBe(3);
  expect(run([{ $sample: { size: 30 } }], { docs: numbered(10) })).toHaveLength(10);
  expect(run([{ $sample: { size: long('9223372036854775807') } }], { docs: numbered(2) })).toHaveLength(2);
});

test('$limit stops reading', () => {
  let read = 0;
  function* endless(): Iterable<Doc> {
    for (;;) yield own({ a: read++ }) as Doc;
  }
  const stages = own([{ $match: { a: { $gt: 2 } } }, { $project: { a: 1 } }, { $limit: 2 }]) as Value[];
  expect([...compilePipeline(stages, contextOf())(endless())]).toHaveLength(2);
  expect(read).toBe(5);
});

test('variables of the command reach every stage', () => {
  const world = { docs: [{ a: 1 }, { a: 2 }], variables: { wanted: 2 } };
  const stages = [{ $match: { $expr: { $eq: ['$a', '$$wanted'] } } }, { $addFields: { b: '$$wanted' } }];
  expect(run(stages, world)).toEqual([own({ a: 2, b: 2 })]);
});

test('the first of the sorted documents are the same, whether all are sorted or only those asked for', () => {
  const docs = fc.array(fc.record({ a: fc.integer({ min: 0, max: 5 }), b: fc.string({ maxLength: 1 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(
      docs,
      fc.nat(20),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(1, -1),
      (found, skip, limit, order) => {
        const numberedDocs = found.map((doc, _id) => ({ ...doc, _id }));
        const sort = { $sort: { a: order, b: 1 } };
        const all = run([sort], { docs: numberedDocs }).slice(skip, skip + limit);
        expect(run([sort, { $skip: skip }, { $limit: limit }], { docs: numberedDocs })).toEqual(all);
      },
    ),
  );
});

test('a sort that does not fit is refused, and one that only needs the first is not', () => {
  const text = 'x'.repeat(1_000_000);
  function* many(): Iterable<Doc> {
    for (let a = 0; a < 150; a++) yield own({ a, text: text + a }) as Doc;
  }
  const sort = (stages: unknown[]) => () => [...compilePipeline(own(stages) as Value[], contextOf())(many())];
  expect(codeOf(sort([{ $sort: { a: -1 } }]))).toBe(292);
  expect(sort([{ $sort: { a: -1 } }, { $limit: 1 }])()[0]?.a).toBe(149);
  expect(codeOf(sort([{ $sample: { size: 1000 } }]))).toBe(292);
});

failures('$match', [[[{ $match: { $expr: { $divide: [1, '$a'] } } }], { a: 0 }, 2]]);

test('documents nested beyond all measure are an error, not the end of the server', () => {
  const path = Array.from({ length: 199 }, () => 'a').join('.');
  const nest = { $project: { _id: 0, [path]: '$$ROOT' } };
  const stages = [...Array.from({ length: 500 }, () => nest), { $group: { _id: '$$ROOT' } }];
  expect(codeOf(() => run(stages, { docs: [{ x: 1 }] }))).toBe(15);
});
