/**
 * Integers as Redis counts them: 64 bits, signed. A JavaScript number wherever that is exact, a bigint beyond; the two
 * compare with < and === as long as every value has its one form.
 */
export type Int64 = number | bigint;

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;
const MAX_UNSIGNED = 2n ** 64n - 1n;
const CANONICAL = /^(?:0|-?[1-9]\d{0,18})$/;
/** So many digits always fit into a number exactly. */
const EXACT_DIGITS = 15;

/** Only the one canonical spelling counts: no plus sign, no leading zero, no space. */
export function parseInt64(text: string): Int64 | undefined {
  if (!CANONICAL.test(text)) return undefined;
  if (text.length <= EXACT_DIGITS) return Number(text);
  return withinInt64(BigInt(text));
}

export function parseUnsigned64(text: string): Int64 | undefined {
  if (!/^\d{1,40}$/.test(text)) return undefined;
  if (text.length <= EXACT_DIGITS) return Number(text);
  const value = BigInt(text);
  return value > MAX_UNSIGNED ? undefined : oneForm(value);
}

/** Undefined when the sum does not fit. */
export function addInt64(a: Int64, b: Int64): Int64 | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return withinInt64(BigInt(a) + BigInt(b));
}

/** Undefined for the lowest integer, whose opposite does not fit. */
export function negateInt64(value: Int64): Int64 | undefined {
  return withinInt64(-BigInt(value));
}

/** The next unsigned integer; undefined after the last. */
export function nextUnsigned64(value: Int64): Int64 | undefined {
  const next = BigInt(value) + 1n;
  return next > MAX_UNSIGNED ? undefined : oneForm(next);
}

/** The integer before; undefined before zero. */
export function previousUnsigned64(value: Int64): Int64 | undefined {
  return value === 0 ? undefined : oneForm(BigInt(value) - 1n);
}

export const LAST_UNSIGNED_64: Int64 = MAX_UNSIGNED;

function withinInt64(value: bigint): Int64 | undefined {
  return value < MIN || value > MAX ? undefined : oneForm(value);
}

function oneForm(value: bigint): Int64 {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
