/** Keywords of $jsonSchema on types, numbers and strings. */
import { failedToParse, typeMismatch } from '../errors.ts';
import { isZeroDecimal, modDecimals } from '../values/decimal-arithmetic.ts';
import { getField, hasField, newDoc, setField } from '../values/fields.ts';
import { hashKey } from '../values/hash-key.ts';
import { isDoc, isNumber, type Kind, kindOf } from '../values/kind.ts';
import { toDecimalParts } from '../values/numbers.ts';
import { compileRegex } from '../values/regex.ts';
import type { Value } from '../values/types.ts';
import { comparisonTest } from './comparison-tests.ts';
import { parseTypes } from './element-tests.ts';
import { parseNonNegativeLong } from './integers.ts';
import type { KeywordCompiler, SchemaContext, SchemaTest } from './json-schema-keyword.ts';

export const scalarKeywords: [string, KeywordCompiler][] = [
  ['bsonType', compileBsonType],
  ['type', compileType],
  ['enum', compileEnum],
  ['minimum', (operand, context) => compileLimit(operand, context, 'exclusiveMinimum', '$gt', '$gte')],
  ['maximum', (operand, context) => compileLimit(operand, context, 'exclusiveMaximum', '$lt', '$lte')],
  ['exclusiveMinimum', (operand, context) => requireLimit(operand, context, 'minimum')],
  ['exclusiveMaximum', (operand, context) => requireLimit(operand, context, 'maximum')],
  ['multipleOf', compileMultipleOf],
  ['minLength', (operand, context) => compileLength(operand, context, (length, limit) => length >= limit)],
  ['maxLength', (operand, context) => compileLength(operand, context, (length, limit) => length <= limit)],
  ['pattern', compilePattern],
];

function ofTypes(kinds: ReadonlySet<Kind>): SchemaTest {
  return (value) => kinds.has(kindOf(value));
}

function typeNames(operand: Value, keyword: string): string[] {
  const names = Array.isArray(operand) ? operand : [operand];
  if (!names.every((name) => typeof name === 'string')) {
    throw typeMismatch(`$jsonSchema keyword '${keyword}' must be either a string or an array of strings`);
  }
  if (names.length === 0) throw failedToParse(`$jsonSchema keyword '${keyword}' must name at least one type`);
  if (new Set(names).size < names.length) {
    throw failedToParse(`$jsonSchema keyword '${keyword}' has duplicate value`);
  }
  return names;
}

function compileBsonType(operand: Value, { keyword }: SchemaContext): SchemaTest {
  return ofTypes(parseTypes(keyword, typeNames(operand, keyword)));
}

const jsonTypes = new Map<string, readonly Kind[]>([
  ['object', ['object']],
  ['array', ['array']],
  ['number', ['int', 'long', 'double', 'decimal']],
  ['boolean', ['bool']],
  ['string', ['string']],
  ['null', ['null']],
]);

function compileType(operand: Value, { keyword }: SchemaContext): SchemaTest {
  const kinds = typeNames(operand, keyword).flatMap((name) => {
    if (name === 'integer') throw failedToParse("$jsonSchema type 'integer' is not currently supported.");
    const named = jsonTypes.get(name);
    if (!named) throw failedToParse(`Unknown type name alias: ${name}`);
    return named;
  });
  return ofTypes(new Set(kinds));
}

function compileEnum(operand: Value): SchemaTest {
  if (!Array.isArray(operand)) {
    throw typeMismatch(
      `$jsonSchema keyword 'enum' must be an array, but found an element of type ${kindOf(operand)}`,
    );
  }
  if (operand.length === 0) throw failedToParse("$jsonSchema keyword 'enum' cannot be an empty array");
  const allowed = new Set(operand.map(unorderedKey));
  if (allowed.size < operand.length) {
    throw failedToParse("$jsonSchema keyword 'enum' array cannot contain duplicate values.");
  }
  return (value) => allowed.has(unorderedKey(value));
}

/** Equal for values that are equal up to the order of fields, as JSON Schema compares. */
export function unorderedKey(value: Value): string {
  return hashKey(inNameOrder(value));
}

function inNameOrder(value: Value): Value {
  if (Array.isArray(value)) return value.map(inNameOrder);
  if (!isDoc(value)) return value;
  const sorted = newDoc();
  for (const name of Object.keys(value).sort()) setField(sorted, name, inNameOrder(value[name]!));
  return sorted;
}

function compileLimit(
  operand: Value,
  { schema, keyword }: SchemaContext,
  exclusiveKeyword: string,
  exclusive: '$gt' | '$lt',
  inclusive: '$gte' | '$lte',
): SchemaTest {
  if (!isNumber(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a number`);
  const isExclusive = getField(schema, exclusiveKeyword) === true;
  const test = comparisonTest(isExclusive ? exclusive : inclusive, operand, undefined);
  return (value) => !isNumber(value) || test(value);
}

function requireLimit(operand: Value, { schema, keyword }: SchemaContext, limit: string): undefined {
  if (!hasField(schema, limit)) {
    throw failedToParse(`$jsonSchema keyword '${limit}' must be a present if ${keyword} is present`);
  }
  if (typeof operand !== 'boolean') {
    throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a boolean`);
  }
}

function compileMultipleOf(operand: Value): SchemaTest {
  if (!isNumber(operand)) throw typeMismatch("$jsonSchema keyword 'multipleOf' must be a number");
  const divisor = toDecimalParts(operand);
  if (divisor.special === 'NaN' || divisor.negative || isZeroDecimal(divisor)) {
    throw failedToParse("$jsonSchema keyword 'multipleOf' must have a positive value");
  }
  return (value) => !isNumber(value) || isZeroDecimal(modDecimals(toDecimalParts(value), divisor));
}

function compileLength(
  operand: Value,
  { keyword }: SchemaContext,
  fits: (length: bigint, limit: bigint) => boolean,
): SchemaTest {
  const limit = parseNonNegativeLong(keyword, operand);
  return (value) => typeof value !== 'string' || fits(BigInt(codePointCount(value)), limit);
}

function codePointCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function compilePattern(operand: Value): SchemaTest {
  if (typeof operand !== 'string') throw typeMismatch("$jsonSchema keyword 'pattern' must be a string");
  const regex = compileRegex(operand, '');
  return (value) => typeof value !== 'string' || regex.test(value);
}
