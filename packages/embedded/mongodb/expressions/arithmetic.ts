// $add and its kin. Numbers widen from int over long and double to decimal; dates take part in $add and $subtract.
import type { Long } from 'bson';
import { badValue, location, MongoError, typeMismatch } from '../errors.ts';
import { exactDecimal, roundToFit, writeDecimal } from '../values/decimal.ts';
import { addDecimals } from '../values/decimal-arithmetic.ts';
import { isDate, isNullish, isNumber, kindOf, type Numeric } from '../values/kind.ts';
import {
  add,
  type BitOperation,
  bitNot,
  bitwise,
  divide,
  isInteger,
  isZero,
  LONG_MIN,
  makeDouble,
  makeLong,
  mod,
  multiply,
  numberKind,
  subtract,
  toBigInt,
  toDecimalParts,
  toNumber,
} from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import type { OperatorCompiler, OperatorTable } from './expression.ts';
import { binary, unary, variadic } from './operands.ts';

type Result = Value | undefined;

/** JavaScript's dates end here; MongoDB's reach further, but no driver for Node can show those. */
const LAST_DATE = 8.64e15;

export function dateFrom(milliseconds: number | bigint, failure: () => MongoError): Date {
  const time = Number(milliseconds);
  if (!(Math.abs(time) <= LAST_DATE)) throw failure();
  return new Date(time);
}

function addAll(values: Iterable<Result>): Result {
  let sum: Numeric = 0;
  let date = false;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (isDate(value)) {
      if (date) throw location(16612, 'only one date allowed in an $add expression');
      date = true;
      sum = add(sum, makeLong(value.getTime()));
    } else if (isNumber(value)) sum = addNumber(sum, value);
    else throw typeMismatch(`$add only supports numeric or date types, not ${kindOf(value)}`);
  }
  if (!date) return sum;
  return dateFrom(
    halfAwayFromZero(toNumber(sum)),
    () => new MongoError(15, 'Overflow', 'date overflow in $add'),
  );
}

/** Doubles that came before the first decimal are kept to 34 digits, those after it to 15. */
function addNumber(sum: Numeric, value: Numeric): Numeric {
  if (numberKind(value) !== 'decimal' || numberKind(sum) !== 'double') return add(sum, value);
  const exact = exactDecimal(toNumber(sum));
  const whole = exact.special === undefined ? roundToFit(exact) : exact;
  return writeDecimal(addDecimals(whole, toDecimalParts(value)));
}

function halfAwayFromZero(n: number): number {
  return Math.sign(n) * Math.round(Math.abs(n));
}

function multiplyAll(values: Iterable<Result>): Result {
  let product: Numeric = 1;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!isNumber(value)) throw typeMismatch(`$multiply only supports numeric types, not ${kindOf(value)}`);
    product = multiply(product, value);
  }
  return product;
}

function subtractFrom(left: Result, right: Result): Result {
  if (isNumber(left) && isNumber(right)) return subtract(left, right);
  if (isNullish(left) || isNullish(right)) return null;
  if (!isDate(left)) throw typeMismatch(`can't $subtract ${kindOf(right)} from ${kindOf(left)}`);
  if (isDate(right)) return makeLong(left.getTime() - right.getTime());
  if (!isNumber(right)) throw typeMismatch(`can't $subtract ${kindOf(right)} from Date`);
  const overflow = () => new MongoError(15, 'Overflow', 'date overflow in $subtract');
  return dateFrom(left.getTime() - Math.trunc(toNumber(right)), overflow);
}

function divideBy(left: Result, right: Result): Result {
  if (isNumber(left) && isNumber(right)) {
    if (isZero(right)) throw badValue("can't $divide by zero");
    return divide(left, right);
  }
  if (isNullish(left) || isNullish(right)) return null;
  throw typeMismatch(`$divide only supports numeric types, not ${kindOf(left)} and ${kindOf(right)}`);
}

function modulo(left: Result, right: Result): Result {
  if (isNumber(left) && isNumber(right)) {
    const decimal = numberKind(left) === 'decimal' || numberKind(right) === 'decimal';
    if (isZero(right)) throw location(decimal ? 5733415 : 16610, "can't $mod by zero");
    return mod(left, wholeDivisor(left, right));
  }
  if (isNullish(left) || isNullish(right)) return null;
  throw location(16611, `$mod only supports numeric types, not ${kindOf(left)} and ${kindOf(right)}`);
}

/** An integer modulo a whole double stays an integer. */
function wholeDivisor(left: Numeric, right: Numeric): Numeric {
  if (numberKind(right) !== 'double' || !isInteger(left)) return right;
  const whole = toNumber(right);
  return Number.isInteger(whole) && Math.abs(whole) <= 0x7fffffff ? whole + 0 : right;
}

function absolute(value: Numeric): Result {
  switch (numberKind(value)) {
    case 'double':
      return makeDouble(Math.abs(toNumber(value)));
    case 'decimal':
      return toNumber(value) < 0 || Object.is(toNumber(value), -0) ? multiply(value, -1) : value;
    default: {
      const exact = toBigInt(value as number);
      if (exact === LONG_MIN) throw location(28680, "can't take $abs of long long min");
      return exact < 0n ? subtract(0, value) : value;
    }
  }
}

/** One numeric operand: null for null, an error for anything else. */
export function numeric(apply: (value: Numeric, name: string) => Result): OperatorCompiler {
  return unary((value, name) => {
    if (isNullish(value)) return null;
    if (!isNumber(value)) throw location(28765, `${name} only supports numeric types, not ${kindOf(value)}`);
    return apply(value, name);
  });
}

function bits(operation: BitOperation, start: number): OperatorCompiler {
  return variadic((values, name) => {
    let result: number | Long = start;
    for (const value of values) {
      if (isNullish(value)) return null;
      if (!isInteger(value)) throw typeMismatch(`${name} only supports int and long operands.`);
      result = bitwise(operation, result, value);
    }
    return result;
  });
}

export const arithmeticOperators: OperatorTable = {
  $add: variadic(addAll),
  $subtract: binary(subtractFrom),
  $multiply: variadic(multiplyAll),
  $divide: binary(divideBy),
  $mod: binary(modulo),
  $abs: numeric(absolute),
  $bitAnd: bits('and', -1),
  $bitOr: bits('or', 0),
  $bitXor: bits('xor', 0),
  $bitNot: numeric((value, name) => {
    if (!isInteger(value)) throw typeMismatch(`${name} only supports int and long, not: ${kindOf(value)}.`);
    return bitNot(value);
  }),
};
