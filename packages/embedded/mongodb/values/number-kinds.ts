/** Making and taking apart numbers of the four BSON types. */
import { Decimal128, Double, Long } from 'bson';
import {
  type Decimal,
  decimalFromBigInt,
  decimalFromDouble,
  decimalToDouble,
  readDecimal,
} from './decimal.ts';
import { isInt32, type Numeric } from './kind.ts';

export type NumberKind = 'int' | 'long' | 'double' | 'decimal';

export const INT_MIN = -0x80000000;
export const INT_MAX = 0x7fffffff;
export const LONG_MIN = -(2n ** 63n);
export const LONG_MAX = 2n ** 63n - 1n;

export function numberKind(value: Numeric): NumberKind {
  if (typeof value === 'number') return isInt32(value) ? 'int' : 'double';
  if (value instanceof Double) return 'double';
  return value instanceof Long ? 'long' : 'decimal';
}

/** An Int32 out of an integer within 32 bits. */
export function makeInt(n: number): number {
  return n | 0;
}

export function makeDouble(n: number): number | Double {
  return (n | 0) === n ? new Double(n) : n;
}

/** An Int64; a number must be an integer within 2^53. */
export function makeLong(n: bigint | number): Long {
  if (typeof n === 'number') return Long.fromNumber(n);
  return Long.fromBits(Number(BigInt.asIntN(32, n)), Number(BigInt.asIntN(32, n >> 32n)));
}

/** An Int32 where it fits, an Int64 otherwise. */
export function makeIntOrLong(n: bigint): number | Long {
  return n >= -0x80000000n && n <= 0x7fffffffn ? Number(n) : makeLong(n);
}

export function longToBigInt(value: Long): bigint {
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0);
}

/** The nearest double of any number. */
export function toNumber(value: Numeric): number {
  if (typeof value === 'number') return value;
  if (value instanceof Double) return value.value;
  if (value instanceof Long) return value.high * 0x100000000 + (value.low >>> 0);
  return decimalToDouble(readDecimal(value));
}

/** A Decimal out of any number, doubles rounded to 15 digits as MongoDB does. */
export function toDecimalParts(value: Numeric): Decimal {
  if (value instanceof Decimal128) return readDecimal(value);
  if (value instanceof Long) return decimalFromBigInt(longToBigInt(value));
  const n = toNumber(value);
  return numberKind(value) === 'int' ? decimalFromBigInt(BigInt(n)) : decimalFromDouble(n);
}

/** The exact integer of an Int32 or Int64. */
export function toBigInt(value: number | Long): bigint {
  return typeof value === 'number' ? BigInt(value) : longToBigInt(value);
}

export function isNaNValue(value: Numeric): boolean {
  if (typeof value === 'number') return Number.isNaN(value);
  if (value instanceof Double) return Number.isNaN(value.value);
  return value instanceof Decimal128 && readDecimal(value).special === 'NaN';
}
