import { describe, expect, test } from '@jest/globals';
import { Long } from 'bson';
import type { Doc } from '../values/types.ts';
import { compileUpdate } from './update.ts';

const change = (doc: Doc, update: Doc, filter: Doc = {}, arrayFilters?: Doc[]) =>
  compileUpdate(update, arrayFilters ? { filter, arrayFilters } : { filter }).apply(doc);

describe('errors', () => {
  type ErrorRow = [doc: Doc, update: Doc, code: number, message: string];
  test.each<ErrorRow>([
    [
      { _id: 1 },
      { $foo: { a: 1 } },
      9,
      'Unknown modifier: $foo. Expected a valid update modifier or pipeline-style update specified as an array',
    ],
    [
      { _id: 1 },
      { $set: { a: 1 }, b: 1 },
      9,
      'Unknown modifier: b. Expected a valid update modifier or pipeline-style update specified as an array',
    ],
    [
      { _id: 1 },
      { $set: 1 },
      9,
      'Modifiers operate on fields but we found type int instead. For example: {$mod: {<field>: ...}} not {$set: 1}',
    ],
    [
      { _id: 1 },
      { $set: { a: 1 }, $inc: { a: 1 } },
      40,
      "Updating the path 'a' would create a conflict at 'a'",
    ],
    [{ _id: 1 }, { $set: { a: 1, 'a.b': 1 } }, 40, "Updating the path 'a.b' would create a conflict at 'a'"],
    [{ _id: 1 }, { $set: { 'a.b': 1, a: 1 } }, 40, "Updating the path 'a' would create a conflict at 'a'"],
    [
      { _id: 1 },
      { $rename: { a: 'b' }, $set: { b: 1 } },
      40,
      "Updating the path 'b' would create a conflict at 'b'",
    ],
    [
      { _id: 1 },
      { $set: { 'a.$[]': 1, 'a.0': 1 } },
      40,
      "Updating the path 'a.0' would create a conflict at 'a'",
    ],
    [{ _id: 1 }, { $set: { '': 1 } }, 56, 'An empty update path is not valid.'],
    [
      { _id: 1 },
      { $set: { 'a..b': 1 } },
      56,
      "The update path 'a..b' contains an empty field name, which is not allowed.",
    ],
    [{ _id: 1, a: 1 }, { $set: { 'a.x': 1 } }, 28, "Cannot create field 'x' in element {a: 1}"],
    [{ _id: 1, a: [1] }, { $set: { 'a.x': 1 } }, 28, "Cannot create field 'x' in element {a: [ 1 ]}"],
    [
      { _id: 1, a: { b: 's' } },
      { $inc: { 'a.b.c.d': 1 } },
      28,
      'Cannot create field \'c\' in element {b: "s"}',
    ],
    [
      { _id: 1, a: 1 },
      { $pop: { 'a.b': 1 } },
      28,
      'Cannot use the part (b) of (a.b) to traverse the element ({a: 1})',
    ],
    [{ _id: 1, a: [] }, { $set: { 'a.1500001': 1 } }, 34, "can't backfill more than 1500000 elements"],
    [
      { _id: 1, a: 'x' },
      { $inc: { a: 1 } },
      14,
      "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string",
    ],
    [{ _id: 1 }, { $inc: { a: 'x' } }, 14, 'Cannot increment with non-numeric argument: {a: "x"}'],
    [{ _id: 1 }, { $mul: { a: null } }, 14, 'Cannot multiply with non-numeric argument: {a: null}'],
    [
      { _id: 1, a: Long.MAX_VALUE },
      { $inc: { a: 1 } },
      2,
      'Failed to apply $inc operations to current value ((NumberLong)9223372036854775807) for document {_id: 1}',
    ],
    [
      { _id: 1, a: 1.5 },
      { $bit: { a: { or: 1 } } },
      2,
      'Cannot apply $bit to a value of non-integral type._id: 1 has the field a of non-integer type double',
    ],
    [
      { _id: 1 },
      { $bit: { a: { nand: 1 } } },
      2,
      "The $bit modifier only supports 'and', 'or', and 'xor', not 'nand' which is an unknown operator: {nand: 1}",
    ],
    [
      { _id: 1, a: 1 },
      { $push: { a: 1 } },
      2,
      "The field 'a' must be an array but is of type int in document {_id: 1}",
    ],
    [
      { _id: 1 },
      { $push: { a: { $each: 1 } } },
      2,
      'The argument to $each in $push must be an array but it was of type: int',
    ],
    [{ _id: 1 }, { $push: { a: { $each: [], $foo: 1 } } }, 2, 'Unrecognized clause in $push: $foo'],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $slice: 'x' } } },
      2,
      'The value for $slice must be an integer value but was given type: string',
    ],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $position: 0.5 } } },
      2,
      'The value for $position must be an integer value, not of type: double',
    ],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $sort: 2 } } },
      2,
      'The $sort element value must be either 1 or -1',
    ],
    [
      { _id: 1, a: 1 },
      { $addToSet: { a: 1 } },
      2,
      "Cannot apply $addToSet to non-array field. Field named 'a' has non-array type int",
    ],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $sort: {} } } },
      2,
      'The sort pattern is empty when it should be a set of fields.',
    ],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $sort: { b: 2 } } } },
      2,
      'The sort element value must be either 1 or -1',
    ],
    [{ _id: 1 }, { $push: { a: { $each: [], $sort: { '': 1 } } } }, 2, 'The sort field cannot be empty'],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $sort: { 'b..c': 1 } } } },
      2,
      'The sort field is a dotted field but has an empty part: b..c',
    ],
    [
      { _id: 1 },
      { $push: { a: { $each: [], $sort: 'x' } } },
      2,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    ],
    [
      { _id: 1 },
      { $addToSet: { a: { $each: 1 } } },
      14,
      'The argument to $each in $addToSet must be an array but it was of type int',
    ],
    [
      { _id: 1 },
      { $addToSet: { a: { $each: [], b: 1 } } },
      2,
      'Found unexpected fields after $each in $addToSet: { $each: [], b: 1 }',
    ],
    [
      { _id: 1 },
      { $bit: { a: 1 } },
      2,
      'The $bit modifier is not compatible with a int. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}',
    ],
    [
      { _id: 1 },
      { $bit: { a: { or: 1.5 } } },
      2,
      "The $bit modifier field must be an Integer(32/64 bit); a 'double' is not supported here: {or: 1.5}",
    ],
    [
      { _id: 1 },
      { $bit: { a: {} } },
      2,
      'You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}',
    ],
    [
      { _id: 1 },
      { $rename: { a: 'b\0' } },
      2,
      "The 'to' field for $rename cannot contain an embedded null byte",
    ],
    [
      { _id: 1 },
      { $rename: { a: 'b.$[]' } },
      2,
      'The destination field for $rename may not be dynamic: b.$[]',
    ],
    [
      { _id: 1, a: 1 },
      { $rename: { 'a.b.c': 'd' } },
      28,
      'cannot use the part (a of a.b.c) to traverse the element ({a: 1})',
    ],
    [{ _id: 1, a: 1, b: 1 }, { $rename: { a: 'b.c' } }, 28, "Cannot create field 'c' in element {b: 1}"],
    [{ _id: 1 }, { $currentDate: { a: { b: 1 } } }, 2, 'Unrecognized $currentDate option: b'],
    [
      { _id: 1 },
      { $currentDate: { a: { $type: 'x' } } },
      2,
      "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
    ],
    [{ _id: 1 }, { $set: { $ref: 1 } }, 55, 'The DBRef $ref field must be followed by a $id field'],
    [{ _id: 1 }, { $set: { $id: 1 } }, 55, 'Found $id field without a $ref before it, which is invalid.'],
    [{ _id: 1 }, { $set: { $db: 1 } }, 55, 'Found $db field without a $id before it, which is invalid.'],
    [
      { _id: 1 },
      { $set: { '$[x].a': 1 } },
      2,
      "Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '$[x].a'",
    ],
    [
      { _id: 1, a: 1 },
      { $set: { 'a.b.$[]': 1 } },
      2,
      "The path 'a.b' must exist in the document in order to apply array updates.",
    ],
    [{ _id: 1, a: 1 }, { $pull: { a: 1 } }, 2, 'Cannot apply $pull to a non-array value'],
    [{ _id: 1 }, { $pullAll: { a: 1 } }, 2, '$pullAll requires an array argument but was given a int'],
    [{ _id: 1, a: 1 }, { $pop: { a: 1 } }, 14, "Path 'a' contains an element of non-array type 'int'"],
    [{ _id: 1 }, { $pop: { a: 2 } }, 9, '$pop expects 1 or -1, found: 2'],
    [{ _id: 1 }, { $rename: { a: 1 } }, 2, "The 'to' field for $rename must be a string: a: 1"],
    [{ _id: 1 }, { $rename: { a: 'a' } }, 2, 'The source and target field for $rename must differ: a: "a"'],
    [
      { _id: 1 },
      { $rename: { a: 'a.b' } },
      2,
      'The source and target field for $rename must not be on the same path: a: "a.b"',
    ],
    [{ _id: 1 }, { $rename: { 'a.$': 'b' } }, 2, 'The source field for $rename may not be dynamic: a.$'],
    [
      { _id: 1, a: [{ b: 1 }] },
      { $rename: { 'a.0.b': 'c' } },
      2,
      "The source field cannot be an array element, 'a.0.b' in doc with _id: 1 has an array field called 'a'",
    ],
    [
      { _id: 1, a: [{}], c: 1 },
      { $rename: { c: 'a.0.b' } },
      2,
      "The destination field cannot be an array element, 'a.0.b' in doc with _id: 1 has an array field called 'a'",
    ],
    [
      { _id: 1 },
      { $currentDate: { a: 'x' } },
      2,
      "string is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).",
    ],
    [
      { _id: 1 },
      { $set: { _id: 2 } },
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    ],
    [
      { _id: 1 },
      { $unset: { _id: 1 } },
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    ],
    [
      { _id: 1 },
      { $rename: { _id: 'a' } },
      66,
      "Unsetting the path '_id' using $rename would modify the immutable field '_id'",
    ],
    [
      { _id: 1 },
      { _id: 2, a: 1 },
      66,
      "After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2",
    ],
    [
      { _id: 1 },
      { a: 1, $b: 2 },
      52,
      "The dollar ($) prefixed field '$b' in '$b' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.",
    ],
    [
      { _id: 1 },
      { $set: { $b: 2 } },
      52,
      "The dollar ($) prefixed field '$b' in '$b' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.",
    ],
    [
      { _id: 1, a: [1] },
      { $set: { 'a.$': 1 } },
      2,
      'The positional operator did not find the match needed from the query.',
    ],
    [
      { _id: 1 },
      { $set: { $: 1 } },
      2,
      "Cannot have positional (i.e. '$') element in the first position in path '$'",
    ],
    [
      { _id: 1 },
      { $set: { 'a.$.$': 1 } },
      2,
      "Too many positional (i.e. '$') elements found in path 'a.$.$'",
    ],
    [
      { _id: 1 },
      { $set: { 'a.$[]': 1 } },
      2,
      "The path 'a' must exist in the document in order to apply array updates.",
    ],
    [{ _id: 1, a: 1 }, { $set: { 'a.$[]': 1 } }, 2, 'Cannot apply array updates to non-array element a: 1'],
    [{ _id: 1 }, { $set: { 'a.$[x]': 1 } }, 2, "No array filter found for identifier 'x' in path 'a.$[x]'"],
  ])('%j with %j', (doc, update, code, message) => {
    expect(() => change(doc, update)).toThrow(expect.objectContaining({ code, message }));
  });

  test.each<[Doc[], number, string]>([
    [[{ x: 1 }], 9, "The array filter for identifier 'x' was not used in the update { $set: { a.$[]: 1 } }"],
    [
      [{ x: 1, y: 1 }],
      9,
      "Error parsing array filter :: caused by :: Expected a single top-level field name, found 'x' and 'y'",
    ],
    [
      [{ x: { $not: { $gt: 1 } }, $nor: [{ y: 1 }] }],
      9,
      "Error parsing array filter :: caused by :: Expected a single top-level field name, found 'x' and 'y'",
    ],
    [[{ $alwaysTrue: 1 }], 9, 'Cannot use an expression without a top-level field name in arrayFilters'],
    [
      [{ $expr: true }],
      224,
      'Error parsing array filter :: caused by :: $expr is not allowed in this context',
    ],
    [[{}], 9, 'Cannot use an expression without a top-level field name in arrayFilters'],
    [[{ x: 1 }, { x: 2 }], 9, 'Found multiple array filters with the same top-level field name x'],
    [
      [{ X: 1 }],
      2,
      "Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found 'X'",
    ],
    [[{ x: { $foo: 1 } }], 2, 'Error parsing array filter :: caused by :: unknown operator: $foo'],
  ])('array filters %j', (arrayFilters, code, message) => {
    expect(() => change({ _id: 1, a: [1] }, { $set: { 'a.$[]': 1 } }, {}, arrayFilters)).toThrow(
      expect.objectContaining({ code, message }),
    );
  });

  test('a path too long for a document', () => {
    const path = Array.from({ length: 100_000 }, () => 'a').join('.');
    expect(() => change({ _id: 1 }, { $set: { [path]: 1 } })).toThrow(expect.objectContaining({ code: 15 }));
  });

  test('padding many arrays at once', () => {
    const doc: Doc = { _id: 1 };
    const $set: Doc = {};
    for (let i = 0; i < 20; i++) {
      doc[`a${i}`] = [];
      $set[`a${i}.1400000`] = 1;
    }
    expect(() => change(doc, { $set })).toThrow(expect.objectContaining({ code: 17419 }));
  });

  test('two identifiers that set the same field of one element', () => {
    const arrayFilters: Doc[] = [{ x: 1 }, { y: 1 }];
    expect(() =>
      change({ _id: 1, a: [1] }, { $set: { 'a.$[x]': 2, 'a.$[y]': 3 } }, {}, arrayFilters),
    ).toThrow(expect.objectContaining({ code: 40, message: "Update created a conflict at 'a.0'" }));
  });
});
