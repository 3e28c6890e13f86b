import { describe, expect, test } from '@jest/globals';
import { Binary, BSONRegExp, BSONSymbol, Decimal128, Double, Long, MaxKey, MinKey, ObjectId } from 'bson';
import { makeCollator } from '../values/collation.ts';
import type { Doc } from '../values/types.ts';
import { compileFilter } from './filter.ts';
import { parseFilter } from './parse-filter.ts';

const matching = (filter: Doc, docs: Doc[]) => docs.filter(compileFilter(filter, {})).map((doc) => doc._id);
const one = (filter: Doc, doc: Doc) => compileFilter(filter, {})(doc);

/** The documents and expectations follow MongoDB's own test of null queries. */
describe('null and missing', () => {
  const docs: Doc[] = [
    { _id: 'a_empty_subobject', a: {} },
    { _id: 'a_null', a: null },
    { _id: 'a_number', a: 4 },
    { _id: 'a_subobject_b_not_null', a: { b: 'hi' } },
    { _id: 'a_subobject_b_null', a: { b: null } },
    { _id: 'no_a' },
    { _id: 'a_double_array', a: [[]] },
    { _id: 'a_empty_array', a: [] },
    { _id: 'a_object_array_all_b_nulls', a: [{ b: null }, { b: null }, {}] },
    { _id: 'a_object_array_no_b_nulls', a: [{ b: 1 }, { b: 3 }, { b: 'string' }] },
    { _id: 'a_object_array_some_b_nulls', a: [{ b: null }, { b: 3 }, { b: null }] },
    { _id: 'a_object_array_some_b_missing', a: [{ b: 3 }, {}] },
    { _id: 'a_value_array_all_nulls', a: [null, null] },
    { _id: 'a_value_array_no_nulls', a: [1, 'string', 4] },
    { _id: 'a_value_array_with_null', a: [1, 'string', null, 4] },
  ];
  const aIsNull = ['a_null', 'no_a', 'a_value_array_all_nulls', 'a_value_array_with_null'];
  const abIsNull = [
    'a_empty_subobject',
    'a_null',
    'a_number',
    'a_subobject_b_null',
    'no_a',
    'a_object_array_all_b_nulls',
    'a_object_array_some_b_nulls',
    'a_object_array_some_b_missing',
  ];
  const allBut = (ids: string[]) => docs.map((doc) => doc._id).filter((id) => !ids.includes(id as string));

  test.each<[string, Doc, unknown[]]>([
    ['{a: null}', { a: null }, aIsNull],
    ['{a: {$in: [null]}}', { a: { $in: [null, 75] } }, aIsNull],
    ['{a: {$gte: null}}', { a: { $gte: null } }, aIsNull],
    ['{a: {$gt: null}}', { a: { $gt: null } }, []],
    ['{a: {$ne: null}}', { a: { $ne: null } }, allBut(aIsNull)],
    ['{a: {$nin: [null]}}', { a: { $nin: [null, 75] } }, allBut(aIsNull)],
    ['{a: {$not: {$gte: null}}}', { a: { $not: { $gte: null } } }, allBut(aIsNull)],
    ["{'a.b': null}", { 'a.b': null }, abIsNull],
    ["{'a.b': {$ne: null}}", { 'a.b': { $ne: null } }, allBut(abIsNull)],
    [
      '{a: {$elemMatch: {$eq: null}}}',
      { a: { $elemMatch: { $eq: null } } },
      ['a_value_array_all_nulls', 'a_value_array_with_null'],
    ],
    [
      '{a: {$elemMatch: {b: null}}}',
      { a: { $elemMatch: { b: null } } },
      [
        'a_double_array',
        'a_object_array_all_b_nulls',
        'a_object_array_some_b_nulls',
        'a_object_array_some_b_missing',
      ],
    ],
    [
      "{'a.b': {$exists: false}}",
      { 'a.b': { $exists: false } },
      [
        'a_empty_subobject',
        'a_null',
        'a_number',
        'no_a',
        'a_double_array',
        'a_empty_array',
        'a_value_array_all_nulls',
        'a_value_array_no_nulls',
        'a_value_array_with_null',
      ],
    ],
  ])('%s', (_, filter, expected) => {
    expect(matching(filter, docs)).toEqual(docs.map((doc) => doc._id).filter((id) => expected.includes(id)));
  });
});

