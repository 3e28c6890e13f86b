import { expect, test } from '@jest/globals';
import { Timestamp } from 'bson';
import { codeOf, decimal, double, error, evaluate, long, MISSING, table } from './tests/table.ts';

table('reading arrays', [
  [{ $arrayElemAt: [[1, 2, 3], 0] }, 1],
  [{ $arrayElemAt: [[1, 2, 3], -2] }, 2],
  [{ $arrayElemAt: [[1, 2, 3], double(1)] }, 2],
  [{ $arrayElemAt: [[1, 2, 3], 15] }, MISSING],
  [{ $arrayElemAt: [[1, 2, 3], -15] }, MISSING],
  [{ $arrayElemAt: [null, 1] }, null],
  [{ $arrayElemAt: [[1], '$absent'] }, null],
  [{ $arrayElemAt: [1, 1] }, error(28689)],
  [{ $arrayElemAt: [[1], 'x'] }, error(28690)],
  [{ $arrayElemAt: [[1], 1.5] }, error(28691)],
  [{ $arrayElemAt: [[1], long(4294967296)] }, error(28691)],
  [{ $first: [[1, 2]] }, 1],
  [{ $last: '$a' }, 2, { a: [1, 2] }],
  [{ $first: [[]] }, MISSING],
  [{ $first: null }, null],
  [{ $last: 1 }, error(28689)],
  [{ $size: [[1, 2]] }, 2],
  [{ $size: '$absent' }, error(17124)],
  [{ $slice: [[1, 2, 3], 2] }, [1, 2]],
  [{ $slice: [[1, 2, 3], -2] }, [2, 3]],
  [{ $slice: [[1, 2, 3], 0] }, []],
  [{ $slice: [[1, 2, 3], -5] }, [1, 2, 3]],
  [{ $slice: [[1, 2, 3], 1, 1] }, [2]],
  [{ $slice: [[1, 2, 3], -2, 1] }, [2]],
  [{ $slice: [[1, 2, 3], -5, 2] }, [1, 2]],
  [{ $slice: [[1, 2, 3], 15, 2] }, []],
  [{ $slice: [null, 2] }, null],
  [{ $slice: [[1], 0, null] }, null],
  [{ $slice: [[1], 0, '$absent'] }, null],
  [{ $slice: [1, 2] }, error(28724)],
  [{ $slice: [[1], 'x'] }, error(28725)],
  [{ $slice: [[1], 1.5] }, error(28726)],
  [{ $slice: [[1], 0, 'x'] }, error(28727)],
  [{ $slice: [[1], 0, 1.5] }, error(28728)],
  [{ $slice: [[1], 0, 0] }, error(28729)],
  [{ $slice: [[1]] }, error(28667)],
  [{ $in: [2, [1, 2, 3]] }, true],
  [{ $in: ['abc', ['xyz', 'abc']] }, true],
  [{ $in: [1, 5] }, error(40081)],
  [{ $in: ['$absent', [null]] }, false],
  [{ $indexOfArray: [['a', 'abc'], 'a'] }, 0],
  [{ $indexOfArray: [['a', 'abc', 'de', ['de']], ['de']] }, 3],
  [{ $indexOfArray: [[1, 2], 5] }, -1],
  [{ $indexOfArray: [[1, 2, 3, 2, 1], 2, 2] }, 3],
  [{ $indexOfArray: [[1, 2, 3, 2, 1], 2, 2, 3] }, -1],
  [{ $indexOfArray: [[1, 2], 2, 20] }, -1],
  [{ $indexOfArray: [[1, 2], 2, 0, 20] }, 1],
  [{ $indexOfArray: ['$absent', 2] }, null],
  [{ $indexOfArray: [1, 2] }, error(40090)],
  [{ $indexOfArray: [[1], 2, -1] }, error(40097)],
  [{ $indexOfArray: [[1], 2, '$absent'] }, error(40096)],
  [{ $concatArrays: [['hello', ' '], ['world']] }, ['hello', ' ', 'world']],
  [{ $concatArrays: [[1], null, 5] }, null],
  [{ $concatArrays: [[1], 5] }, error(28664)],
  [{ $concatArrays: [] }, []],
  [{ $reverseArray: [[1, 2, 3]] }, [3, 2, 1]],
  [{ $reverseArray: null }, null],
  [{ $reverseArray: 1 }, error(34435)],
]);

