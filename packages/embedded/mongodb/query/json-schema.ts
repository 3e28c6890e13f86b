/** $jsonSchema: MongoDB's part of JSON Schema draft 4, with bsonType. */
import { failedToParse, typeMismatch } from '../errors.ts';
import { getField, hasField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { arrayKeywords } from './json-schema-arrays.ts';
import type { KeywordCompiler, SchemaContext, SchemaTest } from './json-schema-keyword.ts';
import { objectKeywords } from './json-schema-objects.ts';
import { scalarKeywords } from './json-schema-scalars.ts';

const keywords = new Map<string, KeywordCompiler>([
  ...scalarKeywords,
  ...arrayKeywords,
  ...objectKeywords,
  ['allOf', (operand, context) => allOf(schemas(operand, context))],
  ['anyOf', (operand, context) => anyOf(schemas(operand, context))],
  ['oneOf', (operand, context) => oneOf(schemas(operand, context))],
  ['not', compileNot],
  ['title', requireString],
  ['description', requireString],
]);

const unsupported = new Set(['$ref', '$schema', 'default', 'definitions', 'format', 'id']);

export function compileJsonSchema(schema: Value): SchemaTest {
  if (!isDoc(schema)) throw typeMismatch('$jsonSchema must be an object');
  return compileSchema(schema);
}

function compileSchema(schema: Doc): SchemaTest {
  checkKeywords(schema);
  const tests: SchemaTest[] = [];
  for (const keyword of Object.keys(schema)) {
    const compile = keywords.get(keyword)!;
    const test = compile(getField(schema, keyword)!, { schema, keyword, compile: compileSchema });
    if (test) tests.push(test);
  }
  return allOf(tests);
}

function checkKeywords(schema: Doc): void {
  for (const keyword of Object.keys(schema)) {
    if (unsupported.has(keyword)) {
      throw failedToParse(`$jsonSchema keyword '${keyword}' is not currently supported`);
    }
    if (!keywords.has(keyword)) throw failedToParse(`Unknown $jsonSchema keyword: ${keyword}`);
  }
  if (hasField(schema, 'type') && hasField(schema, 'bsonType')) {
    throw failedToParse("Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
  }
}

function allOf(tests: SchemaTest[]): SchemaTest {
  return (value) => tests.every((test) => test(value));
}

function anyOf(tests: SchemaTest[]): SchemaTest {
  return (value) => tests.some((test) => test(value));
}

function oneOf(tests: SchemaTest[]): SchemaTest {
  return (value) => tests.filter((test) => test(value)).length === 1;
}

function schemas(operand: Value, { keyword, compile }: SchemaContext): SchemaTest[] {
  if (!Array.isArray(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array`);
  if (operand.length === 0) {
    throw failedToParse(`$jsonSchema keyword '${keyword}' must be a non-empty array`);
  }
  return operand.map((item) => {
    if (isDoc(item)) return compile(item);
    throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array of objects`);
  });
}

function compileNot(operand: Value, { compile }: SchemaContext): SchemaTest {
  if (!isDoc(operand)) throw typeMismatch("$jsonSchema keyword 'not' must be an object");
  const test = compile(operand);
  return (value) => !test(value);
}

function requireString(operand: Value, { keyword }: SchemaContext): undefined {
  if (typeof operand !== 'string') {
    throw typeMismatch(`$jsonSchema keyword '${keyword}' must be of type string`);
  }
}
