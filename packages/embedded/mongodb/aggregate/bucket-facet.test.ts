import { failures, pipelines, refusals } from './tests/run.ts';

const byPrice = (more: object) => [{ $bucket: { groupBy: '$p', boundaries: [0, 10, 20], ...more } }];
const priced = [{ p: 0 }, { p: 9.5 }, { p: 10 }, { p: 20 }, { p: -1 }, {}];

pipelines('$bucket', [
  [
    'a boundary belongs to the bucket it starts',
    byPrice({ default: 'other', output: { n: { $sum: 1 }, ps: { $push: '$p' } } }),
    priced,
    [
      { _id: 0, n: 2, ps: [0, 9.5] },
      { _id: 10, n: 1, ps: [10] },
      { _id: 'other', n: 3, ps: [20, -1] },
    ],
  ],
  [
    'counts by itself',
    byPrice({ default: -5 }),
    priced,
    [
      { _id: -5, count: 3 },
      { _id: 0, count: 2 },
      { _id: 10, count: 1 },
    ],
  ],
  [
    'boundaries of constant expressions',
    [{ $bucket: { groupBy: '$d', boundaries: [new Date(0), { $dateFromParts: { year: 2020 } }] } }],
    [{ d: new Date('2019-05-05') }],
    [{ _id: new Date(0), count: 1 }],
  ],
]);

refusals('$bucket', [
  [[{ $bucket: 1 }], 40201],
  [[{ $bucket: { groupBy: 'p', boundaries: [0, 1] } }], 40202],
  [[{ $bucket: { groupBy: '$p', boundaries: 1 } }], 40200],
  [[{ $bucket: { groupBy: '$p', boundaries: [0, '$a'] } }], 40191],
  [[{ $bucket: { groupBy: '$p', boundaries: [0] } }], 40192],
  [[{ $bucket: { groupBy: '$p', boundaries: [0, 'a'] } }], 40193],
  [[{ $bucket: { groupBy: '$p', boundaries: [1, 0] } }], 40194],
  [[{ $bucket: { groupBy: '$p', boundaries: [1, 1] } }], 40194],
  [byPrice({ default: '$a' }), 40195],
  [byPrice({ output: 1 }), 40196],
  [byPrice({ x: 1 }), 40197],
  [[{ $bucket: { groupBy: '$p' } }], 40198],
  [byPrice({ default: 5 }), 40199],
]);

failures('$bucket', [[byPrice({}), { p: 20 }, 40066]]);

pipelines('$bucketAuto', [
  [
    'even buckets',
    [{ $bucketAuto: { groupBy: '$p', buckets: 2 } }],
    [{ p: 4 }, { p: 1 }, { p: 3 }, { p: 2 }],
    [
      { _id: { min: 1, max: 3 }, count: 2 },
      { _id: { min: 3, max: 4 }, count: 2 },
    ],
  ],
  [
    'equal values stay together',
    [{ $bucketAuto: { groupBy: '$p', buckets: 3, output: { ps: { $push: '$p' } } } }],
    [{ p: 1 }, { p: 1 }, { p: 1 }, { p: 2 }],
    [
      { _id: { min: 1, max: 2 }, ps: [1, 1, 1] },
      { _id: { min: 2, max: 2 }, ps: [2] },
    ],
  ],
  ['none of nothing', [{ $bucketAuto: { groupBy: '$p', buckets: 3 } }], [], []],
]);

refusals('$bucketAuto', [
  [[{ $bucketAuto: 1 }], 40240],
  [[{ $bucketAuto: { groupBy: 'p', buckets: 1 } }], 40239],
  [[{ $bucketAuto: { groupBy: '$p', buckets: 'x' } }], 40241],
  [[{ $bucketAuto: { groupBy: '$p', buckets: 1.5 } }], 40242],
  [[{ $bucketAuto: { groupBy: '$p', buckets: 0 } }], 40243],
  [[{ $bucketAuto: { groupBy: '$p', buckets: 1, output: 1 } }], 40244],
  [[{ $bucketAuto: { groupBy: '$p', buckets: 1, x: 1 } }], 40245],
  [[{ $bucketAuto: { groupBy: '$p' } }], 40246],
  [[{ $bucketAuto: { groupBy: '$p', buckets: 1, granularity: 1 } }], 40261],
  [[{ $bucketAuto: { groupBy: '$p', buckets: 1, granularity: 'R5' } }], 238],
]);

pipelines('$facet', [
  [
    'runs each pipeline over all',
    [{ $facet: { n: [{ $count: 'n' }], first: [{ $limit: 1 }], empty: [{ $match: { a: 9 } }], all: [] } }],
    [{ a: 1 }, { a: 2 }],
    [{ n: [{ n: 2 }], first: [{ a: 1 }], empty: [], all: [{ a: 1 }, { a: 2 }] }],
  ],
  ['gives a document even for nothing', [{ $facet: { a: [{ $match: {} }] } }], [], [{ a: [] }]],
]);

refusals('$facet', [
  [[{ $facet: 1 }], 40169],
  [[{ $facet: {} }], 40169],
  [[{ $facet: { a: 1 } }], 40170],
  [[{ $facet: { a: [1] } }], 40171],
  [[{ $facet: { a: [{ $facet: { b: [] } }] } }], 40600],
  [[{ $facet: { a: [{ $out: 'x' }] } }], 40600],
  [[{ $facet: { a: [{ $documents: [] }] } }], 40600],
  [[{ $facet: { 'a.b': [] } }], 16412],
  [[{ $facet: { $a: [] } }], 16410],
]);