table('$range', [
  [{ $range: [0, 5] }, [0, 1, 2, 3, 4]],
  [{ $range: [0, 10, 3] }, [0, 3, 6, 9]],
  [{ $range: [10, 0, -5] }, [10, 5]],
  [{ $range: [0, 5, -1] }, []],
  [{ $range: [2147483640, 2147483647, 5] }, [2147483640, 2147483645]],
  [{ $range: [0, 2147483647] }, error(146)],
  [{ $range: [-2147483648, 2147483647] }, error(146)],
  [{ $range: ['x', 1] }, error(34443)],
  [{ $range: [0.5, 1] }, error(34444)],
  [{ $range: [0, null] }, error(34445)],
  [{ $range: [0, 2147483648] }, error(34446)],
  [{ $range: [0, 1, 'x'] }, error(34447)],
  [{ $range: [0, 1, 0.5] }, error(34448)],
  [{ $range: [0, 1, 0] }, error(34449)],
  [{ $range: [0, 1, '$absent'] }, error(34447)],
]);

table('running over arrays', [
  [{ $map: { input: [1, 2], as: 'n', in: { $add: ['$$n', 1] } } }, [2, 3]],
  [{ $map: { input: '$a', in: '$$this.x' } }, [1, null], { a: [{ x: 1 }, {}] }],
  [{ $map: { input: null, in: 1 } }, null],
  [
    {
      $map: { input: [1, 2], as: 'x', in: { $map: { input: [10], as: 'y', in: { $add: ['$$x', '$$y'] } } } },
    },
    [[11], [12]],
  ],
  [{ $map: { input: [{ a: 1 }], as: 'CURRENT', in: '$a' } }, [1]],
  [{ $map: { input: 1, in: 1 } }, error(16883)],
  [{ $map: { input: [1], as: 'X', in: 1 } }, error(9)],
  [{ $map: { input: [1], as: 5, in: 1 } }, error(9)],
  [{ $map: { input: [1], as: 'x', in: '$$y' } }, error(17276)],
  [{ $map: { input: '$$this', in: 1 } }, error(17276)],
  [{ $map: { in: 1 } }, error(16880)],
  [{ $map: { input: 1 } }, error(16882)],
  [{ $map: { input: 1, in: 1, x: 1 } }, error(16879)],
  [{ $map: 1 }, error(16878)],
  [{ $filter: { input: [1, 'a', 5], as: 'v', cond: { $isNumber: '$$v' } } }, [1, 5]],
  [{ $filter: { input: [1, 2, 3, 4], cond: { $gt: ['$$this', 1] }, limit: 2 } }, [2, 3]],
  [{ $filter: { input: [1, 2], cond: true, limit: null } }, [1, 2]],
  [{ $filter: { input: '$absent', cond: 1 } }, null],
  [{ $filter: { input: [], cond: 1, limit: 0 } }, []],
  [{ $filter: { input: 1, cond: 1 } }, error(28651)],
  [{ $filter: { input: [1], cond: 1, limit: 0 } }, error(327392)],
  [{ $filter: { input: [1], cond: 1, limit: 1.5 } }, error(327391)],
  [{ $filter: { cond: 1 } }, error(28648)],
  [{ $filter: { input: 1 } }, error(28650)],
  [{ $filter: { input: 1, cond: 1, x: 1 } }, error(28647)],
  [{ $filter: 1 }, error(28646)],
  [{ $reduce: { input: ['a', 'b', 'c'], initialValue: '', in: { $concat: ['$$value', '$$this'] } } }, 'abc'],
  [
    {
      $reduce: {
        input: [1, 2, 3, 4],
        initialValue: { sum: 5, product: 2 },
        in: {
          sum: { $add: ['$$value.sum', '$$this'] },
          product: { $multiply: ['$$value.product', '$$this'] },
        },
      },
    },
    { sum: 15, product: 48 },
  ],
  [{ $reduce: { input: [], initialValue: 1, in: 2 } }, 1],
  [{ $reduce: { input: null, initialValue: 1, in: 2 } }, null],
  [{ $reduce: { input: [1], initialValue: 1, in: '$$REMOVE' } }, MISSING],
  [{ $reduce: { input: 1, initialValue: 1, in: 2 } }, error(40080)],
  [{ $reduce: { initialValue: 1, in: 2 } }, error(40077)],
  [{ $reduce: { input: 1, in: 2 } }, error(40078)],
  [{ $reduce: { input: 1, initialValue: 1 } }, error(40079)],
  [{ $reduce: { input: 1, initialValue: '$$value', in: 2 } }, error(17276)],
  [{ $reduce: { input: 1, initialValue: 1, in: 2, as: 'x' } }, error(40076)],
  [{ $reduce: 1 }, error(40075)],
  [{ $zip: { inputs: [['a'], ['b'], ['c']] } }, [['a', 'b', 'c']]],
  [{ $zip: { inputs: [[1, 2, 3], ['a']] } }, [[1, 'a']]],
  [
    { $zip: { inputs: [[1, 2, 3], ['a']], useLongestLength: true } },
    [
      [1, 'a'],
      [2, null],
      [3, null],
    ],
  ],
  [
    { $zip: { inputs: [[1], ['a', 'b']], useLongestLength: true, defaults: [0, 'z'] } },
    [
      [1, 'a'],
      [0, 'b'],
    ],
  ],
  [{ $zip: { inputs: [[1], null] } }, null],
  [{ $zip: { inputs: [1] } }, error(34468)],
  [{ $zip: { inputs: [[1]], defaults: [1] } }, error(34466)],
  [{ $zip: { inputs: [[1]], defaults: [1, 2], useLongestLength: true } }, error(34467)],
  [{ $zip: { inputs: [] } }, error(34465)],
  [{ $zip: { inputs: 1 } }, error(34461)],
  [{ $zip: { inputs: [[1]], defaults: 1 } }, error(34462)],
  [{ $zip: { inputs: [[1]], useLongestLength: 1 } }, error(34463)],
  [{ $zip: { inputs: [[1]], x: 1 } }, error(34464)],
  [{ $zip: 1 }, error(34460)],
]);