describe('arrays along the path', () => {
  test.each<[Doc, Doc, boolean]>([
    // filter, document, matches
    [{ a: 1 }, { a: [1, 2] }, true],
    [{ a: [1, 2] }, { a: [1, 2] }, true],
    [{ a: [1, 2] }, { a: [[1, 2]] }, true],
    [{ a: [1, 2] }, { a: [[[1, 2]]] }, false],
    [{ a: [2, 1] }, { a: [1, 2] }, false],
    [{ a: 1 }, { a: [[1]] }, false],
    [{ 'a.b': 1 }, { a: [{ b: 1 }] }, true],
    [{ 'a.b': 1 }, { a: [[{ b: 1 }]] }, false],
    [{ 'a.0': 1 }, { a: [1, 2] }, true],
    [{ 'a.1': 1 }, { a: [1, 2] }, false],
    [{ 'a.0': 1 }, { a: [[1]] }, false],
    [{ 'a.0.0': 1 }, { a: [[1]] }, true],
    [{ 'a.0': [1] }, { a: [[1]] }, true],
    [{ 'a.0': 1 }, { a: [{ 0: 1 }] }, true],
    [{ 'a.0': 1 }, { a: { 0: 1 } }, true],
    [{ 'a.00': 1 }, { a: [1] }, false],
    [{ 'a.0.b': 1 }, { a: [{ b: 1 }, { b: 2 }] }, true],
    [{ 'a.1.b': 1 }, { a: [{ b: 1 }, { b: 2 }] }, false],
    [{ 'a.b.c': 1 }, { a: [{ b: [{ c: 0 }, { c: 1 }] }] }, true],
    [{ 'a.b': { $size: 2 } }, { a: [{ b: [1, 2] }] }, true],
    [{ a: { $size: 2 } }, { a: [[1, 2]] }, false],
    [{ a: { $gt: 5, $lt: 3 } }, { a: [1, 9] }, true],
    [{ a: { $elemMatch: { $gt: 5, $lt: 3 } } }, { a: [1, 9] }, false],
    [{ a: { $elemMatch: { $gt: 5 } } }, { a: 9 }, false],
    [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { c: 2 }] }, false],
    [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1, c: 2 }] }, true],
    [{ a: { $elemMatch: { 0: 1 } } }, { a: [[1]] }, true],
    [{ a: { $elemMatch: { $or: [{ b: 1 }, { c: 1 }] } } }, { a: [{ c: 1 }] }, true],
    [{ a: { $all: [1, 2] } }, { a: [2, 3, 1] }, true],
    [{ a: { $all: [1, 2] } }, { a: [1] }, false],
    [{ a: { $all: [1] } }, { a: 1 }, true],
    [{ a: { $all: [[1, 2]] } }, { a: [1, 2] }, true],
    [{ a: { $all: [] } }, { a: [] }, false],
    [
      { a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } },
      { a: [{ b: 1 }, { b: 2 }] },
      true,
    ],
    [{ a: { $exists: true } }, { a: null }, true],
    [{ a: { $exists: 0 } }, { a: null }, false],
    [{ 'a.b': { $exists: true } }, { a: [{ c: 1 }, { b: 1 }] }, true],
    [{ a: { $type: 'array' } }, { a: [] }, true],
    [{ a: { $type: 'array' } }, { a: 1 }, false],
    [{ a: { $type: ['string', 16] } }, { a: [true, 1] }, true],
    [{ a: { $type: 'number' } }, { a: new Double(1) }, true],
    [{ a: { $type: 'long' } }, { a: 1 }, false],
    [{ a: { $type: -1 } }, { a: new MinKey() }, true],
  ])('%j on %j: %j', (filter, doc, expected) => {
    expect(one(filter, doc)).toBe(expected);
  });
});

