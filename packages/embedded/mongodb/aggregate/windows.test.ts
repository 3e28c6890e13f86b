import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeOf, decimal, double, own } from '../expressions/tests/table.ts';
import type { Doc, Value } from '../values/types.ts';
import { compilePipeline } from './pipeline.ts';
import { contextOf, expectResult, failures, pipelines, refusals, run } from './tests/run.ts';

const cakes = [
  { _id: 0, type: 'chocolate', state: 'CA', year: 2020, quantity: 120 },
  { _id: 1, type: 'chocolate', state: 'WA', year: 2021, quantity: 140 },
  { _id: 2, type: 'vanilla', state: 'CA', year: 2021, quantity: 145 },
  { _id: 3, type: 'vanilla', state: 'WA', year: 2020, quantity: 104 },
  { _id: 4, type: 'strawberry', state: 'CA', year: 2019, quantity: 162 },
  { _id: 5, type: 'strawberry', state: 'WA', year: 2019, quantity: 134 },
];

const windows = (output: object, more: object = {}) => [
  { $setWindowFields: { partitionBy: '$state', sortBy: { year: 1 }, output, ...more } },
];
const valuesOf = (docs: Doc[], field = 'v') => docs.map((doc) => [doc._id, doc[field]]);
const computed = (output: object, more: object = {}) =>
  valuesOf(run(windows({ v: output }, more), { docs: cakes }));

test('running totals within each partition', () => {
  const total = { $sum: '$quantity', window: { documents: ['unbounded', 'current'] } };
  expect(computed(total)).toEqual([
    [4, 162],
    [0, 282],
    [2, 427],
    [5, 134],
    [3, 238],
    [1, 378],
  ]);
});

test('windows by position, by default the whole partition', () => {
  const near = { $avg: '$quantity', window: { documents: [-1, 0] } };
  expect(computed(near)).toEqual([
    [4, double(162)],
    [0, double(141)],
    [2, 132.5],
    [5, double(134)],
    [3, double(119)],
    [1, double(122)],
  ]);
  expect(computed({ $max: '$quantity' }).map(([, v]) => v)).toEqual([162, 162, 162, 140, 140, 140]);
  const after = { $push: '$year', window: { documents: [1, 1] } };
  expect(computed(after).map(([, v]) => v)).toEqual([[2020], [2021], [], [2020], [2021], []]);
  const ahead = { $sum: '$quantity', window: { documents: ['current', 'unbounded'] } };
  expect(computed(ahead).map(([, v]) => v)).toEqual([427, 265, 145, 378, 244, 140]);
  expect(computed({ $first: '$year', window: { documents: [-1, -1] } }).map(([, v]) => v)).toEqual([
    null,
    2019,
    2020,
    null,
    2019,
    2020,
  ]);
  expect(computed({ $topN: { n: 1, sortBy: { quantity: -1 }, output: '$_id' } }).map(([, v]) => v)).toEqual([
    [4],
    [4],
    [4],
    [1],
    [1],
    [1],
  ]);
});

test('windows by range take all that lies within it, peers too', () => {
  const range = (bounds: unknown, more: object = {}) => ({
    $push: '$_id',
    window: { range: bounds, ...more },
  });
  const by = (output: object) =>
    valuesOf(
      run([{ $setWindowFields: { sortBy: { x: 1 }, output: { v: output } } }], {
        docs: [
          { _id: 'a', x: 1 },
          { _id: 'b', x: 1 },
          { _id: 'c', x: 2.5 },
          { _id: 'd', x: 10 },
        ],
      }),
    ).map(([, v]) => v);
  expect(by(range([-2, 0]))).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b', 'c'], ['d']]);
  expect(by(range(['current', 'current']))).toEqual([['a', 'b'], ['a', 'b'], ['c'], ['d']]);
  expect(by(range(['unbounded', 1]))).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['a', 'b', 'c', 'd'],
  ]);
  expect(by(range([1, 'unbounded']))).toEqual([['c', 'd'], ['c', 'd'], ['d'], []]);
  const dates = [0, 5, 20].map((day) => ({ _id: day, d: new Date(Date.UTC(2021, 0, 1 + day)) }));
  const spec = { sortBy: { d: 1 }, output: { v: range([-1, 'current'], { unit: 'week' }) } };
  expect(valuesOf(run([{ $setWindowFields: spec }], { docs: dates })).map(([, v]) => v)).toEqual([
    [0],
    [0, 5],
    [20],
  ]);
});