table('$sortArray', [
  [{ $sortArray: { input: [3, 'a', 1, null], sortBy: 1 } }, [null, 1, 3, 'a']],
  [{ $sortArray: { input: [1, 3, 2], sortBy: -1 } }, [3, 2, 1]],
  [
    { $sortArray: { input: '$team', sortBy: { 'address.city': 1, age: -1 } } },
    [
      { n: 1, age: 30 },
      { n: 3, age: 30, address: { city: 'A' } },
      { n: 2, age: 20, address: { city: 'A' } },
    ],
    {
      team: [
        { n: 1, age: 30 },
        { n: 2, age: 20, address: { city: 'A' } },
        { n: 3, age: 30, address: { city: 'A' } },
      ],
    },
  ],
  [{ $sortArray: { input: null, sortBy: 1 } }, null],
  [{ $sortArray: { input: 5, sortBy: 1 } }, error(2942504)],
  [{ $sortArray: { input: [], sortBy: 2 } }, error(2942506)],
  [{ $sortArray: { input: [], sortBy: 'x' } }, error(2942507)],
  [{ $sortArray: { input: [], sortBy: { a: 'x' } } }, error(2942505)],
  [{ $sortArray: { input: [], sortBy: {} } }, error(2942505)],
  [{ $sortArray: { input: [] } }, error(2942503)],
  [{ $sortArray: { sortBy: 1 } }, error(2942502)],
  [{ $sortArray: { input: [], sortBy: 1, x: 1 } }, error(2942501)],
  [{ $sortArray: [] }, error(2942500)],
]);

table('accumulators over arrays', [
  [{ $sum: '$a' }, 6, { a: [1, 2, 'x', 3] }],
  [{ $sum: ['$a', '$b'] }, 5, { a: 5, b: [1, 2] }],
  [{ $sum: [2147483647, 1] }, long(2147483648)],
  [{ $sum: [long('9223372036854775807'), 1] }, 2 ** 63],
  [{ $sum: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] }, 4.5],
  [{ $sum: [1, double(2)] }, double(3)],
  [{ $sum: [1, decimal('2.50'), long(1)] }, decimal('4.50')],
  [{ $sum: [decimal('1'), 0.1] }, decimal('1.100000000000000005551115123125783')],
  [{ $sum: [1, Infinity] }, Infinity],
  [{ $sum: [-Infinity, Infinity] }, Number.NaN],
  [{ $sum: [] }, 0],
  [{ $sum: '$absent' }, 0],
  [{ $sum: [long('9007199254740993'), 0.5, long('-9007199254740993')] }, 0.5],
  [{ $avg: '$a' }, 2.5, { a: [1, 2, 3, 4] }],
  [{ $avg: [1, 'x'] }, double(1)],
  [{ $avg: ['x'] }, null],
  [{ $avg: [decimal('1'), 2] }, decimal('1.5')],
  [{ $max: '$a' }, 'x', { a: [1, null, 'x'] }],
  [{ $min: [null, 3, 1] }, 1],
  [{ $min: '$absent' }, null],
  [{ $stdDevPop: [[2, 4, 4, 4, 5, 5, 7, 9]] }, double(2)],
  [{ $stdDevSamp: [[1]] }, null],
  [{ $stdDevSamp: [[1, 3]] }, Math.sqrt(2)],
  [{ $stdDevPop: [[]] }, null],
  [{ $firstN: { n: 2, input: [1, 2, 3] } }, [1, 2]],
  [{ $lastN: { n: 2, input: [1, 2, 3] } }, [2, 3]],
  [{ $lastN: { n: 20, input: [1, null] } }, [1, null]],
  [{ $maxN: { n: 2, input: [1, null, 'x', 5] } }, ['x', 5]],
  [{ $minN: { n: 2, input: [5, 1, 3] } }, [1, 3]],
  [{ $minN: { n: 0, input: [1] } }, error(5787908)],
  [{ $minN: { n: 'x', input: [1] } }, error(5787902)],
  [{ $minN: { n: 1.5, input: [1] } }, error(5787903)],
  [{ $minN: { n: 1, input: 1 } }, error(5788200)],
  [{ $minN: { n: 1 } }, error(5787907)],
  [{ $minN: { input: 1 } }, error(5787906)],
  [{ $minN: { n: 1, input: [1], x: 1 } }, error(5787901)],
  [{ $minN: 1 }, error(5787900)],
  [{ $firstN: 1 }, error(5787801)],
  [{ $median: { input: [1, 2, 3, 4], method: 'approximate' } }, double(2)],
  [{ $median: { input: 'x', method: 'approximate' } }, null],
  [
    { $percentile: { input: [1, 2, 3, 4, 5], p: [0, 0.5, 0.9, 1], method: 'approximate' } },
    [double(1), double(3), double(5), double(5)],
  ],
  [{ $percentile: { input: 7, p: [0.5], method: 'approximate' } }, [double(7)]],
  [{ $percentile: { input: [], p: [0.5, 0.9], method: 'approximate' } }, [null, null]],
  [{ $percentile: { input: [], p: [0.5], method: 'continuous' } }, error(2)],
  [{ $percentile: { input: [], p: [0.5], method: 1 } }, error(14)],
  [{ $percentile: { input: [], p: '$p', method: 'approximate' } }, error(7750300)],
  [{ $percentile: { input: [], p: [], method: 'approximate' } }, error(7750301)],
  [{ $percentile: { input: [], p: ['x'], method: 'approximate' } }, error(7750302)],
  [{ $percentile: { input: [], p: [2], method: 'approximate' } }, error(7750303)],
  [{ $percentile: { input: [], p: [0.5] } }, error(40414)],
  [{ $percentile: { input: [], p: [0.5], method: 'approximate', x: 1 } }, error(40415)],
  [{ $percentile: 1 }, error(7436200)],
  [{ $median: 1 }, error(7436201)],
]);

