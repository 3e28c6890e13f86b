// Rounding, powers, roots and logarithms.
import { Decimal128 } from 'bson';
import { location } from '../errors.ts';
import { type Decimal, decimalToDouble, exactDecimal, writeDecimal } from '../values/decimal.ts';
import { addDecimals, compareDecimals, type Rounding, roundDecimal } from '../values/decimal-arithmetic.ts';
import { isNullish, isNumber, kindOf, type Numeric } from '../values/kind.ts';
import {
  INT_MAX,
  INT_MIN,
  LONG_MAX,
  LONG_MIN,
  makeDouble,
  makeIntOrLong,
  makeLong,
  numberKind,
  toBigInt,
  toDecimalParts,
  toNumber,
} from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import { numeric } from './arithmetic.ts';
import { exponentialOf, logarithmOf, logarithmToBase, powerOf, squareRootOf } from './decimal-functions.ts';
import type { OperatorTable } from './expression.ts';
import { int32Of } from './integers.ts';
import { numberText } from './number-text.ts';
import { binary, ranged } from './operands.ts';

type Result = Value | undefined;

const ZERO = exactDecimal(0);
const ONE = exactDecimal(1);
const LOWEST_PLACE = -20;
const HIGHEST_PLACE = 100;

/** Rounds half to even or truncates, to a number of decimal places that may be negative. */
function rounding(how: Rounding) {
  return ranged(1, 2, (operands, name) => {
    const [value, placeOperand] = operands;
    if (isNullish(value)) return null;
    if (!isNumber(value)) throw location(51081, `${name} only supports numeric types, not ${kindOf(value)}`);
    if (operands.length === 1) return roundTo(value, 0, how, name);
    return isNullish(placeOperand) ? null : roundTo(value, placeOf(placeOperand, name), how, name);
  });
}

function placeOf(value: Value, name: string): number {
  const place = int32Of(value);
  if (place === undefined) throw location(51082, `precision argument to  ${name} must be a integral value`);
  if (place >= LOWEST_PLACE && place <= HIGHEST_PLACE) return place;
  throw location(
    51083,
    `cannot apply ${name} with precision value ${place} value must be in [${LOWEST_PLACE}, ${HIGHEST_PLACE}]`,
  );
}

function roundTo(value: Numeric, place: number, how: Rounding, name: string): Result {
  switch (numberKind(value)) {
    case 'decimal':
      return writeDecimal(quantize(toDecimalParts(value), place, how));
    case 'double':
      return roundDouble(toNumber(value), place, how);
    default:
      return place >= 0 ? value : roundInteger(value, place, how, name);
  }
}

/** Rounds the double's exact value: 2.675 is a little less than it looks. */
function roundDouble(n: number, place: number, how: Rounding): Numeric {
  if (!Number.isFinite(n) || n === 0) return makeDouble(n);
  return makeDouble(decimalToDouble(roundDecimal(exactDecimal(n), place, how)));
}

/** Decimals get the very number of decimal places, zeros too, as far as 34 digits allow. */
function quantize(value: Decimal, place: number, how: Rounding): Decimal {
  const rounded = roundDecimal(value, place, how);
  if (rounded.special !== undefined || rounded.exponent <= -place) return rounded;
  return addDecimals(rounded, { negative: rounded.negative, coefficient: 0n, exponent: -place });
}

function roundInteger(value: Numeric, place: number, how: Rounding, name: string): Result {
  const rounded = roundDecimal(toDecimalParts(value), place, how);
  const magnitude =
    rounded.special === undefined ? rounded.coefficient * 10n ** BigInt(Math.max(rounded.exponent, 0)) : 0n;
  const result = rounded.negative ? -magnitude : magnitude;
  if (result > LONG_MAX || result < LONG_MIN) {
    throw location(
      51080,
      `invalid conversion from Decimal128 result in ${name} resulting from arguments: [${numberText(value)}, ${place}]`,
    );
  }
  const fitsInt = result >= BigInt(INT_MIN) && result <= BigInt(INT_MAX);
  return numberKind(value) === 'int' && fitsInt ? Number(result) : makeLong(result);
}

function toWhole(direction: 'ceil' | 'floor') {
  return numeric((value) => {
    const kind = numberKind(value);
    if (kind === 'double') return makeDouble(Math[direction](toNumber(value)));
    return kind === 'decimal' ? writeDecimal(quantize(toDecimalParts(value), 0, direction)) : value;
  });
}

