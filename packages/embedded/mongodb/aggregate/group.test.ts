import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeOf, decimal, double, long, own, shown } from '../expressions/tests/table.ts';
import type { Doc, Value } from '../values/types.ts';
import { compilePipeline } from './pipeline.ts';
import { contextOf, expectResult, failures, pipelines, refusals, run } from './tests/run.ts';

const sales = [
  { _id: 1, item: 'abc', price: decimal('10'), quantity: 2, date: new Date('2014-03-01T08:00:00Z') },
  { _id: 2, item: 'jkl', price: decimal('20'), quantity: 1, date: new Date('2014-03-01T09:00:00Z') },
  { _id: 3, item: 'xyz', price: decimal('5'), quantity: 10, date: new Date('2014-03-15T09:00:00Z') },
  { _id: 4, item: 'xyz', price: decimal('5'), quantity: 20, date: new Date('2014-04-04T11:21:39.736Z') },
  { _id: 5, item: 'abc', price: decimal('10'), quantity: 10, date: new Date('2014-04-04T21:23:13.331Z') },
];

pipelines('$group', [
  [
    'sums products by item',
    [{ $group: { _id: '$item', total: { $sum: { $multiply: ['$price', '$quantity'] } } } }],
    sales,
    [
      { _id: 'abc', total: decimal('120') },
      { _id: 'jkl', total: decimal('20') },
      { _id: 'xyz', total: decimal('150') },
    ],
  ],
  [
    'by a computed key',
    [
      {
        $group: {
          _id: { $dateToString: { format: '%Y-%m', date: '$date' } },
          n: { $count: {} },
          q: { $avg: '$quantity' },
        },
      },
    ],
    sales,
    [
      { _id: '2014-03', n: 3, q: 13 / 3 },
      { _id: '2014-04', n: 2, q: double(15) },
    ],
  ],
  ['all into one', [{ $group: { _id: null, n: { $sum: 1 } } }], sales, [{ _id: null, n: 5 }]],
  ['nothing into none', [{ $group: { _id: null, n: { $sum: 1 } } }], [], []],
  [
    'by a document',
    [{ $group: { _id: { i: '$item', d: { $month: '$date' } }, n: { $sum: 1 } } }],
    sales.slice(0, 2),
    [
      { _id: { i: 'abc', d: 3 }, n: 1 },
      { _id: { i: 'jkl', d: 3 }, n: 1 },
    ],
  ],
  [
    'numbers by value, null and missing alike, and arrays as they are',
    [{ $group: { _id: '$a', n: { $sum: 1 } } }],
    [
      { a: 1 },
      { a: double(1) },
      { a: long(1) },
      { a: decimal('1.0') },
      { a: null },
      {},
      { a: [1, 2] },
      { a: [1, 2] },
    ],
    [
      { _id: 1, n: 4 },
      { _id: null, n: 2 },
      { _id: [1, 2], n: 2 },
    ],
  ],
  [
    'a key document without its missing fields',
    [{ $group: { _id: { a: '$a' }, n: { $sum: 1 } } }],
    [{ a: null }, {}, {}],
    [
      { _id: { a: null }, n: 1 },
      { _id: {}, n: 2 },
    ],
  ],
  [
    'a key that $getField could read',
    [{ $group: { _id: '$__proto__', n: { $sum: 1 } } }],
    [{}],
    [{ _id: null, n: 1 }],
  ],
]);