test('ranks, dense ranks and numbers', () => {
  const docs = [
    { _id: 0, s: 5 },
    { _id: 1, s: 7 },
    { _id: 2, s: 7 },
    { _id: 3, s: 9 },
  ];
  const output = { r: { $rank: {} }, d: { $denseRank: {} }, n: { $documentNumber: {} } };
  expectResult([{ $setWindowFields: { sortBy: { s: -1 }, output } }, { $project: { s: 0 } }], { docs }, [
    { _id: 3, r: 1, d: 1, n: 1 },
    { _id: 1, r: 2, d: 2, n: 2 },
    { _id: 2, r: 2, d: 2, n: 3 },
    { _id: 0, r: 4, d: 3, n: 4 },
  ]);
});

test('$shift looks back and ahead', () => {
  expect(computed({ $shift: { output: '$quantity', by: -1, default: 'none' } }).map(([, v]) => v)).toEqual([
    'none',
    162,
    120,
    'none',
    134,
    104,
  ]);
  expect(computed({ $shift: { output: '$quantity', by: 2 } }).map(([, v]) => v)).toEqual([
    145,
    null,
    null,
    140,
    null,
    null,
  ]);
});

pipelines('functions along a sequence', [
  [
    '$locf and $linearFill',
    [
      { $setWindowFields: { sortBy: { t: 1 }, output: { a: { $locf: '$p' }, b: { $linearFill: '$p' } } } },
      { $project: { _id: 0, t: 1, a: 1, b: 1 } },
    ],
    [{ t: 0 }, { t: 1, p: 10 }, { t: 2, p: null }, { t: 5, p: 18 }, { t: 6 }],
    [
      { t: 0, a: null, b: null },
      { t: 1, a: 10, b: 10 },
      { t: 2, a: 10, b: double(12) },
      { t: 5, a: 18, b: 18 },
      { t: 6, a: 18, b: null },
    ],
  ],
  [
    '$expMovingAvg',
    [
      {
        $setWindowFields: {
          sortBy: { t: 1 },
          output: {
            n: { $expMovingAvg: { input: '$p', N: 2 } },
            a: { $expMovingAvg: { input: '$p', alpha: 0.75 } },
          },
        },
      },
      { $project: { n: 1, a: 1 } },
    ],
    [{ t: 1 }, { t: 2, p: 13 }, { t: 3, p: 15.4 }, { t: 4, p: 12 }],
    [
      { n: null, a: null },
      { n: double(13), a: double(13) },
      { n: 14.6, a: 14.8 },
      { n: 12.866666666666667, a: 12.7 },
    ],
  ],
  [
    '$derivative',
    [
      {
        $setWindowFields: {
          sortBy: { t: 1 },
          output: {
            v: { $derivative: { input: '$m', unit: 'hour' }, window: { range: [-30, 0], unit: 'second' } },
          },
        },
      },
      { $project: { v: 1 } },
    ],
    [
      { t: new Date('2020-05-18T14:10:30Z'), m: 1295.1 },
      { t: new Date('2020-05-18T14:11:00Z'), m: 1295.63 },
    ],
    [{ v: null }, { v: ((1295.63 - 1295.1) / 30_000) * 3_600_000 }],
  ],
  [
    '$derivative of numbers',
    [
      {
        $setWindowFields: {
          sortBy: { t: 1 },
          output: { v: { $derivative: { input: '$m' }, window: { documents: [-1, 0] } } },
        },
      },
      { $project: { v: 1 } },
    ],
    [
      { t: 1, m: 2 },
      { t: 3, m: 10 },
    ],
    [{ v: null }, { v: double(4) }],
  ],
  [
    '$integral',
    [
      {
        $setWindowFields: {
          sortBy: { t: 1 },
          output: {
            v: { $integral: { input: '$k', unit: 'hour' }, window: { documents: ['unbounded', 'current'] } },
          },
        },
      },
      { $project: { v: 1 } },
    ],
    [
      { t: new Date('2020-05-18T14:10:30Z'), k: 2.95 },
      { t: new Date('2020-05-18T14:11:00Z'), k: 2.7 },
      { t: new Date('2020-05-18T14:11:30Z'), k: 2.6 },
    ],
    [
      { v: double(0) },
      { v: ((2.95 + 2.7) * 30_000) / 2 / 3_600_000 },
      { v: ((2.95 + 2.7) * 15_000 + (2.7 + 2.6) * 15_000) / 3_600_000 },
    ],
  ],
  [
    '$covariancePop and $covarianceSamp',
    [
      {
        $setWindowFields: {
          sortBy: { x: 1 },
          output: {
            p: { $covariancePop: ['$x', '$y'] },
            s: { $covarianceSamp: ['$x', '$y'], window: { documents: ['unbounded', 'current'] } },
          },
        },
      },
      { $project: { p: 1, s: 1 } },
    ],
    [
      { x: 1, y: 2 },
      { x: 3, y: 8 },
    ],
    [
      { p: double(3), s: null },
      { p: double(3), s: double(6) },
    ],
  ],
  [
    'no sortBy keeps the order',
    [{ $setWindowFields: { output: { n: { $count: {} } } } }],
    [{ a: 2 }, { a: 1 }],
    [
      { a: 2, n: 2 },
      { a: 1, n: 2 },
    ],
  ],
  [
    'outputs below a document, and decimals',
    [{ $setWindowFields: { output: { 'a.t': { $sum: '$a.v' } } } }],
    [{ a: { v: decimal('1.5') } }],
    [{ a: { v: decimal('1.5'), t: decimal('1.5') } }],
  ],
]);