function squareRoot(value: Numeric): Result {
  if (toNumber(value) < 0) throw location(28714, "$sqrt's argument must be greater than or equal to 0");
  if (value instanceof Decimal128) return writeDecimal(squareRootOf(toDecimalParts(value)));
  return makeDouble(Math.sqrt(toNumber(value)));
}

function naturalLogarithm(value: Numeric): Result {
  checkPositive(value, 28766, "$ln's argument must be a positive number");
  if (value instanceof Decimal128) return writeDecimal(logarithmOf(toDecimalParts(value)));
  return makeDouble(Math.log(toNumber(value)));
}

function decimalLogarithm(value: Numeric): Result {
  checkPositive(value, 28761, "$log10's argument must be a positive number");
  if (value instanceof Decimal128) {
    return writeDecimal(logarithmToBase(toDecimalParts(value), exactDecimal(10)));
  }
  return makeDouble(Math.log10(toNumber(value)));
}

function logarithm(value: Result, base: Result): Result {
  if (isNullish(value) || isNullish(base)) return null;
  if (!isNumber(value)) throw location(28756, `$log's argument must be numeric, not ${kindOf(value)}`);
  if (!isNumber(base)) throw location(28757, `$log's base must be numeric, not ${kindOf(base)}`);
  checkPositive(value, 28758, "$log's argument must be a positive number");
  const refusal = "$log's base must be a positive number not equal to 1";
  checkPositive(base, 28759, refusal);
  if (compareDecimals(toDecimalParts(base), ONE) === 0) throw location(28759, `${refusal}, but is 1`);
  if (value instanceof Decimal128 || base instanceof Decimal128) {
    return writeDecimal(logarithmToBase(toDecimalParts(value), toDecimalParts(base)));
  }
  return makeDouble(Math.log(toNumber(value)) / Math.log(toNumber(base)));
}

/** NaN passes and gives NaN. */
function checkPositive(value: Numeric, code: number, message: string): void {
  const parts = toDecimalParts(value);
  if (parts.special === 'NaN' || compareDecimals(parts, ZERO) > 0) return;
  throw location(code, `${message}, but is ${numberText(value)}`);
}

function exponential(value: Numeric): Result {
  if (value instanceof Decimal128) return writeDecimal(exponentialOf(toDecimalParts(value)));
  return makeDouble(Math.exp(toNumber(value)));
}

function power(base: Result, exponent: Result): Result {
  if (isNullish(base) || isNullish(exponent)) return null;
  if (!isNumber(base)) throw location(28762, `$pow's base must be numeric, not ${kindOf(base)}`);
  if (!isNumber(exponent)) throw location(28763, `$pow's exponent must be numeric, not ${kindOf(exponent)}`);
  if (toNumber(base) === 0 && toNumber(exponent) < 0) {
    throw location(28764, '$pow cannot take a base of 0 and a negative exponent');
  }
  if (base instanceof Decimal128 || exponent instanceof Decimal128) {
    return writeDecimal(powerOf(toDecimalParts(base), toDecimalParts(exponent)));
  }
  if (numberKind(base) === 'double' || numberKind(exponent) === 'double') {
    return makeDouble(doublePower(toNumber(base), toNumber(exponent)));
  }
  return integerPower(base as number, exponent as number);
}

/** C's pow, where 1 to any power is 1, which JavaScript does not grant NaN and the infinities. */
function doublePower(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  return base ** exponent;
}

/** An integer where it fits 64 bits, a double otherwise; a long operand makes a long. */
function integerPower(base: number, exponent: number): Result {
  const whole = toBigInt(base);
  const times = toBigInt(exponent);
  const kind = numberKind(base) === 'long' || numberKind(exponent) === 'long' ? 'long' : 'int';
  const result = exactPower(whole, times);
  if (result === undefined || result > LONG_MAX || result < LONG_MIN) {
    return makeDouble(doublePower(Number(whole), Number(times)));
  }
  return kind === 'long' ? makeLong(result) : makeIntOrLong(result);
}

function exactPower(base: bigint, exponent: bigint): bigint | undefined {
  if (base === 1n) return 1n;
  if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
  if (base === 0n) return exponent === 0n ? 1n : 0n;
  return exponent >= 0n && exponent <= 63n ? base ** exponent : undefined;
}

export const mathematicsOperators: OperatorTable = {
  $round: rounding('half-even'),
  $trunc: rounding('trunc'),
  $ceil: toWhole('ceil'),
  $floor: toWhole('floor'),
  $sqrt: numeric(squareRoot),
  $exp: numeric(exponential),
  $ln: numeric(naturalLogarithm),
  $log10: numeric(decimalLogarithm),
  $log: binary(logarithm),
  $pow: binary(power),
};