pipelines('accumulators', [
  [
    '$first, $last, $min, $max',
    [
      {
        $group: {
          _id: null,
          f: { $first: '$a' },
          l: { $last: '$a' },
          lo: { $min: '$a' },
          hi: { $max: '$a' },
        },
      },
    ],
    [{ a: 3 }, { a: null }, { a: 'x' }, {}],
    [{ _id: null, f: 3, l: null, lo: 3, hi: 'x' }],
  ],
  [
    '$push and $addToSet',
    [{ $group: { _id: null, p: { $push: '$a' }, s: { $addToSet: '$a' }, d: { $push: { x: '$a' } } } }],
    [{ a: 1 }, { a: double(1) }, {}, { a: null }],
    [{ _id: null, p: [1, double(1), null], s: [1, null], d: [{ x: 1 }, { x: double(1) }, {}, { x: null }] }],
  ],
  [
    '$sum keeps to the widest type',
    [
      {
        $group: {
          _id: null,
          i: { $sum: '$i' },
          l: { $sum: '$l' },
          d: { $sum: '$d' },
          none: { $sum: '$none' },
        },
      },
    ],
    [
      { i: 2147483647, l: long(1), d: 0.1 },
      { i: 1, l: 2, d: 0.2 },
      { i: 'x', d: 0.3 },
    ],
    [{ _id: null, i: long(2147483648), l: long(3), d: 0.6, none: 0 }],
  ],
  [
    '$avg of nothing',
    [{ $group: { _id: null, a: { $avg: '$x' }, lo: { $min: '$x' }, sd: { $stdDevSamp: '$x' } } }],
    [{}],
    [{ _id: null, a: null, lo: null, sd: null }],
  ],
  [
    '$stdDevPop and $stdDevSamp',
    [{ $group: { _id: null, p: { $stdDevPop: '$a' }, s: { $stdDevSamp: '$a' } } }],
    [{ a: 2 }, { a: 4 }],
    [{ _id: null, p: double(1), s: Math.sqrt(2) }],
  ],
  [
    '$mergeObjects',
    [{ $group: { _id: null, m: { $mergeObjects: '$o' } } }],
    [{ o: { a: 1, b: 1 } }, { o: null }, { o: { b: 2 } }],
    [{ _id: null, m: { a: 1, b: 2 } }],
  ],
  [
    '$firstN and its kin, n depending on the group',
    [
      {
        $group: {
          _id: { g: '$g' },
          f: { $firstN: { input: '$a', n: { $cond: [{ $eq: ['$g', 'x'] }, 1, 2] } } },
          l: { $lastN: { input: '$a', n: 2 } },
          hi: { $maxN: { input: '$a', n: 2 } },
          lo: { $minN: { input: '$a', n: 1 } },
        },
      },
    ],
    [{ g: 'x', a: 1 }, { g: 'y', a: 5 }, { g: 'y' }, { g: 'y', a: 7 }, { g: 'x', a: 2 }],
    [
      { _id: { g: 'x' }, f: [1], l: [1, 2], hi: [2, 1], lo: [1] },
      { _id: { g: 'y' }, f: [5, null], l: [null, 7], hi: [7, 5], lo: [5] },
    ],
  ],
  [
    '$top, $bottom and n of them',
    [
      {
        $group: {
          _id: '$g',
          top: { $top: { sortBy: { s: -1 }, output: ['$p', '$s'] } },
          bottom: { $bottom: { sortBy: { s: -1 }, output: '$p' } },
          topN: { $topN: { n: 2, sortBy: { s: 1 }, output: '$p' } },
          bottomN: { $bottomN: { n: 2, sortBy: { s: 1 }, output: '$p' } },
        },
      },
    ],
    [
      { g: 1, p: 'a', s: 31 },
      { g: 1, p: 'b', s: 33 },
      { g: 1, p: 'c', s: 99 },
      { g: 1, s: 1 },
    ],
    [{ _id: 1, top: ['c', 99], bottom: null, topN: [null, 'a'], bottomN: ['b', 'c'] }],
  ],
  [
    '$median and $percentile',
    [
      {
        $group: {
          _id: null,
          m: { $median: { input: '$a', method: 'approximate' } },
          p: { $percentile: { input: '$a', p: [0.5, 0.95], method: 'approximate' } },
        },
      },
    ],
    [{ a: 60 }, { a: 45 }, { a: 94 }, { a: 'x' }, { a: 82 }, { a: 78 }],
    [{ _id: null, m: double(78), p: [double(78), double(94)] }],
  ],
]);

