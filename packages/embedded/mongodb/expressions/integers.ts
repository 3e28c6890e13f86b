// Which numbers count as integers, whatever their type: 2, 2.0 and Decimal 2 alike.
import { isNumber } from '../values/kind.ts';
import { INT_MAX, INT_MIN, integralValue, LONG_MAX, LONG_MIN } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';

/** The value as a 32-bit integer, undefined when it is none. */
export function int32Of(value: Value | undefined): number | undefined {
  if (typeof value === 'number' && (value | 0) === value) return value;
  const integer = isNumber(value) ? integralValue(value) : undefined;
  return integer !== undefined && integer >= INT_MIN && integer <= INT_MAX ? Number(integer) : undefined;
}

/** The value as a 64-bit integer, undefined when it is none. */
export function int64Of(value: Value | undefined): bigint | undefined {
  const integer = isNumber(value) ? integralValue(value) : undefined;
  return integer !== undefined && integer >= LONG_MIN && integer <= LONG_MAX ? integer : undefined;
}
