/** Keywords of $jsonSchema on arrays; anything else passes them. */
import { typeMismatch } from '../errors.ts';
import { getField } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import { parseNonNegativeLong } from './integers.ts';
import type { KeywordCompiler, SchemaContext, SchemaTest } from './json-schema-keyword.ts';
import { unorderedKey } from './json-schema-scalars.ts';

export const arrayKeywords: [string, KeywordCompiler][] = [
  ['minItems', (operand, context) => compileCount(operand, context, (count, limit) => count >= limit)],
  ['maxItems', (operand, context) => compileCount(operand, context, (count, limit) => count <= limit)],
  ['uniqueItems', compileUniqueItems],
  ['items', compileItems],
  ['additionalItems', compileAdditionalItems],
];

function onArrays(test: (items: Value[]) => boolean): SchemaTest {
  return (value) => !Array.isArray(value) || test(value);
}

function compileCount(
  operand: Value,
  { keyword }: SchemaContext,
  fits: (count: bigint, limit: bigint) => boolean,
): SchemaTest {
  const limit = parseNonNegativeLong(keyword, operand);
  return onArrays((items) => fits(BigInt(items.length), limit));
}

function compileUniqueItems(operand: Value): SchemaTest | undefined {
  if (typeof operand !== 'boolean') throw typeMismatch("$jsonSchema keyword 'uniqueItems' must be a boolean");
  if (!operand) return undefined;
  return onArrays((items) => new Set(items.map(unorderedKey)).size === items.length);
}

function compileItems(operand: Value, { compile }: SchemaContext): SchemaTest {
  if (isDoc(operand)) {
    const test = compile(operand);
    return onArrays((items) => items.every(test));
  }
  if (!Array.isArray(operand)) {
    throw typeMismatch(`$jsonSchema keyword 'items' must be an array or an object, not ${kindOf(operand)}`);
  }
  const tests = operand.map((item) => {
    if (isDoc(item)) return compile(item);
    throw typeMismatch(
      `$jsonSchema keyword 'items' requires that each element of the array is an object, but found a ${kindOf(item)}`,
    );
  });
  return onArrays((items) => tests.every((test, i) => i >= items.length || test(items[i]!)));
}

/** About the items behind those that `items` names one by one. */
function compileAdditionalItems(operand: Value, { schema, compile }: SchemaContext): SchemaTest | undefined {
  if (typeof operand !== 'boolean' && !isDoc(operand)) {
    throw typeMismatch(
      `$jsonSchema keyword 'additionalItems' must be either an object or a boolean, but got a ${kindOf(operand)}`,
    );
  }
  const test: SchemaTest = isDoc(operand) ? compile(operand) : () => operand;
  const named = getField(schema, 'items');
  if (!Array.isArray(named)) return undefined;
  return onArrays((items) => items.slice(named.length).every(test));
}