const output = (spec: unknown) => [{ $setWindowFields: { sortBy: { a: 1 }, output: { v: spec } } }];
const bound = (window: unknown) => output({ $sum: '$a', window });

refusals('$setWindowFields', [
  [[{ $setWindowFields: 1 }], 9],
  [[{ $setWindowFields: {} }], 40414],
  [[{ $setWindowFields: { output: {}, x: 1 } }], 40415],
  [[{ $setWindowFields: { output: 1 } }], 14],
  [[{ $setWindowFields: { output: { a: { $sum: 1 }, 'a.b': { $sum: 1 } } } }], 6307900],
  [output(1), 9],
  [output({}), 9],
  [output({ sum: 1 }), 9],
  [output({ $nope: 1 }), 9],
  [output({ $mergeObjects: 1 }), 9],
  [output({ $sum: 1, x: 1 }), 9],
  [output({ $sum: 1, $avg: 1 }), 9],
  [bound(1), 9],
  [bound({ x: 1 }), 9],
  [bound({ documents: [0, 0], range: [0, 0] }), 9],
  [bound({ documents: [0, 0], unit: 'day' }), 9],
  [bound({ documents: [0, 0], x: 1 }), 9],
  [bound({ documents: [0] }), 9],
  [bound({ documents: ['x', 0] }), 9],
  [bound({ documents: [0.5, 1] }), 9],
  [bound({ documents: [1, 0] }), 5339900],
  [bound({ documents: [1, 'current'] }), 5339900],
  [bound({ range: [0, 1], unit: 'eon' }), 9],
  [bound({ range: [0, 1], unit: 1 }), 9],
  [bound({ range: [0.5, 1], unit: 'day' }), 9],
  [bound({ range: [[], 1] }), 9],
  [bound({ range: [0, 1], x: 1 }), 9],
  [[{ $setWindowFields: { output: { v: { $sum: 1, window: { documents: [0, 1] } } } } }], 5339901],
  [[{ $setWindowFields: { output: { v: { $sum: 1, window: { range: [0, 1] } } } } }], 5339902],
  [
    [{ $setWindowFields: { sortBy: { a: -1 }, output: { v: { $sum: 1, window: { range: [0, 1] } } } } }],
    8947401,
  ],
  [output({ $rank: {}, window: {} }), 5371601],
  [output({ $rank: 1 }), 5371603],
  [[{ $setWindowFields: { sortBy: { a: 1, b: 1 }, output: { v: { $documentNumber: {} } } } }], 5371602],
  [output({ $shift: 1 }), 9],
  [output({ $shift: { output: 1 } }), 9],
  [output({ $shift: { by: 1 } }), 9],
  [output({ $shift: { output: 1, by: 'x' } }), 9],
  [output({ $shift: { output: 1, by: 1, default: '$a' } }), 9],
  [output({ $shift: { output: 1, by: 1, x: 1 } }), 9],
  [output({ $shift: { output: 1, by: 1 }, window: {} }), 9],
  [output({ $shift: { output: 1, by: 1 }, x: {} }), 9],
  [[{ $setWindowFields: { output: { v: { $shift: { output: 1, by: 1 } } } } }], 9],
  [output({ $locf: '$a', window: {} }), 9],
  [output({ $locf: '$a', x: 1 }), 9],
  [[{ $setWindowFields: { output: { v: { $linearFill: '$a' } } } }], 605001],
  [output({ $expMovingAvg: 1 }), 9],
  [output({ $expMovingAvg: { input: 1 } }), 9],
  [output({ $expMovingAvg: { input: 1, x: 1 } }), 9],
  [output({ $expMovingAvg: { input: 1, N: 'x' } }), 9],
  [output({ $expMovingAvg: { input: 1, N: 1.5 } }), 9],
  [output({ $expMovingAvg: { input: 1, N: 0 } }), 9],
  [output({ $expMovingAvg: { input: 1, alpha: 'x' } }), 9],
  [output({ $expMovingAvg: { input: 1, alpha: 1 } }), 9],
  [[{ $setWindowFields: { output: { v: { $expMovingAvg: { input: 1, N: 1 } } } } }], 9],
  [output({ $derivative: { input: '$a' } }), 9],
  [output({ $derivative: 1, window: { documents: [-1, 0] } }), 9],
  [output({ $derivative: { unit: 'day' }, window: { documents: [-1, 0] } }), 9],
  [output({ $derivative: { input: 1, x: 1 }, window: { documents: [-1, 0] } }), 9],
  [output({ $derivative: { input: 1 }, x: 1 }), 9],
  [output({ $integral: { input: 1, unit: 'year' } }), 5490710],
  [[{ $setWindowFields: { output: { v: { $integral: { input: 1 } } } } }], 9],
  [[{ $setWindowFields: { sortBy: { a: 1, b: 1 }, output: { v: { $integral: { input: 1 } } } } }], 9],
  [output({ $covariancePop: [1, 2], x: 1 }), 9],
]);