table('odds and ends', [
  [{ $tsSecond: new Timestamp({ t: 7, i: 3 }) }, long(7)],
  [{ $tsIncrement: new Timestamp({ t: 7, i: 3 }) }, long(3)],
  [{ $tsSecond: null }, null],
  [{ $tsSecond: 1 }, error(5687301)],
  [{ $tsIncrement: 1 }, error(5687302)],
  [{ $rand: { a: 1 } }, error(3040501)],
  [{ $meta: 'textScore' }, error(40218)],
  [{ $meta: 'nonsense' }, error(17308)],
  [{ $meta: 1 }, error(17307)],
  [{ $function: { body: 'x', args: [], lang: 'js' } }, error(238)],
  [{ $toHashedIndexKey: 1 }, error(238)],
]);

test('$rand gives a number from 0 up to 1', () => {
  const numbers = Array.from({ length: 20 }, () => Number(evaluate({ $rand: {} })));
  expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(1);
});

const range = (n: number) => ({ $range: [0, n] });
const doubled = { $concatArrays: ['$$value', '$$value'] };

test.each([
  ['an array that doubles', { $reduce: { input: range(60), initialValue: [1], in: doubled } }, 146],
  [
    'a text that doubles',
    { $reduce: { input: range(60), initialValue: 'ab', in: { $concat: ['$$value', '$$value'] } } },
    10334,
  ],
  [
    'arrays in arrays in arrays',
    { $map: { input: range(3000), in: { $map: { input: range(3000), as: 'x', in: range(3000) } } } },
    146,
  ],
  [
    'documents of long texts',
    {
      $map: {
        input: range(200),
        in: {
          a: { $reduce: { input: range(20), initialValue: 'ab', in: { $concat: ['$$value', '$$value'] } } },
        },
      },
    },
    146,
  ],
  ['values nested by $reduce', { $reduce: { input: range(100_000), initialValue: 1, in: ['$$value'] } }, 15],
  [
    'documents nested by $reduce',
    {
      $reduce: { input: range(100_000), initialValue: {}, in: { a: { $mergeObjects: [{ b: '$$value' }] } } },
    },
    15,
  ],
  ['a replacement that explodes', { $replaceAll: { input: '$a', find: 'a', replacement: '$a' } }, 10334],
  ['a long text split at each letter', { $size: { $split: ['$a', 'a'] } }, undefined],
])('%s stays within bounds', (_, spec, code) => {
  expect(codeOf(() => evaluate(spec, { a: 'a'.repeat(100_000) }))).toBe(code);
});

test('what an expression drops does not count against its memory', () => {
  const appended = { $concatArrays: ['$$value', ['$$this']] };
  const spec = { $size: { $reduce: { input: range(8000), initialValue: [], in: appended } } };
  expect(evaluate(spec)).toBe(8000);
});
