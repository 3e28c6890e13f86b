/** Arithmetic with MongoDB's promotion: int, long, double, decimal; integers that overflow widen. */
import { type Decimal128, Double, Long } from 'bson';
import { badValue, location } from '../errors.ts';
import { writeDecimal } from './decimal.ts';
import {
  addDecimals,
  divideDecimals,
  isZeroDecimal,
  modDecimals,
  multiplyDecimals,
  negateDecimal,
  subtractDecimals,
} from './decimal-arithmetic.ts';
import type { Numeric } from './kind.ts';
import {
  INT_MAX,
  INT_MIN,
  LONG_MAX,
  LONG_MIN,
  makeDouble,
  makeIntOrLong,
  makeLong,
  type NumberKind,
  numberKind,
  toBigInt,
  toDecimalParts,
  toNumber,
} from './number-kinds.ts';

export * from './number-kinds.ts';

const width: Record<NumberKind, number> = { int: 0, long: 1, double: 2, decimal: 3 };

/** The wider of the two types. */
export function commonKind(a: Numeric, b: Numeric): NumberKind {
  const kindA = numberKind(a);
  const kindB = numberKind(b);
  return width[kindA] >= width[kindB] ? kindA : kindB;
}

/**
 * What happens to an Int64 that overflows: expressions go on in doubles; update operators refuse it,
 * for them this is undefined.
 */
type OnOverflow = 'double' | 'refuse';

interface Operation {
  int(a: number, b: number): number;
  long(a: bigint, b: bigint): bigint;
  double(a: number, b: number): number;
  decimal: typeof addDecimals;
}

const addition: Operation = {
  int: (a, b) => a + b,
  long: (a, b) => a + b,
  double: (a, b) => a + b,
  decimal: addDecimals,
};
const subtraction: Operation = {
  int: (a, b) => a - b,
  long: (a, b) => a - b,
  double: (a, b) => a - b,
  decimal: subtractDecimals,
};
const multiplication: Operation = {
  // -0 is no Int32
  int: (a, b) => a * b + 0,
  long: (a, b) => a * b,
  double: (a, b) => a * b,
  decimal: multiplyDecimals,
};

function calculate(operation: Operation, a: Numeric, b: Numeric, overflow: OnOverflow): Numeric | undefined {
  const kind = commonKind(a, b);
  if (kind === 'decimal') return writeDecimal(operation.decimal(toDecimalParts(a), toDecimalParts(b)));
  if (kind === 'double') return makeDouble(operation.double(toNumber(a), toNumber(b)));
  if (kind === 'int') {
    const result = operation.int(a as number, b as number);
    if (result >= INT_MIN && result <= INT_MAX) return result;
  }
  const result = operation.long(toBigInt(a as number | Long), toBigInt(b as number | Long));
  if (result >= LONG_MIN && result <= LONG_MAX) return makeLong(result);
  return overflow === 'double' ? makeDouble(operation.double(toNumber(a), toNumber(b))) : undefined;
}

/** As $add: an Int32 overflows to Int64, an Int64 to Double. */
export function add(a: Numeric, b: Numeric): Numeric {
  return calculate(addition, a, b, 'double')!;
}

export function subtract(a: Numeric, b: Numeric): Numeric {
  return calculate(subtraction, a, b, 'double')!;
}

export function multiply(a: Numeric, b: Numeric): Numeric {
  return calculate(multiplication, a, b, 'double')!;
}

/** As $inc: undefined when the sum leaves Int64. */
export function addExactly(a: Numeric, b: Numeric): Numeric | undefined {
  return calculate(addition, a, b, 'refuse');
}

/** As $mul: undefined when the product leaves Int64. */
export function multiplyExactly(a: Numeric, b: Numeric): Numeric | undefined {
  return calculate(multiplication, a, b, 'refuse');
}

/** As $divide: integers give a double. */
export function divide(a: Numeric, b: Numeric): Numeric {
  if (isZero(b)) throw badValue("can't $divide by zero");
  if (commonKind(a, b) === 'decimal')
    return writeDecimal(divideDecimals(toDecimalParts(a), toDecimalParts(b)));
  return makeDouble(toNumber(a) / toNumber(b));
}

/** As $mod: the sign is the dividend's. */
export function mod(a: Numeric, b: Numeric): Numeric {
  if (isZero(b)) throw location(16610, "can't $mod by zero");
  const kind = commonKind(a, b);
  if (kind === 'decimal') return writeDecimal(modDecimals(toDecimalParts(a), toDecimalParts(b)));
  if (kind === 'double') return makeDouble(toNumber(a) % toNumber(b));
  if (kind === 'int') return ((a as number) % (b as number)) + 0;
  return makeLong(toBigInt(a as number | Long) % toBigInt(b as number | Long));
}

export function negate(a: Numeric): Numeric {
  const kind = numberKind(a);
  if (kind === 'decimal') return writeDecimal(negateDecimal(toDecimalParts(a)));
  if (kind === 'double') return makeDouble(-toNumber(a));
  const result = -toBigInt(a as number | Long);
  if (kind === 'int') return makeIntOrLong(result);
  return result > LONG_MAX ? makeDouble(-toNumber(a)) : makeLong(result);
}

export function isZero(a: Numeric): boolean {
  return numberKind(a) === 'decimal' ? isZeroDecimal(toDecimalParts(a)) : toNumber(a) === 0;
}

export type BitOperation = 'and' | 'or' | 'xor';

/** Bit operations on integers; an Int64 operand makes an Int64. */
export function bitwise(operation: BitOperation, a: number | Long, b: number | Long): number | Long {
  if (typeof a === 'number' && typeof b === 'number') {
    if (operation === 'and') return a & b;
    return operation === 'or' ? a | b : a ^ b;
  }
  const left = toBigInt(a);
  const right = toBigInt(b);
  if (operation === 'and') return makeLong(left & right);
  return makeLong(operation === 'or' ? left | right : left ^ right);
}

export function bitNot(a: number | Long): number | Long {
  return typeof a === 'number' ? ~a : makeLong(~toBigInt(a));
}

/** Whether the value is an Int32 or Int64. */
export function isInteger(value: unknown): value is number | Long {
  if (typeof value === 'number') return numberKind(value) === 'int';
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Long.prototype;
}

/** The exact integer that a number of any type stands for, undefined for fractions, NaN and infinities. */
export function integralValue(value: Numeric): bigint | undefined {
  switch (numberKind(value)) {
    case 'int':
    case 'long':
      return toBigInt(value as number | Long);
    case 'double': {
      const n = value instanceof Double ? value.value : (value as number);
      return Number.isInteger(n) ? BigInt(n) : undefined;
    }
    case 'decimal':
      return integralDecimal(value as Decimal128);
  }
}

/** Decimals reach 10^6144: integers of more digits than an Int64 has are of no use to any caller. */
function integralDecimal(value: Decimal128): bigint | undefined {
  const decimal = toDecimalParts(value);
  if (decimal.special !== undefined) return undefined;
  const { coefficient, exponent, negative } = decimal;
  if (coefficient === 0n) return 0n;
  if (exponent > 40) return undefined;
  const scale = 10n ** BigInt(Math.abs(exponent));
  if (exponent < 0 && coefficient % scale !== 0n) return undefined;
  const magnitude = exponent < 0 ? coefficient / scale : coefficient * scale;
  return negative ? -magnitude : magnitude;
}