const derivative = (unit?: string) =>
  output({ $derivative: { input: '$m', ...(unit ? { unit } : {}) }, window: { documents: [0, 0] } });

failures('$setWindowFields', [
  [[{ $setWindowFields: { partitionBy: '$a', output: { v: { $sum: 1 } } } }], { a: [1] }, 14],
  [bound({ range: [0, 1] }), { a: 'x' }, 5429414],
  [bound({ range: [0, 1] }), { a: new Date(0) }, 5429413],
  [bound({ range: [0, 1], unit: 'day' }), { a: 1 }, 5429513],
  [output({ $linearFill: '$m' }), { a: 'x' }, 14],
  [output({ $linearFill: '$m' }), { a: 1, m: 'x' }, 14],
  [derivative('day'), { a: 1, m: 1 }, 5624900],
  [derivative(), { a: new Date(0), m: 1 }, 5624901],
  [derivative(), { a: 'x', m: 1 }, 5624902],
  [derivative(), { a: 1 }, 5624903],
  [output({ $integral: { input: '$m' } }), { a: 1, m: 'x' }, 5423900],
  [output({ $integral: { input: '$m', unit: 'day' } }), { a: 1, m: 1 }, 5423901],
  [output({ $integral: { input: '$m' } }), { a: new Date(0), m: 1 }, 5423902],
]);

test('$linearFill refuses two documents at one place', () => {
  expect(codeOf(() => run(output({ $linearFill: '$m' }), { docs: [{ a: 1 }, { a: 1 }] }))).toBe(6050106);
});

test('a window gives what an accumulator makes of its documents alone', () => {
  const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 25 });
  const end = fc.oneof(
    fc.constantFrom<'unbounded' | 'current'>('unbounded', 'current'),
    fc.integer({ min: -4, max: 4 }),
  );
  const at = (bound: 'unbounded' | 'current' | number, i: number, edge: number) =>
    bound === 'unbounded' ? edge : bound === 'current' ? i : i + bound;
  fc.assert(
    fc.property(
      numbers,
      end,
      end,
      fc.constantFrom('$sum', '$push', '$max', '$avg'),
      (values, lower, upper, operator) => {
        const order = (bound: typeof lower) => (bound === 'current' || bound === 'unbounded' ? 0 : bound);
        fc.pre(lower === 'unbounded' || upper === 'unbounded' || order(lower) <= order(upper));
        const docs = values.map((n, i) => ({ i, n }));
        const spec = {
          sortBy: { i: 1 },
          output: { v: { [operator]: '$n', window: { documents: [lower, upper] } } },
        };
        const found = run([{ $setWindowFields: spec }], { docs }).map((doc) => doc.v);
        const naive = docs.map((_, i) => {
          const own = docs.slice(
            Math.max(0, at(lower, i, 0)),
            Math.max(0, at(upper, i, docs.length - 1) + 1),
          );
          const [group] = run([{ $group: { _id: null, v: { [operator]: '$n' } } }], { docs: own });
          return group ? group.v : operator === '$sum' ? 0 : operator === '$push' ? [] : null;
        });
        expect(found).toEqual(naive);
      },
    ),
  );
});

test('windows that pile up values are refused when they outgrow the memory', () => {
  const docs = Array.from({ length: 6000 }, (_, i) => ({ i }));
  const spec = {
    sortBy: { i: 1 },
    output: { v: { $push: '$i', window: { documents: ['unbounded', 'current'] } } },
  };
  expect(codeOf(() => run([{ $setWindowFields: spec }], { docs }))).toBe(146);
});

test('long computations ask whether the time is over', () => {
  const context = {
    ...contextOf(),
    checkDeadline: () => {
      throw new RangeError('over');
    },
  };
  const stages = own(bound({ documents: [-1, 1] })) as Value[];
  expect(() => [...compilePipeline(stages, context)([own({ a: 1 }) as Doc])]).toThrow('over');
});
