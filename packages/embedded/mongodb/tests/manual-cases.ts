/** What MongoDB's manual says of 47 small things that a shop's back end does. Values are Extended JSON. */

export interface Case {
  name: string;
  docs: object[];
  /** One of the three: a filter tells which documents match, a pipeline or an update what comes out. */
  filter?: object;
  pipeline?: object[];
  update?: object;
  expected: object[] | 'an error';
}

const long = (text: string) => ({ $numberLong: text });
const decimal = (text: string) => ({ $numberDecimal: text });
const date = (text: string) => ({ $date: text });
const project = (expression: unknown) => [{ $project: { _id: 0, x: expression } }];

export const cases: Case[] = [
  // Numbers of every type
  {
    name: 'Int32 finds an equal Int64',
    docs: [{ a: long('5') }],
    filter: { a: 5 },
    expected: [{ a: long('5') }],
  },
  {
    name: 'Int32 finds an equal Decimal128',
    docs: [{ a: decimal('5') }],
    filter: { a: 5 },
    expected: [{ a: decimal('5') }],
  },
  {
    name: '$gt on a Decimal128',
    docs: [{ a: decimal('1.5') }],
    filter: { a: { $gt: 1 } },
    expected: [{ a: decimal('1.5') }],
  },
  {
    name: '$in on an Int64',
    docs: [{ a: long('7') }],
    filter: { a: { $in: [6, 7] } },
    expected: [{ a: long('7') }],
  },
  {
    name: '$type: "long"',
    docs: [{ a: long('1') }, { a: 1 }],
    filter: { a: { $type: 'long' } },
    expected: [{ a: long('1') }],
  },
  {
    name: '$mod of a double cuts it off',
    docs: [{ a: 4.5 }],
    filter: { a: { $mod: [4, 0] } },
    expected: [{ a: 4.5 }],
  },
  {
    name: '$add past 2^53',
    docs: [{ a: long('9007199254740993') }],
    pipeline: project({ $add: ['$a', 1] }),
    expected: [{ x: long('9007199254740994') }],
  },
  {
    name: '$sum of Decimal128',
    docs: [{ a: decimal('0.1') }, { a: decimal('0.2') }],
    pipeline: [{ $group: { _id: null, x: { $sum: '$a' } } }],
    expected: [{ _id: null, x: decimal('0.3') }],
  },
  {
    name: '$group by Int32 and Int64 alike',
    docs: [{ a: 1 }, { a: long('1') }],
    pipeline: [{ $group: { _id: '$a', n: { $sum: 1 } } }, { $project: { _id: 0, n: 1 } }],
    expected: [{ n: 2 }],
  },
  {
    name: '$sort mixes number types by value',
    docs: [{ a: 3 }, { a: long('1') }, { a: decimal('2') }],
    pipeline: [{ $sort: { a: 1 } }],
    expected: [{ a: long('1') }, { a: decimal('2') }, { a: 3 }],
  },
  {
    name: '$inc of an Int64',
    docs: [{ a: long('9007199254740993') }],
    update: { $inc: { a: 1 } },
    expected: [{ a: long('9007199254740994') }],
  },
  { name: '$inc of a string', docs: [{ a: 'x' }], update: { $inc: { a: 1 } }, expected: 'an error' },
  {
    name: '$mul of a missing field',
    docs: [{ b: 1 }],
    update: { $mul: { a: 3 } },
    expected: [{ b: 1, a: 0 }],
  },
  {
    name: '$addToSet knows equal numbers',
    docs: [{ a: [1] }],
    update: { $addToSet: { a: long('1') } },
    expected: [{ a: [1] }],
  },
  {
    name: '$min keeps the lower of two types',
    docs: [{ a: long('4') }],
    update: { $min: { a: 3 } },
    expected: [{ a: 3 }],
  },
  {
    name: '$pull by value across types',
    docs: [{ a: [1, long('2'), 3] }],
    update: { $pull: { a: 2 } },
    expected: [{ a: [1, 3] }],
  },
  { name: '$toInt of text', docs: [{ a: '12' }], pipeline: project({ $toInt: '$a' }), expected: [{ x: 12 }] },
  {
    name: '$toInt of text that is none',
    docs: [{ a: '12 pieces' }],
    pipeline: project({ $toInt: '$a' }),
    expected: 'an error',
  },
  { name: '$divide by zero', docs: [{}], pipeline: project({ $divide: [1, 0] }), expected: 'an error' },
  {
    name: '$round goes to even',
    docs: [{}],
    pipeline: project({ $round: [2.25, 1] }),
    expected: [{ x: 2.2 }],
  },
  {
    name: '$trunc behind the point',
    docs: [{}],
    pipeline: project({ $trunc: [1234.56, 1] }),
    expected: [{ x: 1234.5 }],
  },
  // Comparison and order
  {
    name: 'documents compare with their field order',
    docs: [{ a: { y: 2, x: 1 } }],
    filter: { a: { x: 1, y: 2 } },
    expected: [],
  },
  { name: 'null finds what is missing', docs: [{ b: 1 }], filter: { a: null }, expected: [{ b: 1 }] },
  {
    name: 'ranges keep to their type',
    docs: [{ a: 'x' }, { a: 6 }],
    filter: { a: { $gt: 5 } },
    expected: [{ a: 6 }],
  },
  {
    name: 'a range of dates finds no numbers',
    docs: [{ a: 3 }],
    filter: { a: { $lt: date('2020-01-01T00:00:00Z') } },
    expected: [],
  },
  {
    name: 'an array finds itself inside an array',
    docs: [{ a: [[1], 2] }],
    filter: { a: [1] },
    expected: [{ a: [[1], 2] }],
  },
  {
    name: 'an index in a path',
    docs: [{ a: [{ b: 1 }] }],
    filter: { 'a.0.b': 1 },
    expected: [{ a: [{ b: 1 }] }],
  },
  {
    name: '$elemMatch on plain values',
    docs: [{ a: [1, 2] }],
    filter: { a: { $elemMatch: { $gt: 1, $lt: 3 } } },
    expected: [{ a: [1, 2] }],
  },
  {
    name: '$sort of mixed types',
    docs: [{ a: 'x' }, { a: 1 }, { a: null }, { a: true }, { a: [0] }],
    pipeline: [{ $sort: { a: 1 } }],
    expected: [{ a: null }, { a: [0] }, { a: 1 }, { a: 'x' }, { a: true }],
  },
  {
    name: '$sort of text by its UTF-8 bytes',
    docs: [{ a: '\u{1F600}' }, { a: '\uFF5E' }],
    pipeline: [{ $sort: { a: 1 } }],
    expected: [{ a: '\uFF5E' }, { a: '\u{1F600}' }],
  },
  { name: 'an unknown operator', docs: [{ a: 1 }], filter: { a: { $foo: 1 } }, expected: 'an error' },
  // Stages
  {
    name: '$bucket at a boundary',
    docs: [{ p: 10 }],
    pipeline: [{ $bucket: { groupBy: '$p', boundaries: [0, 10, 20], output: { n: { $sum: 1 } } } }],
    expected: [{ _id: 10, n: 1 }],
  },
  {
    name: '$bucket without a bucket',
    docs: [{ p: 99 }],
    pipeline: [{ $bucket: { groupBy: '$p', boundaries: [0, 10, 20] } }],
    expected: 'an error',
  },
  {
    name: '$unwind drops missing and empty',
    docs: [{ b: 1 }, { a: [] }, { a: 5 }],
    pipeline: [{ $unwind: '$a' }],
    expected: [{ a: 5 }],
  },
  {
    name: '$avg of nothing',
    docs: [{ a: 1 }],
    pipeline: [{ $group: { _id: null, x: { $avg: '$z' } } }],
    expected: [{ _id: null, x: null }],
  },
  {
    name: 'a field path spreads over an array',
    docs: [{ a: [{ b: 1 }, { c: 2 }] }],
    pipeline: project('$a.b'),
    expected: [{ x: [1] }],
  },
  // Expressions
  {
    name: '$switch without a match',
    docs: [{}],
    // biome-ignore lint/suspicious/noThenProperty: MongoDB's $switch calls it so
    pipeline: project({ $switch: { branches: [{ case: false, then: 1 }] } }),
    expected: 'an error',
  },
  {
    name: '$concat with null',
    docs: [{}],
    pipeline: project({ $concat: ['a', null] }),
    expected: [{ x: null }],
  },
  {
    name: '$cond takes empty text for true',
    docs: [{}],
    pipeline: project({ $cond: ['', 1, 2] }),
    expected: [{ x: 1 }],
  },
  {
    name: '$toUpper is for ASCII',
    docs: [{ a: 'é' }],
    pipeline: project({ $toUpper: '$a' }),
    expected: [{ x: 'é' }],
  },
  {
    name: 'the year of an ISO week',
    docs: [{ d: date('2021-01-03T00:00:00Z') }],
    pipeline: project({ $dateToString: { date: '$d', format: '%G-W%V' } }),
    expected: [{ x: '2020-W53' }],
  },
  {
    name: '$dateAdd at the end of a month',
    docs: [{ d: date('2024-01-31T00:00:00Z') }],
    pipeline: project({ $dateAdd: { startDate: '$d', unit: 'month', amount: 1 } }),
    expected: [{ x: date('2024-02-29T00:00:00Z') }],
  },
  {
    name: '$dateTrunc to a week in a time zone',
    docs: [{ d: date('2024-03-12T02:00:00Z') }],
    pipeline: project({
      $dateTrunc: { date: '$d', unit: 'week', startOfWeek: 'monday', timezone: 'America/New_York' },
    }),
    expected: [{ x: date('2024-03-11T04:00:00Z') }],
  },
  {
    name: '$strLenBytes counts bytes',
    docs: [{ a: 'é' }],
    pipeline: project({ $strLenBytes: '$a' }),
    expected: [{ x: 2 }],
  },
  { name: 'an unknown expression', docs: [{}], pipeline: project({ $foo: 1 }), expected: 'an error' },
  { name: 'an undefined variable', docs: [{}], pipeline: project('$$nobody'), expected: 'an error' },
  {
    name: '$push sorts, then cuts',
    docs: [{ a: [3, 1] }],
    update: { $push: { a: { $each: [2], $sort: 1, $slice: -2 } } },
    expected: [{ a: [2, 3] }],
  },
];
