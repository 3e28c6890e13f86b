import { describe, expect, test } from '@jest/globals';
import { Binary, BSONRegExp, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { decimal, double, error, evaluate, long, MISSING, shown, table } from './tests/table.ts';

const id = new ObjectId('5ab9c3da31c2ab715d421285');
const convert = (input: unknown, to: unknown, more: object = {}) => ({ $convert: { input, to, ...more } });

table('conversions', [
  [convert('5', 'int'), 5],
  [convert('1.5', 'double'), 1.5],
  [convert('2', 'double'), double(2)],
  [convert('1.10', 'decimal'), decimal('1.10')],
  [convert('9223372036854775807', 'long'), long('9223372036854775807')],
  [convert('2018-03-03', 'date'), new Date('2018-03-03')],
  [convert('', 'bool'), true],
  [convert(1.9, 'int'), 1],
  [convert(-1.9, 'long'), long(-1)],
  [convert(decimal('1.9'), 'int'), 1],
  [convert(1.9, 'decimal'), decimal('1.90000000000000')],
  [convert(double(0), 'bool'), false],
  [convert(true, 'double'), double(1)],
  [convert(false, 'string'), 'false'],
  [convert(id, 'string'), '5ab9c3da31c2ab715d421285'],
  [convert(id, 'date'), new Date('2018-03-27T04:08:58Z')],
  [convert('5ab9c3da31c2ab715d421285', 'objectId'), id],
  [convert(new Date(123), 'long'), long(123)],
  [convert(new Date(123), 'double'), double(123)],
  [convert(new Date(123), 'string'), '1970-01-01T00:00:00.123Z'],
  [convert(long(120000000000), 'date'), new Date(120000000000)],
  [convert(1.9, 'date'), new Date(1)],
  [convert(new Timestamp({ t: 1, i: 9 }), 'date'), new Date(1000)],
  [convert(new Timestamp({ t: 0, i: 0 }), 'bool'), true],
  [convert(new MinKey(), 'bool'), true],
  [convert([], 'bool'), true],
  [convert('5', 16), 5],
  [convert('5', double(1)), double(5)],
  [convert(null, 'int'), null],
  [convert('$absent', 'int', { onNull: 'none' }), 'none'],
  [convert('x', null), null],
  [convert(null, null, { onNull: 1 }), 1],
  [convert('x', 'int', { onError: 'bad' }), 'bad'],
  [convert('x', 'int', { onError: '$$REMOVE' }), MISSING],
  [convert(1, 'missing', { onError: 'bad' }), 'bad'],
  [convert({ $divide: [1, 0] }, 'int', { onError: 'bad' }), error(2)],
  [convert('x', 'int'), error(241)],
  [convert('1.5', 'int'), error(241)],
  [convert('0x1F', 'double'), error(241)],
  [convert('2147483648', 'int'), error(241)],
  [convert(2147483648, 'int'), error(241)],
  [convert(Number.NaN, 'int'), error(241)],
  [convert(Infinity, 'long'), error(241)],
  [convert(1e300, 'long'), error(241)],
  [convert(1, 'date'), error(241)],
  [convert(1e18, 'date'), error(241)],
  [convert('zz', 'objectId'), error(241)],
  [convert('zzzzzzzzzzzzzzzzzzzzzzzz', 'objectId'), error(241)],
  [convert(1, 'objectId'), error(241)],
  [convert(id, 'int'), error(241)],
  [convert({}, 'string'), error(241)],
  [convert(1, 'array'), error(241)],
  [convert(1, 'nonsense'), error(2)],
  [convert(1, 1.5), error(9)],
  [convert(1, 99), error(9)],
  [convert(1, true), error(9)],
  [{ $convert: 1 }, error(9)],
  [{ $convert: { input: 1 } }, error(9)],
  [{ $convert: { input: 1, to: 'int', x: 1 } }, error(9)],
  [{ $toInt: '7' }, 7],
  [{ $toBool: 'false' }, true],
  [{ $toLong: true }, long(1)],
  [{ $toDouble: '-1e3' }, double(-1000)],
  [{ $toDecimal: 5 }, decimal('5')],
  [{ $toDate: '2018-03-20T11:00:06Z' }, new Date('2018-03-20T11:00:06Z')],
  [{ $toObjectId: '5ab9c3da31c2ab715d421285' }, id],
  [{ $toString: null }, null],
  [{ $toInt: [1, 2] }, error(50723)],
]);

table('types', [
  [{ $type: 1 }, 'int'],
  [{ $type: double(1) }, 'double'],
  [{ $type: '$absent' }, 'missing'],
  [{ $type: [null] }, 'null'],
  [{ $type: [[]] }, 'array'],
  [{ $type: new MaxKey() }, 'maxKey'],
  [{ $type: new Binary(Buffer.alloc(1)) }, 'binData'],
  [{ $type: { $literal: { _bsontype: 'ObjectId' } } }, 'object'],
  [{ $isNumber: long(1) }, true],
  [{ $isNumber: '1' }, false],
  [{ $isArray: [[1]] }, true],
  [{ $isArray: '$absent' }, false],
]);

table('sets', [
  [
    {
      $setUnion: [
        [3, 1],
        [double(1), 2],
      ],
    },
    [1, 2, 3],
  ],
  [{ $setUnion: [] }, []],
  [{ $setUnion: [[1], null] }, null],
  [{ $setUnion: [[1], 1] }, error(17043)],
  [
    {
      $setIntersection: [
        [2, 1, 1],
        [1, 2, 3],
      ],
    },
    [1, 2],
  ],
  [{ $setIntersection: [[['a']], ['a']] }, []],
  [{ $setIntersection: [] }, []],
  [{ $setIntersection: [[1], 1] }, error(17047)],
  [{ $setDifference: [[3, 1, 3, 2], [1]] }, [3, 2]],
  [{ $setDifference: [[1], '$absent'] }, null],
  [{ $setDifference: [1, [1]] }, error(17048)],
  [{ $setDifference: [[1], 1] }, error(17049)],
  [
    {
      $setIsSubset: [
        [1, 1],
        [1, 2],
      ],
    },
    true,
  ],
  [{ $setIsSubset: [[{ a: 1 }], [{ a: long(1) }]] }, true],
  [{ $setIsSubset: [[1], null] }, error(17042)],
  [{ $setIsSubset: [null, [1]] }, error(17046)],
  [
    {
      $setEquals: [
        [1, 2, 1],
        [2, 1],
      ],
    },
    true,
  ],
  [
    {
      $setEquals: [
        [1, 2],
        [2, 3],
      ],
    },
    false,
  ],
  [{ $setEquals: [[1], [1], [1, 2]] }, false],
  [{ $setEquals: [[1]] }, error(17045)],
  [{ $setEquals: [[1], 1] }, error(17044)],
]);

table('objects', [
  [{ $mergeObjects: [{ a: 1, b: 1 }, null, { b: 2 }, '$absent'] }, { a: 1, b: 2 }],
  [{ $mergeObjects: [] }, {}],
  [{ $mergeObjects: '$a' }, { x: 1 }, { a: { x: 1 } }],
  [{ $mergeObjects: '$a' }, { x: 2, y: 3 }, { a: [{ x: 1 }, null, { x: 2, y: 3 }] }],
  [{ $mergeObjects: [1] }, error(40400)],
  [{ $mergeObjects: [[{ x: 1 }], {}] }, error(40400)],
  [
    { $objectToArray: { x: 1, y: 'z' } },
    [
      { k: 'x', v: 1 },
      { k: 'y', v: 'z' },
    ],
  ],
  [{ $objectToArray: null }, null],
  [{ $objectToArray: 1 }, error(40390)],
  [
    {
      $arrayToObject: {
        $literal: [
          ['a', 1],
          ['b', 2],
          ['a', 3],
        ],
      },
    },
    { a: 3, b: 2 },
  ],
  [{ $arrayToObject: { $literal: [{ k: 'a', v: 1 }] } }, { a: 1 }],
  [{ $arrayToObject: { $literal: [] } }, {}],
  [{ $arrayToObject: null }, null],
  [{ $arrayToObject: 1 }, error(40386)],
  [{ $arrayToObject: { $literal: [1] } }, error(40398)],
  [{ $arrayToObject: { $literal: [['a', 1], { k: 'a', v: 1 }] } }, error(40396)],
  [{ $arrayToObject: { $literal: [['a']] } }, error(40397)],
  [{ $arrayToObject: { $literal: [[1, 1]] } }, error(40395)],
  [{ $arrayToObject: { $literal: [['a\0', 1]] } }, error(4940400)],
  [{ $arrayToObject: { $literal: [{ k: 'a', v: 1 }, ['a', 1]] } }, error(40391)],
  [{ $arrayToObject: { $literal: [{ k: 'a' }] } }, error(40392)],
  [{ $arrayToObject: { $literal: [{ k: 'a', w: 1 }] } }, error(40393)],
  [{ $arrayToObject: { $literal: [{ k: 1, v: 1 }] } }, error(40394)],
  [{ $arrayToObject: { $literal: [{ k: 'a\0', v: 1 }] } }, error(4940401)],
  [{ $getField: 'a.b' }, 1, { 'a.b': 1 }],
  [{ $getField: { $literal: '$price' } }, 5, { $price: 5 }],
  [{ $getField: { field: 'a', input: '$x' } }, 1, { x: { a: 1 } }],
  [{ $getField: { field: 'a', input: null } }, null],
  [{ $getField: { field: 'a', input: 5 } }, MISSING],
  [{ $getField: 'constructor' }, MISSING],
  [{ $getField: '$a' }, error(5654600)],
  [{ $getField: { $concat: ['$a', 'b'] } }, error(5654601)],
  [{ $getField: 5 }, error(5654602)],
  [{ $getField: { field: 'a', x: 1 } }, error(3041701)],
  [{ $getField: { input: 'a' } }, error(3041702)],
  [{ $getField: { field: 'a' } }, error(3041703)],
  [{ $setField: { field: 'a.b', input: '$$ROOT', value: 2 } }, { x: 1, 'a.b': 2 }, { x: 1 }],
  [{ $setField: { field: 'x', input: '$$ROOT', value: '$$REMOVE' } }, { y: 1 }, { x: 1, y: 1 }],
  [{ $setField: { field: 'x', input: null, value: 1 } }, null],
  [{ $setField: { field: 'x', input: 5, value: 1 } }, error(4161105)],
  [{ $setField: { field: '$x', input: {}, value: 1 } }, error(4161108)],
  [{ $setField: { field: 5, input: {}, value: 1 } }, error(4161107)],
  [{ $setField: { field: { $toUpper: '$x' }, input: {}, value: 1 } }, error(4161106)],
  [{ $setField: { field: 'x', input: {} } }, error(4161103)],
  [{ $setField: { field: 'x', value: 1 } }, error(4161109)],
  [{ $setField: { input: {}, value: 1 } }, error(4161102)],
  [{ $setField: { field: 'x', input: {}, value: 1, y: 1 } }, error(4161101)],
  [{ $setField: 1 }, error(4161100)],
  [{ $unsetField: { field: 'x', input: '$$ROOT' } }, { y: 1 }, { x: 1, y: 1 }],
  [{ $unsetField: { field: 'x', input: {}, value: 1 } }, error(4161101)],
  [{ $bsonSize: '$$ROOT' }, 12, { a: 1 }],
  [{ $bsonSize: null }, null],
  [{ $bsonSize: 5 }, error(31393)],
]);

describe('$getField and $setField', () => {
  test('reach a field named __proto__', () => {
    const set = { $setField: { field: '__proto__', input: {}, value: 5 } };
    expect(shown(evaluate(set))).toEqual([['__proto__', 5]]);
    expect(evaluate({ $getField: { field: '__proto__', input: set } })).toBe(5);
  });
});

test('a regular expression is equal to itself in a set', () => {
  const regex = new BSONRegExp('a', 'i');
  expect(evaluate({ $setUnion: [[regex], [new BSONRegExp('a', 'i')]] })).toEqual([regex]);
});