describe('comparison', () => {
  const id = new ObjectId();
  test.each<[string, Doc, Doc, boolean]>([
    ['numbers of all types are equal', { a: 1 }, { a: Decimal128.fromString('1.0') }, true],
    ['exactly so', { a: Long.fromString('9007199254740993') }, { a: 9007199254740992 }, false],
    ['0.1 is not the decimal 0.1', { a: 0.1 }, { a: Decimal128.fromString('0.1') }, false],
    ['a number is never in order with a string', { a: { $gt: 1 } }, { a: 'x' }, false],
    ['NaN equals NaN', { a: Number.NaN }, { a: Number.NaN }, true],
    ['NaN is below no number', { a: { $lt: 5 } }, { a: Number.NaN }, false],
    ['NaN is at most itself', { a: { $lte: Number.NaN } }, { a: Decimal128.fromString('NaN') }, true],
    ['-0 equals 0', { a: 0 }, { a: new Double(-0) }, true],
    ['everything is above MinKey, even missing', { a: { $gt: new MinKey() } }, {}, true],
    ['everything is below MaxKey', { a: { $lt: new MaxKey() } }, { a: 'x' }, true],
    ['nothing equals MinKey but itself', { a: new MinKey() }, { a: 1 }, false],
    ['documents are equal in the same order only', { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, false],
    ['and in full', { a: { x: 1 } }, { a: { x: 1, y: 2 } }, false],
    ['documents are in order', { a: { $gt: { x: 1 } } }, { a: { x: 2 } }, true],
    ['ObjectIds', { _id: id }, { _id: new ObjectId(id.toHexString()) }, true],
    ['dates', { a: { $lt: new Date(5) } }, { a: new Date(4) }, true],
    ['booleans', { a: { $gt: false } }, { a: true }, true],
    ['false is not 0', { a: false }, { a: 0 }, false],
    ['strings by bytes', { a: { $gt: '\uffff' } }, { a: '\u{10000}' }, true],
    ['a DBRef is a value', { a: { $ref: 'c', $id: 1 } }, { a: { $ref: 'c', $id: 1 } }, true],
    ['its fields can be asked for', { 'a.$id': 1 }, { a: { $ref: 'c', $id: 1 } }, true],
  ])('%s', (_, filter, doc, expected) => {
    expect(one(filter, doc)).toBe(expected);
  });

  test('a collation holds for every comparison of strings', () => {
    const collator = makeCollator({ locale: 'en', strength: 2 })!;
    const match = (filter: Doc, doc: Doc) => compileFilter(filter, { collator })(doc);
    expect(match({ a: 'ABC' }, { a: 'abc' })).toBe(true);
    expect(match({ a: { $in: ['ABC'] } }, { a: ['abc'] })).toBe(true);
    expect(match({ a: { b: 'ABC' } }, { a: { b: 'abc' } })).toBe(true);
    expect(match({ a: { $gt: 'a' } }, { a: 'B' })).toBe(true);
    expect(match({ a: { $ne: 'ABC' } }, { a: 'abc' })).toBe(false);
    expect(match({ a: { $regex: 'ABC' } }, { a: 'abc' })).toBe(false);
  });
});

describe('operators', () => {
  const regex = (pattern: string, options = '') => new BSONRegExp(pattern, options);
  test.each<[string, Doc, Doc, boolean]>([
    ['$regex', { a: { $regex: '^x', $options: 'i' } }, { a: ['y', 'Xa'] }, true],
    ['$options may come first', { a: { $options: 'i', $regex: 'x' } }, { a: 'X' }, true],
    ['a regex as value', { a: regex('b', 'i') }, { a: 'ABC' }, true],
    ['a regex finds its like', { a: regex('b', 'i') }, { a: regex('b', 'i') }, true],
    ['$eq of a regex finds nothing else', { a: { $eq: regex('b') } }, { a: 'b' }, false],
    ['$in with regexes', { a: { $in: [1, regex('^b')] } }, { a: 'bcd' }, true],
    ['$nin with regexes', { a: { $nin: [1, regex('^b')] } }, { a: 'bcd' }, false],
    ['$not with a regex', { a: { $not: regex('^b') } }, { a: 'abc' }, true],
    ['$not matches missing', { a: { $not: { $gt: 1 } } }, {}, true],
    ['$not of two conditions', { a: { $not: { $gt: 1, $lt: 5 } } }, { a: 7 }, true],
    ['$mod', { a: { $mod: [4, 1] } }, { a: [2, 5] }, true],
    ['$mod truncates', { a: { $mod: [4.7, 1.9] } }, { a: 5.9 }, true],
    ['$mod of a negative', { a: { $mod: [4, -1] } }, { a: -5 }, true],
    ['$bitsAllSet', { a: { $bitsAllSet: 6 } }, { a: 7 }, true],
    ['$bitsAllSet by position', { a: { $bitsAllSet: [1, 2] } }, { a: 5 }, false],
    ['$bitsAnyClear', { a: { $bitsAnyClear: [0, 1] } }, { a: 2 }, true],
    ['$bitsAllClear', { a: { $bitsAllClear: [0, 2] } }, { a: 2 }, true],
    ['$bitsAnySet beyond 64 bits is the sign', { a: { $bitsAnySet: [200] } }, { a: -1 }, true],
    ['$bits of bytes', { a: { $bitsAllSet: [0, 9] } }, { a: new Binary(Buffer.from([1, 2])) }, true],
    ['bytes end in zeros', { a: { $bitsAllClear: [99] } }, { a: new Binary(Buffer.from([1])) }, true],
    ['a mask of bytes', { a: { $bitsAnySet: new Binary(Buffer.from([0, 2])) } }, { a: 512 }, true],
    ['$bits of a long', { a: { $bitsAllSet: [40] } }, { a: Long.fromString('1099511627776') }, true],
    ['$bits of a decimal', { a: { $bitsAllSet: 3 } }, { a: Decimal128.fromString('3.0') }, true],
    ['$bits of text', { a: { $bitsAllClear: 1 } }, { a: 'x' }, false],
    [
      '$mod of decimals',
      { a: { $mod: [Decimal128.fromString('4'), 1] } },
      { a: Decimal128.fromString('9.9') },
      true,
    ],
    ['$mod of what is no number', { a: { $mod: [1, 0] } }, { a: Infinity }, false],
    ['$type undefined finds nothing', { a: { $type: 'undefined' } }, { a: null }, false],
    ['$type 6 neither', { a: { $type: 6 } }, { a: null }, false],
    ['$type by a whole double', { a: { $type: new Double(2) } }, { a: 'x' }, true],
    ['$alwaysTrue', { $alwaysTrue: 1 }, {}, true],
    ['fields of a reference', { $id: 5 }, JSON.parse('{"$id":5}'), true],
    ['$expr in $or', { $or: [{ $expr: false }, { a: 1 }] }, { a: 1 }, true],
    ['$nor in $elemMatch', { a: { $elemMatch: { $nor: [{ b: 1 }] } } }, { a: [{ b: 1 }, { b: 2 }] }, true],
    ['$not in $elemMatch', { a: { $elemMatch: { $not: { $gt: 1 }, $ne: 0 } } }, { a: [0, 1, 2] }, true],
    ['$in in $elemMatch', { a: { $elemMatch: { $in: [1, 2], $gt: 1 } } }, { a: [1, 3] }, false],
    ['symbols match patterns', { a: { $regex: '^s' } }, { a: new BSONSymbol('sym') }, true],
    ['and lists of strings', { a: { $in: ['sym'] } }, { a: new BSONSymbol('sym') }, true],
    ['$all of patterns', { a: { $all: [regex('^x'), 'y'] } }, { a: ['xa', 'y'] }, true],
    ['$bits of a fraction never matches', { a: { $bitsAnyClear: [0] } }, { a: 0.5 }, false],
    ['$and', { $and: [{ a: 1 }, { b: 2 }] }, { a: 1, b: 2 }, true],
    ['$or', { $or: [{ a: 2 }, { b: 2 }] }, { a: 1, b: 2 }, true],
    ['$nor', { $nor: [{ a: 2 }, { b: 3 }] }, { a: 1, b: 2 }, true],
    ['$comment', { a: 1, $comment: 'x' }, { a: 1 }, true],
    ['$expr', { $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }, true],
    ['$sampleRate 0', { $sampleRate: 0 }, {}, false],
    ['$sampleRate 1', { $sampleRate: 1 }, {}, true],
    ['$alwaysFalse', { $alwaysFalse: 1 }, {}, false],
    ['an empty filter', {}, { a: 1 }, true],
    ['inherited properties are no fields', { constructor: { $exists: true } }, {}, false],
    ['nor is __proto__', { '__proto__.toString': { $exists: true } }, {}, false],
  ])('%s', (_, filter, doc, expected) => {
    expect(one(filter, doc)).toBe(expected);
  });

  test('variables of let reach $expr', () => {
    const match = compileFilter({ $expr: { $eq: ['$a', '$$wanted'] } }, { variables: { wanted: 5 } });
    expect([match({ a: 5 }), match({ a: 6 })]).toEqual([true, false]);
  });
});

describe('what is wrong with a filter is said at once', () => {
  test.each<[Doc, number, string]>([
    [{ a: { $foo: 1 } }, 2, 'unknown operator: $foo'],
    [
      { $foo: 1 },
      2,
      "unknown top level operator: $foo. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.",
    ],
    [
      { $not: {} },
      2,
      'unknown top level operator: $not. If you are trying to negate an entire expression, use $nor.',
    ],
    [{ $and: 1 }, 2, '$and must be an array'],
    [{ $or: [] }, 2, '$and/$or/$nor must be a nonempty array'],
    [{ $nor: [1] }, 2, '$or/$and/$nor entries need to be full objects'],
    [{ a: { $in: 1 } }, 2, '$in needs an array'],
    [{ a: { $nin: 1 } }, 2, '$nin needs an array'],
    [{ a: { $in: [{ $gt: 1 }] } }, 2, 'cannot nest $ under $in'],
    [{ a: { $not: 1 } }, 2, '$not needs a regex or a document'],
    [{ a: { $not: {} } }, 2, '$not cannot be empty'],
    [{ a: { $gt: new BSONRegExp('a') } }, 2, "Can't have RegEx as arg to predicate over field 'a'."],
    [{ a: { $ne: new BSONRegExp('a') } }, 2, "Can't have regex as arg to $ne."],
    [{ a: { $size: -1 } }, 2, 'Failed to parse $size. Expected a non-negative number in: $size: -1'],
    [{ a: { $size: 1.5 } }, 2, 'Failed to parse $size. Expected an integer: $size: 1.5'],
    [{ a: { $size: 'x' } }, 2, 'Failed to parse $size. Expected a number in: $size: "x"'],
    [{ a: { $type: 'str' } }, 2, 'Unknown type name alias: str'],
    [{ a: { $type: 0 } }, 2, 'Invalid numerical type code: 0. Instead use {$exists:false}.'],
    [{ a: { $type: [] } }, 9, 'a must match at least one type'],
    [{ a: { $type: true } }, 14, 'type must be represented as a number or a string'],
    [{ a: { $mod: [] } }, 2, 'malformed mod, not enough elements'],
    [{ a: { $mod: [0, 1] } }, 2, 'divisor cannot be 0'],
    [{ a: { $mod: [1, 2, 3] } }, 2, 'malformed mod, too many elements'],
    [
      { a: { $mod: [Number.NaN, 1] } },
      2,
      'malformed mod, divisor value is invalid :: caused by :: Unable to coerce NaN/Inf to integral type',
    ],
    [{ a: { $regex: 1 } }, 2, '$regex has to be a string'],
    [{ a: { $options: 'i' } }, 2, '$options needs a $regex'],
    [
      { a: { $regex: new BSONRegExp('a', 'i'), $options: 'm' } },
      51075,
      'options set in both $regex and $options',
    ],
    [{ a: { $regex: '(' } }, 51091, 'Regular expression is invalid: missing closing parenthesis'],
    [{ a: { $elemMatch: 1 } }, 2, '$elemMatch needs an Object'],
    [{ a: { $all: 1 } }, 2, '$all needs an array'],
    [{ a: { $all: [{ $elemMatch: {} }, 1] } }, 2, '$all/$elemMatch has to be consistent'],
    [{ a: { $all: [{ $gt: 1 }] } }, 2, 'no $ expressions in $all'],
    [{ a: { $bitsAllSet: -1 } }, 9, 'Expected a non-negative number in: $bitsAllSet: -1'],
    [
      { a: { $bitsAllSet: 'x' } },
      2,
      'a takes an Array, a number, or a BinData but received: $bitsAllSet: "x"',
    ],
    [{ $expr: { $foo: 1 } }, 168, "Unrecognized expression '$foo'"],
    [{ a: { $elemMatch: { $expr: true } } }, 2, '$expr can only be applied to the top-level document'],
    [{ $where: 'true' }, 2, 'no globalScriptEngine in $where parsing'],
    [{ a: { $where: 'true' } }, 2, '$where cannot be applied to a field'],
    [{ $text: { $search: 'x' } }, 27, 'text index required for $text query'],
    [{ a: { $geoWithin: {} } }, 2, 'unknown operator: $geoWithin'],
    [{ $alwaysTrue: 2 }, 9, '$alwaysTrue must be an integer value of 1'],
    [{ $alwaysFalse: 'x' }, 9, 'Expected a number in: $alwaysFalse: "x"'],
    [{ $sampleRate: 'x' }, 2, 'argument to $sampleRate must be a numeric type'],
    [
      { a: { $elemMatch: { $sampleRate: 1 } } },
      2,
      '$sampleRate can only be applied to the top-level document',
    ],
    [{ a: { $elemMatch: { $where: '1' } } }, 2, '$where can only be applied to the top-level document'],
    [{ a: { $elemMatch: { $text: {} } } }, 2, '$text can only be applied to the top-level document'],
    [
      { a: { $near: [0, 0] } },
      291,
      'error processing query: planner returned error :: caused by :: unable to find index for $geoNear query',
    ],
    [
      { a: { $type: 'missing' } },
      2,
      "'missing' is not a legal type name. To query for non-existence of a field, use {$exists:false}.",
    ],
    [{ a: { $type: 2.5 } }, 2, 'Invalid numerical type code: 2.5'],
    [{ a: { $bitsAllSet: [1.5] } }, 2, 'Failed to parse bit position. Expected an integer: 0: 1.5'],
    [
      { a: { $bitsAllSet: [-1] } },
      2,
      'Failed to parse bit position. Expected a non-negative number in: 0: -1',
    ],
    [{ a: { $bitsAllSet: 1e19 } }, 9, 'Cannot represent as a 64-bit integer: $bitsAllSet: 1e+19'],
    [{ a: { $size: 5e9 } }, 2, 'Failed to parse $size. Cannot represent $size: 5000000000.0 in an int'],
    [
      { a: { $size: Number.NaN } },
      2,
      'Failed to parse $size. Expected an integer, but found NaN in: $size: NaN',
    ],
    [{ a: { $mod: ['x', 1] } }, 2, 'malformed mod, divisor not a number'],
    [{ a: { $mod: [1, 'x'] } }, 2, 'malformed mod, remainder not a number'],
    [{ a: { $mod: ['x'] } }, 2, 'malformed mod, divisor not a number'],
    [{ a: { $mod: 1 } }, 2, 'malformed mod, needs to be an array'],
    [
      { a: { $mod: [1e30, 1] } },
      2,
      'malformed mod, divisor value is invalid :: caused by :: Out of bounds coercing to integral value',
    ],
    [{ a: { $regex: 'a', $options: 1 } }, 2, '$options has to be a string'],
    [{ [Array.from({ length: 300 }, () => 'a').join('.')]: 1 }, 5729100, 'FieldPath is too long'],
    [{ $sampleRate: 2 }, 2, 'numeric argument to $sampleRate must be in [0, 1]'],
    [{ a: { $gt: 1, b: 2 } }, 2, 'unknown operator: b'],
  ])('%j', (filter, code, message) => {
    expect(() => compileFilter(filter, {})).toThrow(expect.objectContaining({ code, message }));
  });
});

test('operators on whole documents have no place in array filters and the like', () => {
  const refused: Doc[] = [{ $expr: true }, { $jsonSchema: {} }];
  for (const filter of refused) {
    expect(() => parseFilter(filter, {}, true)).toThrow(expect.objectContaining({ code: 224 }));
  }
  const bad: Doc[] = [{ $where: '1' }, { $text: {} }];
  for (const filter of bad) {
    expect(() => parseFilter(filter, {}, true)).toThrow(expect.objectContaining({ code: 2 }));
  }
});
