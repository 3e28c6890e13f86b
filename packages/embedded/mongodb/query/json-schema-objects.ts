/** Keywords of $jsonSchema on documents; anything else passes them. */
import { failedToParse, typeMismatch } from '../errors.ts';
import { getField, hasField } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import { compileRegex } from '../values/regex.ts';
import type { Doc, Value } from '../values/types.ts';
import { parseNonNegativeLong } from './integers.ts';
import type { KeywordCompiler, SchemaContext, SchemaTest } from './json-schema-keyword.ts';

export const objectKeywords: [string, KeywordCompiler][] = [
  ['required', compileRequired],
  ['properties', compileProperties],
  ['patternProperties', (operand, context) => onDocs(anyName(patternTests(operand, context)))],
  ['additionalProperties', compileAdditionalProperties],
  ['minProperties', (operand, context) => compileCount(operand, context, (count, limit) => count >= limit)],
  ['maxProperties', (operand, context) => compileCount(operand, context, (count, limit) => count <= limit)],
  ['dependencies', compileDependencies],
];

function onDocs(test: (doc: Doc) => boolean): SchemaTest {
  return (value) => !isDoc(value) || test(value);
}

function compileRequired(operand: Value, { keyword }: SchemaContext): SchemaTest {
  if (!Array.isArray(operand)) {
    throw typeMismatch(
      `$jsonSchema keyword '${keyword}' must be an array, but found an element of type ${kindOf(operand)}`,
    );
  }
  if (operand.length === 0) throw failedToParse(`$jsonSchema keyword '${keyword}' cannot be an empty array`);
  const names = operand.map((name) => {
    if (typeof name === 'string') return name;
    throw typeMismatch(
      `$jsonSchema keyword '${keyword}' must be an array of strings, but found an element of type: ${kindOf(name)}`,
    );
  });
  if (new Set(names).size < names.length) {
    throw failedToParse(`$jsonSchema keyword '${keyword}' array cannot contain duplicate values`);
  }
  return onDocs((doc) => names.every((name) => hasField(doc, name)));
}

function schemasByName(
  operand: Value,
  { keyword, compile }: SchemaContext,
  complaint: (name: string) => string,
): [string, SchemaTest][] {
  if (!isDoc(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an object`);
  return Object.keys(operand).map((name) => {
    const schema = getField(operand, name)!;
    if (isDoc(schema)) return [name, compile(schema)];
    throw typeMismatch(complaint(name));
  });
}

function compileProperties(operand: Value, context: SchemaContext): SchemaTest {
  const tests = schemasByName(
    operand,
    context,
    (name) => `Nested schema for $jsonSchema property '${name}' must be an object`,
  );
  return onDocs((doc) =>
    tests.every(([name, test]) => {
      const value = getField(doc, name);
      return value === undefined || test(value);
    }),
  );
}

interface PatternTest {
  names(name: string): boolean;
  test: SchemaTest;
}

function patternTests(operand: Value, context: SchemaContext): PatternTest[] {
  const tests = schemasByName(
    operand,
    context,
    (name) => `$jsonSchema keyword 'patternProperties' has property '${name}' which is not an object`,
  );
  return tests.map(([pattern, test]) => {
    const regex = compileRegex(pattern, '');
    return { names: (name) => regex.test(name), test };
  });
}

function anyName(patterns: PatternTest[]): (doc: Doc) => boolean {
  return (doc) =>
    Object.keys(doc).every((name) => patterns.every(({ names, test }) => !names(name) || test(doc[name]!)));
}

/** About the fields that neither `properties` nor `patternProperties` names. */
function compileAdditionalProperties(operand: Value, context: SchemaContext): SchemaTest {
  if (typeof operand !== 'boolean' && !isDoc(operand)) {
    throw typeMismatch("$jsonSchema keyword 'additionalProperties' must be an object or a boolean");
  }
  const test: SchemaTest = isDoc(operand) ? context.compile(operand) : () => operand;
  const properties = getField(context.schema, 'properties');
  const patternProperties = getField(context.schema, 'patternProperties');
  const patterns = patternProperties
    ? patternTests(patternProperties, { ...context, keyword: 'patternProperties' })
    : [];
  const isNamed = (name: string) =>
    (isDoc(properties) && hasField(properties, name)) || patterns.some((pattern) => pattern.names(name));
  return onDocs((doc) => Object.keys(doc).every((name) => isNamed(name) || test(doc[name]!)));
}

function compileCount(
  operand: Value,
  { keyword }: SchemaContext,
  fits: (count: bigint, limit: bigint) => boolean,
): SchemaTest {
  const limit = parseNonNegativeLong(keyword, operand);
  return onDocs((doc) => fits(BigInt(Object.keys(doc).length), limit));
}

function compileDependencies(operand: Value, { keyword, compile }: SchemaContext): SchemaTest {
  if (!isDoc(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an object`);
  const dependencies = Object.keys(operand).map((name): [string, (doc: Doc) => boolean] => {
    const dependency = getField(operand, name)!;
    if (isDoc(dependency)) return [name, compile(dependency)];
    if (Array.isArray(dependency)) return [name, requiresAll(name, dependency)];
    throw typeMismatch(
      `property '${name}' in $jsonSchema keyword '${keyword}' must be either an object or an array`,
    );
  });
  return onDocs((doc) => dependencies.every(([name, test]) => !hasField(doc, name) || test(doc)));
}

function requiresAll(name: string, required: Value[]): (doc: Doc) => boolean {
  if (required.length === 0) {
    throw failedToParse(`property '${name}' in $jsonSchema keyword 'dependencies' cannot be an empty array`);
  }
  const names = required.map((item) => {
    if (typeof item === 'string') return item;
    throw typeMismatch(
      `array '${name}' in $jsonSchema keyword 'dependencies' can only contain strings, but found element of type: ${kindOf(item)}`,
    );
  });
  return (doc) => names.every((other) => hasField(doc, other));
}
