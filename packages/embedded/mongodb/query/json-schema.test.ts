import { describe, expect, test } from '@jest/globals';
import { Decimal128, Double, Long, ObjectId } from 'bson';
import type { Doc, Value } from '../values/types.ts';
import { compileFilter } from './filter.ts';

const valid = ($jsonSchema: Value, doc: Doc) => compileFilter({ $jsonSchema }, {})(doc);
/** A schema for the field `a` only. */
const ofA = (schema: Doc): Doc => ({ properties: { a: schema } });

describe('$jsonSchema', () => {
  test.each<[string, Doc, Value, boolean]>([
    ['bsonType', { bsonType: 'int' }, 1, true],
    ['bsonType tells numbers apart', { bsonType: 'int' }, new Double(1), false],
    ['bsonType number', { bsonType: 'number' }, Decimal128.fromString('1'), true],
    ['bsonType of several', { bsonType: ['string', 'objectId'] }, new ObjectId(), true],
    ['type', { type: 'number' }, Long.fromNumber(1), true],
    ['type boolean', { type: ['boolean', 'null'] }, 1, false],
    ['minimum', { minimum: 5 }, 5, true],
    ['minimum, exclusive', { minimum: 5, exclusiveMinimum: true }, 5, false],
    ['minimum of a string', { minimum: 5 }, 'x', true],
    ['maximum', { maximum: 5 }, Decimal128.fromString('5.01'), false],
    ['maximum, exclusive', { maximum: 5, exclusiveMaximum: true }, 5, false],
    ['multipleOf', { multipleOf: 0.1 }, 0.3, true],
    ['not multipleOf', { multipleOf: 2 }, 3, false],
    ['minLength counts characters', { minLength: 2 }, '😀', false],
    ['maxLength', { maxLength: 1 }, '😀', true],
    ['pattern', { pattern: '^a' }, 'ba', false],
    ['pattern of a number', { pattern: '^a' }, 1, true],
    ['enum', { enum: ['x', { b: 1, c: 2 }] }, { c: 2, b: 1 }, true],
    ['not in enum', { enum: ['x', null] }, 'y', false],
    ['minItems', { minItems: 2 }, [1], false],
    ['maxItems', { maxItems: 2 }, [1, 2], true],
    ['uniqueItems', { uniqueItems: true }, [1, Long.fromNumber(1)], false],
    ['uniqueItems off', { uniqueItems: false }, [1, 1], true],
    ['items', { items: { bsonType: 'string' } }, ['a', 1], false],
    ['items one by one', { items: [{ type: 'string' }, { type: 'number' }] }, ['a', 1, true], true],
    ['additionalItems', { items: [{ type: 'string' }], additionalItems: false }, ['a', 1], false],
    ['additionalItems by schema', { items: [{}], additionalItems: { type: 'number' } }, ['a', 1], true],
    ['additionalItems without items', { additionalItems: false }, [1], true],
    ['items do not spread', { items: { minimum: 5 } }, [[1]], true],
    ['arrays are not spread', { bsonType: 'string' }, ['x'], false],
    ['required', { required: ['b'] }, { c: 1 }, false],
    ['required of a scalar', { required: ['b'] }, 1, true],
    ['properties', { properties: { b: { minimum: 1 } } }, { b: 0 }, false],
    ['properties of what is missing', { properties: { b: { minimum: 1 } } }, {}, true],
    ['patternProperties', { patternProperties: { '^n': { type: 'number' } } }, { n1: 1, x: 'y' }, true],
    ['patternProperties fail', { patternProperties: { '^n': { type: 'number' } } }, { n1: 'x' }, false],
    ['additionalProperties', { properties: { b: {} }, additionalProperties: false }, { b: 1, c: 1 }, false],
    [
      'additionalProperties beside patterns',
      { patternProperties: { '^c': {} }, additionalProperties: { type: 'string' } },
      { c: 1, d: 'x' },
      true,
    ],
    ['minProperties', { minProperties: 2 }, { b: 1 }, false],
    ['maxProperties', { maxProperties: 1 }, { b: 1 }, true],
    ['dependencies', { dependencies: { b: ['c'] } }, { b: 1 }, false],
    ['dependencies that do not apply', { dependencies: { b: ['c'] } }, { d: 1 }, true],
    ['dependencies by schema', { dependencies: { b: { required: ['c'] } } }, { b: 1, c: 1 }, true],
    ['allOf', { allOf: [{ minimum: 1 }, { maximum: 3 }] }, 4, false],
    ['anyOf', { anyOf: [{ type: 'string' }, { minimum: 1 }] }, 4, true],
    ['oneOf', { oneOf: [{ minimum: 1 }, { minimum: 3 }] }, 4, false],
    ['not', { not: { type: 'string' } }, 'x', false],
    ['title and description', { title: 't', description: 'd' }, 1, true],
  ])('%s', (_, schema, a, expected) => {
    expect(valid(ofA(schema), { _id: 1, a })).toBe(expected);
  });

  test('the document itself is what the schema is about', () => {
    const schema: Doc = {
      bsonType: 'object',
      required: ['sku', 'price'],
      properties: { sku: { bsonType: 'string', minLength: 1 }, price: { bsonType: 'decimal', minimum: 0 } },
    };
    const price = Decimal128.fromString('9.99');
    expect(valid(schema, { sku: 'a', price })).toBe(true);
    expect(valid(schema, { sku: '', price })).toBe(false);
    expect(valid(schema, { sku: 'a' })).toBe(false);
  });

  test('stands beside other conditions', () => {
    const match = compileFilter({ $jsonSchema: { required: ['a'] }, a: { $gt: 1 } }, {});
    const docs: Doc[] = [{ a: 2 }, { a: 1 }, {}];
    expect(docs.map(match)).toEqual([true, false, false]);
  });

  test.each<[Value, number, string]>([
    [5, 14, '$jsonSchema must be an object'],
    [{ foo: 1 }, 9, 'Unknown $jsonSchema keyword: foo'],
    [{ format: 'email' }, 9, "$jsonSchema keyword 'format' is not currently supported"],
    [{ properties: { a: { foo: 1 } } }, 9, 'Unknown $jsonSchema keyword: foo'],
    [{ properties: { a: 1 } }, 14, "Nested schema for $jsonSchema property 'a' must be an object"],
    [{ properties: 1 }, 14, "$jsonSchema keyword 'properties' must be an object"],
    [
      { type: 'object', bsonType: 'object' },
      9,
      "Cannot specify both $jsonSchema keywords 'type' and 'bsonType'",
    ],
    [{ type: 'integer' }, 9, "$jsonSchema type 'integer' is not currently supported."],
    [{ type: 'float' }, 9, 'Unknown type name alias: float'],
    [{ bsonType: 'float' }, 2, 'Unknown type name alias: float'],
    [{ bsonType: 1 }, 14, "$jsonSchema keyword 'bsonType' must be either a string or an array of strings"],
    [{ required: [] }, 9, "$jsonSchema keyword 'required' cannot be an empty array"],
    [{ required: ['a', 'a'] }, 9, "$jsonSchema keyword 'required' array cannot contain duplicate values"],
    [
      { required: 'a' },
      14,
      "$jsonSchema keyword 'required' must be an array, but found an element of type string",
    ],
    [{ enum: [] }, 9, "$jsonSchema keyword 'enum' cannot be an empty array"],
    [{ enum: [1, 1] }, 9, "$jsonSchema keyword 'enum' array cannot contain duplicate values."],
    [{ minimum: 'x' }, 14, "$jsonSchema keyword 'minimum' must be a number"],
    [
      { exclusiveMinimum: true },
      9,
      "$jsonSchema keyword 'minimum' must be a present if exclusiveMinimum is present",
    ],
    [{ minimum: 1, exclusiveMinimum: 1 }, 14, "$jsonSchema keyword 'exclusiveMinimum' must be a boolean"],
    [{ multipleOf: 0 }, 9, "$jsonSchema keyword 'multipleOf' must have a positive value"],
    [{ multipleOf: 'x' }, 14, "$jsonSchema keyword 'multipleOf' must be a number"],
    [{ minLength: -1 }, 9, 'Expected a non-negative number in: minLength: -1'],
    [{ pattern: 1 }, 14, "$jsonSchema keyword 'pattern' must be a string"],
    [{ items: 1 }, 14, "$jsonSchema keyword 'items' must be an array or an object, not int"],
    [
      { items: [1] },
      14,
      "$jsonSchema keyword 'items' requires that each element of the array is an object, but found a int",
    ],
    [
      { additionalItems: 1 },
      14,
      "$jsonSchema keyword 'additionalItems' must be either an object or a boolean, but got a int",
    ],
    [
      { required: [1] },
      14,
      "$jsonSchema keyword 'required' must be an array of strings, but found an element of type: int",
    ],
    [{ enum: 1 }, 14, "$jsonSchema keyword 'enum' must be an array, but found an element of type int"],
    [{ type: [] }, 9, "$jsonSchema keyword 'type' must name at least one type"],
    [{ type: ['string', 'string'] }, 9, "$jsonSchema keyword 'type' has duplicate value"],
    [
      { dependencies: { a: [] } },
      9,
      "property 'a' in $jsonSchema keyword 'dependencies' cannot be an empty array",
    ],
    [
      { dependencies: { a: [1] } },
      14,
      "array 'a' in $jsonSchema keyword 'dependencies' can only contain strings, but found element of type: int",
    ],
    [
      { patternProperties: { a: 1 } },
      14,
      "$jsonSchema keyword 'patternProperties' has property 'a' which is not an object",
    ],
    [{ oneOf: [1] }, 14, "$jsonSchema keyword 'oneOf' must be an array of objects"],
    [{ uniqueItems: 1 }, 14, "$jsonSchema keyword 'uniqueItems' must be a boolean"],
    [
      { additionalProperties: 1 },
      14,
      "$jsonSchema keyword 'additionalProperties' must be an object or a boolean",
    ],
    [{ allOf: [] }, 9, "$jsonSchema keyword 'allOf' must be a non-empty array"],
    [{ anyOf: 1 }, 14, "$jsonSchema keyword 'anyOf' must be an array"],
    [{ not: 1 }, 14, "$jsonSchema keyword 'not' must be an object"],
    [{ title: 1 }, 14, "$jsonSchema keyword 'title' must be of type string"],
    [
      { dependencies: { a: 1 } },
      14,
      "property 'a' in $jsonSchema keyword 'dependencies' must be either an object or an array",
    ],
  ])('%j is refused', (schema, code, message) => {
    expect(() => compileFilter({ $jsonSchema: schema }, {})).toThrow(
      expect.objectContaining({ code, message }),
    );
  });
});
