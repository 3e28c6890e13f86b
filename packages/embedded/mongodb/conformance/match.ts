/** Compares results with what a test expects, operators such as `$$exists` included. */
import { isDeepStrictEqual } from 'node:util';
import { Binary, Decimal128, Double, EJSON, Int32, Long, ObjectId } from 'bson';

export interface MatchContext {
  /** The session id of a session entity, for `$$sessionLsid`. */
  sessionId(entity: string): unknown;
}

type Fields = Record<string, unknown>;

/** Undefined when it matches; otherwise where and why it does not. Extra fields are allowed at the root only. */
export function mismatch(
  expected: unknown,
  actual: unknown,
  context: MatchContext,
  path = '',
  isRoot = true,
): string | undefined {
  if (isOperator(expected)) return mismatchByOperator(expected, actual, context, path, isRoot);
  if (Array.isArray(expected)) return mismatchOfArrays(expected, actual, context, path);
  if (isFields(expected)) return mismatchOfFields(expected, actual, context, path, isRoot);
  return equalByValue(expected, actual) ? undefined : difference(path, expected, actual);
}

function mismatchOfArrays(
  expected: unknown[],
  actual: unknown,
  context: MatchContext,
  path: string,
): string | undefined {
  if (!Array.isArray(actual) || actual.length !== expected.length) return difference(path, expected, actual);
  for (const [i, item] of expected.entries()) {
    const found = mismatch(item, actual[i], context, `${path}[${i}]`, false);
    if (found) return found;
  }
  return undefined;
}

function mismatchOfFields(
  expected: Fields,
  actual: unknown,
  context: MatchContext,
  path: string,
  isRoot: boolean,
): string | undefined {
  // The driver sends a sort as a Map, to keep its order.
  if (actual instanceof Map) return mismatch(expected, Object.fromEntries(actual), context, path, isRoot);
  if (typeof actual !== 'object' || actual === null) return difference(path, expected, actual);
  for (const [name, value] of Object.entries(expected)) {
    const found = mismatch(value, (actual as Fields)[name], context, `${path}.${name}`, false);
    if (found) return found;
  }
  const extra = isRoot ? undefined : Object.keys(actual).find((name) => !Object.hasOwn(expected, name));
  return extra === undefined ? undefined : `${path}: unexpected field '${extra}'`;
}

function isOperator(value: unknown): value is Fields {
  return isFields(value) && Object.keys(value).length === 1 && Object.keys(value)[0]!.startsWith('$$');
}

function mismatchByOperator(
  expected: Fields,
  actual: unknown,
  context: MatchContext,
  path: string,
  isRoot: boolean,
): string | undefined {
  const [operator, operand] = Object.entries(expected)[0]!;
  switch (operator) {
    case '$$exists':
      return (actual !== undefined) === operand
        ? undefined
        : `${path}: ${operand ? 'is missing' : 'is there'}`;
    case '$$unsetOrMatches':
      return actual === undefined || actual === null
        ? undefined
        : mismatch(operand, actual, context, path, isRoot);
    case '$$type':
      return [operand].flat().includes(typeOf(actual))
        ? undefined
        : difference(path, expected, typeOf(actual));
    case '$$sessionLsid':
      return isDeepStrictEqual(context.sessionId(String(operand)), actual)
        ? undefined
        : difference(path, expected, actual);
    default:
      throw new Error(`the matcher does not know ${operator}`);
  }
}

function typeOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Long.isLong(value) || typeof value === 'bigint') return 'long';
  if (value instanceof Int32) return 'int';
  if (value instanceof Double) return 'double';
  if (value instanceof Decimal128) return 'decimal';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof Date) return 'date';
  if (value instanceof Binary) return 'binData';
  return typeof value;
}

function equalByValue(expected: unknown, actual: unknown): boolean {
  const a = numeric(expected);
  const b = numeric(actual);
  if (a !== undefined || b !== undefined) return a === b;
  return isDeepStrictEqual(expected, actual) || EJSON.stringify(expected) === EJSON.stringify(actual);
}

function numeric(value: unknown): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (value instanceof Int32 || value instanceof Double) return value.valueOf();
  return Long.isLong(value) ? value.toNumber() : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !('_bsontype' in value) && !(value instanceof Date);
}

function difference(path: string, expected: unknown, actual: unknown): string {
  return `${path || 'result'}: expected ${EJSON.stringify(expected)}, found ${EJSON.stringify(actual)}`;
}
