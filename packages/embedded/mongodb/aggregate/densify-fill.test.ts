import { MaxKey } from 'bson';
import { double } from '../expressions/tests/table.ts';
import { failures, pipelines, refusals } from './tests/run.ts';

pipelines('$densify', [
  [
    'explicit bounds leave out their end',
    [{ $densify: { field: 'a', range: { step: 2, bounds: [0, 6] } } }],
    [{ a: 2 }, { a: 3 }, { a: 9 }],
    [{ a: 0 }, { a: 2 }, { a: 3 }, { a: 4 }, { a: 9 }],
  ],
  [
    'of nothing',
    [{ $densify: { field: 'a', range: { step: 1, bounds: [0, 2] } } }],
    [],
    [{ a: 0 }, { a: 1 }],
  ],
  [
    'full bounds in each partition',
    [{ $densify: { field: 'altitude', partitionByFields: ['v'], range: { bounds: 'full', step: 200 } } }],
    [
      { v: 'A', altitude: 600 },
      { v: 'A', altitude: 750 },
      { v: 'A', altitude: 950 },
      { v: 'R', altitude: 900 },
      { v: 'R', altitude: 1020 },
    ],
    [
      { v: 'A', altitude: 600 },
      { v: 'A', altitude: 750 },
      { v: 'A', altitude: 800 },
      { v: 'A', altitude: 950 },
      { v: 'A', altitude: 1000 },
      { v: 'R', altitude: 600 },
      { v: 'R', altitude: 800 },
      { v: 'R', altitude: 900 },
      { v: 'R', altitude: 1000 },
      { v: 'R', altitude: 1020 },
    ],
  ],
  [
    'the bounds of each partition',
    [{ $densify: { field: 'a', partitionByFields: ['v'], range: { bounds: 'partition', step: 1 } } }],
    [
      { v: 1, a: 1 },
      { v: 1, a: 3 },
      { v: 2, a: 9 },
    ],
    [
      { v: 1, a: 1 },
      { v: 1, a: 2 },
      { v: 1, a: 3 },
      { v: 2, a: 9 },
    ],
  ],
  [
    'dates by months',
    [{ $densify: { field: 't', range: { step: 1, unit: 'month', bounds: 'full' } } }],
    [{ t: new Date('2021-01-31') }, { t: new Date('2021-03-31') }, { x: 1 }],
    [
      { x: 1 },
      { t: new Date('2021-01-31') },
      { t: new Date('2021-02-28') },
      { t: new Date('2021-03-28') },
      { t: new Date('2021-03-31') },
    ],
  ],
]);

const range = (spec: object) => [{ $densify: { field: 'a', range: { step: 1, bounds: 'full', ...spec } } }];

refusals('$densify', [
  [[{ $densify: 1 }], 9],
  [[{ $densify: {} }], 40414],
  [[{ $densify: { field: 'a', range: { step: 1, bounds: 'full' }, x: 1 } }], 40415],
  [range({ step: 0 }), 5733401],
  [range({ step: 'x' }), 14],
  [range({ step: 1.5, unit: 'day' }), 6586400],
  [range({ unit: 'eon' }), 9],
  [range({ bounds: 'x' }), 5946802],
  [range({ bounds: 1 }), 5733404],
  [range({ bounds: [1] }), 5733403],
  [range({ bounds: [2, 1] }), 5733402],
  [range({ bounds: [1, 2], unit: 'day' }), 5733409],
  [range({ bounds: [1, new Date(0)] }), 5733406],
  [range({ bounds: [1, 2.5] }), 5876900],
  [range({ bounds: [new Date(0), new Date(1)] }), 5733410],
  [range({ bounds: [new Date(0), new MaxKey()] }), 5733405],
  [range({ bounds: ['a', 'b'] }), 5946800],
  [range({ bounds: 'partition' }), 5733408],
  [[{ $densify: { field: 'a', partitionByFields: [1], range: { step: 1, bounds: 'full' } } }], 9],
]);

failures('$densify', [
  [range({}), { a: 'x' }, 5733201],
  [range({ unit: 'day' }), { a: 1 }, 6053600],
  [range({}), { a: new Date(0) }, 6053601],
  [range({ bounds: [0, 1_000_000] }), { a: 1 }, 5897900],
]);

pipelines('$fill', [
  [
    'by value and by method',
    [
      {
        $fill: {
          sortBy: { t: 1 },
          output: { a: { value: 0 }, b: { method: 'linear' }, c: { method: 'locf' } },
        },
      },
    ],
    [
      { t: 1, b: 1, c: 'x' },
      { t: 2, a: null },
      { t: 3, a: 5, b: 3, c: null },
    ],
    [
      { t: 1, b: 1, c: 'x', a: 0 },
      { t: 2, a: 0, b: double(2), c: 'x' },
      { t: 3, a: 5, b: 3, c: 'x' },
    ],
  ],
  [
    'in partitions',
    [{ $fill: { partitionByFields: ['p'], sortBy: { t: 1 }, output: { c: { method: 'locf' } } } }],
    [
      { p: 1, t: 1, c: 'x' },
      { p: 2, t: 2 },
      { p: 1, t: 3 },
    ],
    [
      { p: 1, t: 1, c: 'x' },
      { p: 1, t: 3, c: 'x' },
      { p: 2, t: 2, c: null },
    ],
  ],
]);

refusals('$fill', [
  [[{ $fill: 1 }], 9],
  [[{ $fill: {} }], 40414],
  [[{ $fill: { output: {} } }], 6050203],
  [[{ $fill: { output: { a: 1 } } }], 6050200],
  [[{ $fill: { output: { a: { method: 'locf', value: 1 } } } }], 6050201],
  [[{ $fill: { output: { a: { method: 'x' } } } }], 6050202],
  [[{ $fill: { output: { a: { x: 1 } } } }], 40415],
  [[{ $fill: { partitionBy: '$a', partitionByFields: ['a'], output: { a: { value: 1 } } } }], 6050204],
  [[{ $fill: { partitionByFields: [1], output: { a: { value: 1 } } } }], 9],
  [[{ $fill: { output: { a: { method: 'linear' } } } }], 605001],
]);