refusals('$group', [
  [[{ $group: 1 }], 15947],
  [[{ $group: {} }], 15955],
  [[{ $group: { _id: 1, a: 1 } }], 40234],
  [[{ $group: { _id: 1, a: {} } }], 40234],
  [[{ $group: { _id: 1, 'a.b': { $sum: 1 } } }], 40235],
  [[{ $group: { _id: 1, $a: { $sum: 1 } } }], 40236],
  [[{ $group: { _id: 1, a: { $sum: [1, 2] } } }], 40237],
  [[{ $group: { _id: 1, a: { $sum: 1, $avg: 1 } } }], 40238],
  [[{ $group: { _id: 1, a: { $nope: 1 } } }], 15952],
  [[{ $group: { _id: 1, a: { $accumulator: {} } } }], 238],
  [[{ $group: { _id: { $nope: 1 } } }], 168],
  [[{ $group: { _id: 1, a: { $count: 1 } } }], 14],
  [[{ $group: { _id: 1, a: { $firstN: 1 } } }], 5787801],
  [[{ $group: { _id: 1, a: { $maxN: 1 } } }], 5787900],
  [[{ $group: { _id: 1, a: { $topN: 1 } } }], 5788001],
  [[{ $group: { _id: 1, a: { $top: { output: 1, sortBy: { a: 1 }, n: 1 } } } }], 5788002],
  [[{ $group: { _id: 1, a: { $topN: { output: 1, sortBy: { a: 1 } } } } }], 5788003],
  [[{ $group: { _id: 1, a: { $top: { sortBy: { a: 1 } } } } }], 5788004],
  [[{ $group: { _id: 1, a: { $top: { output: 1 } } } }], 5788005],
  [[{ $group: { _id: 1, a: { $top: { output: 1, sortBy: 1 } } } }], 10065],
  [[{ $group: { _id: 1, a: { $median: 1 } } }], 7436100],
  [[{ $group: { _id: 1, a: { $percentile: 1 } } }], 7429703],
]);

failures('$group', [
  [[{ $group: { _id: null, a: { $mergeObjects: '$a' } } }], { a: 1 }, 40400],
  [[{ $group: { _id: null, a: { $firstN: { input: 1, n: '$absent' } } } }], {}, 5787902],
]);

test('a collation makes one group of what it calls equal', () => {
  const world = { docs: [{ a: 'Café' }, { a: 'cafe' }], collation: { locale: 'en', strength: 1 } };
  expectResult([{ $group: { _id: '$a', n: { $sum: 1 } } }], world, [{ _id: 'Café', n: 2 }]);
});

test('the sums of groups are those of going through the documents by hand', () => {
  const docs = fc.array(
    fc.record({ k: fc.integer({ min: 0, max: 4 }), v: fc.integer({ min: -1000, max: 1000 }) }),
  );
  fc.assert(
    fc.property(docs, (found) => {
      const naive = new Map<number, number>();
      for (const { k, v } of found) naive.set(k, (naive.get(k) ?? 0) + v);
      const grouped = run([{ $group: { _id: '$k', v: { $sum: '$v' } } }], { docs: found });
      expect(new Map(grouped.map((doc) => [doc._id, doc.v]))).toEqual(naive);
    }),
  );
});

test('groups that outgrow the memory are refused', () => {
  function* large(same: boolean): Iterable<Doc> {
    for (let i = 0; i < 120; i++) yield own({ k: same ? 0 : i, text: `${i}`.padEnd(1_000_000, 'x') }) as Doc;
  }
  const group = (spec: unknown, same: boolean) => () =>
    [...compilePipeline([own({ $group: spec })] as Value[], contextOf())(large(same))].length;
  expect(codeOf(group({ _id: null, all: { $push: '$text' } }, true))).toBe(292);
  expect(codeOf(group({ _id: null, all: { $addToSet: '$text' } }, true))).toBe(292);
  expect(codeOf(group({ _id: '$text' }, false))).toBe(292);
  expect(codeOf(group({ _id: '$k', last: { $last: '$$ROOT' } }, false))).toBe(292);
  expect(group({ _id: null, last: { $last: '$$ROOT' }, n: { $sum: 1 } }, true)()).toBe(1);
});

test('a deep key made of documents stays what it is', () => {
  const [group] = run([{ $group: { _id: { a: { b: ['$x', { c: '$x' }] } } } }], { docs: [{ x: 1 }] });
  expect(shown(group)).toEqual(shown(own({ _id: { a: { b: [1, { c: 1 }] } } })));
});
