/** Integers as arguments of operators: any number type, but whole and in range. */
import { failedToParse } from '../errors.ts';
import { describeField } from '../values/describe.ts';
import { isNumber } from '../values/kind.ts';
import { integralValue, isNaNValue, LONG_MAX, LONG_MIN, toNumber } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';

/** The exact integer, or the error 9 that MongoDB gives for this argument. */
export function parseLong(name: string, value: Value | undefined): bigint {
  const shown = () => describeField(name, value);
  if (!isNumber(value)) throw failedToParse(`Expected a number in: ${shown()}`);
  if (isNaNValue(value)) throw failedToParse(`Expected an integer, but found NaN in: ${shown()}`);
  const integer = integralValue(value);
  if (integer !== undefined && integer >= LONG_MIN && integer <= LONG_MAX) return integer;
  const outOfRange = integer !== undefined || !Number.isFinite(toNumber(value));
  throw failedToParse(
    `${outOfRange ? 'Cannot represent as a 64-bit integer' : 'Expected an integer'}: ${shown()}`,
  );
}

export function parseInt32(name: string, value: Value | undefined): number {
  const integer = parseLong(name, value);
  if (integer < -0x80000000n || integer > 0x7fffffffn) {
    throw failedToParse(`Cannot represent ${describeField(name, value)} in an int`);
  }
  return Number(integer);
}

export function parseNonNegativeInt(name: string, value: Value | undefined): number {
  const integer = parseInt32(name, value);
  if (integer < 0) {
    throw failedToParse(`Expected a non-negative number in: ${describeField(name, value)}`);
  }
  return integer;
}

export function parseNonNegativeLong(name: string, value: Value | undefined): bigint {
  const integer = parseLong(name, value);
  if (integer < 0n) {
    throw failedToParse(`Expected a non-negative number in: ${describeField(name, value)}`);
  }
  return integer;
}
