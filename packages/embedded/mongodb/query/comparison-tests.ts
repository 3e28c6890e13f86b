/** Tests of one value for equality, order and membership. */
import type { BSONRegExp, ObjectId } from 'bson';
import type { Collator } from '../values/collation.ts';
import { compareNumbers, compareObjectIds, compareValues, equalValues } from '../values/compare.ts';
import { isNumber, isObjectId, kindOf, type Numeric, typeRank } from '../values/kind.ts';
import { isNaNValue } from '../values/numbers.ts';
import { compileRegex } from '../values/regex.ts';
import type { Value } from '../values/types.ts';
import type { Comparison, ElementTest } from './predicate.ts';

export function comparisonTest(
  operator: Comparison,
  operand: Value,
  collator: Collator | undefined,
): ElementTest {
  return operator === '$eq' ? equalityTest(operand, collator) : orderTest(operator, operand, collator);
}

export function equalityTest(operand: Value, collator: Collator | undefined): ElementTest {
  switch (kindOf(operand)) {
    case 'null':
      return (value) => value === null || value === undefined;
    case 'bool':
      return (value) => value === operand;
    case 'string':
      if (collator) break;
      return (value) => value === operand || (typeof value === 'object' && equalValues(value, operand));
    case 'int':
    case 'long':
    case 'double':
    case 'decimal':
      return (value) =>
        value === operand || (isNumber(value) && compareNumbers(value, operand as Numeric) === 0);
    case 'objectId':
      return (value) => isObjectId(value) && compareObjectIds(value, operand as ObjectId) === 0;
  }
  return (value) => equalValues(value, operand, collator);
}

/** Only values of the operand's type are in order with it; null, MinKey and MaxKey have rules of their own. */
function orderTest(
  operator: Exclude<Comparison, '$eq'>,
  operand: Value,
  collator: Collator | undefined,
): ElementTest {
  const orEqual = operator === '$gte' || operator === '$lte';
  const wanted = operator === '$gt' || operator === '$gte' ? 1 : -1;
  const kind = kindOf(operand);
  if (kind === 'null') return (value) => orEqual && (value === null || value === undefined);
  if (kind === 'minKey' || kind === 'maxKey') {
    const others = kind === 'minKey' ? wanted > 0 : wanted < 0;
    return (value) => (kindOf(value) === kind ? orEqual : others);
  }
  if (isNumber(operand)) return numberOrderTest(operand, wanted, orEqual);
  const rank = typeRank(operand);
  return (value) => {
    if (typeRank(value) !== rank) return false;
    const order = compareValues(value, operand, collator);
    return order === 0 ? orEqual : order > 0 === wanted > 0;
  };
}

function numberOrderTest(operand: Numeric, wanted: number, orEqual: boolean): ElementTest {
  // NaN is in order with itself only.
  if (isNaNValue(operand)) return (value) => orEqual && isNumber(value) && isNaNValue(value);
  return (value) => {
    if (!isNumber(value) || isNaNValue(value)) return false;
    const order = compareNumbers(value, operand);
    return order === 0 ? orEqual : order > 0 === wanted > 0;
  };
}

export function membershipTest(
  values: Value[],
  regexes: BSONRegExp[],
  collator: Collator | undefined,
): ElementTest {
  const isMember = setTest(values, collator);
  if (regexes.length === 0) return isMember;
  const regexTests = regexes.map((regex) => regexTest(regex.pattern, regex.options));
  return (value) => isMember(value) || regexTests.some((test) => test(value));
}

function setTest(values: Value[], collator: Collator | undefined): ElementTest {
  const hasNull = values.includes(null);
  if (!collator && values.every((value) => typeof value === 'string')) {
    const strings = new Set<unknown>(values);
    return (value) => strings.has(value) || (kindOf(value) === 'symbol' && strings.has(String(value)));
  }
  const sorted = [...values].sort((a, b) => compareValues(a, b, collator));
  return (value) => (value === undefined ? hasNull : isIn(sorted, value, collator));
}

function isIn(sorted: Value[], value: Value, collator: Collator | undefined): boolean {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compareValues(sorted[middle], value, collator);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** Strings that match, and regular expressions that are the same. */
export function regexTest(pattern: string, options: string): ElementTest {
  const regex = compileRegex(pattern, options);
  return (value) => {
    if (typeof value === 'string') return regex.test(value);
    if (typeof value !== 'object' || value === null) return false;
    const kind = kindOf(value);
    if (kind === 'symbol') return regex.test(String(value));
    if (kind !== 'regex') return false;
    return (value as BSONRegExp).pattern === pattern && (value as BSONRegExp).options === options;
  };
}
