/** Decimal128 as exact integers: reading, writing and rounding to 34 digits. */
import { Decimal128 } from 'bson';

/** (-1)^negative * coefficient * 10^exponent */
export interface FiniteDecimal {
  special?: undefined;
  negative: boolean;
  coefficient: bigint;
  exponent: number;
}

export interface SpecialDecimal {
  special: 'NaN' | 'Infinity';
  negative: boolean;
}

export type Decimal = FiniteDecimal | SpecialDecimal;

export const MAX_DIGITS = 34;
export const MIN_EXPONENT = -6176;
export const MAX_EXPONENT = 6111;
const MAX_COEFFICIENT = 10n ** 34n - 1n;

export const NAN_DECIMAL: SpecialDecimal = { special: 'NaN', negative: false };
export const ZERO_DECIMAL: FiniteDecimal = { negative: false, coefficient: 0n, exponent: 0 };

const powers: bigint[] = [1n];

export function powerOf10(exponent: number): bigint {
  if (exponent > 400) return 10n ** BigInt(exponent);
  while (powers.length <= exponent) powers.push(powers[powers.length - 1]! * 10n);
  return powers[exponent]!;
}

export function digitCount(coefficient: bigint): number {
  return coefficient === 0n ? 1 : coefficient.toString().length;
}

export function infinity(negative: boolean): SpecialDecimal {
  return { special: 'Infinity', negative };
}

export function readDecimal(value: Decimal128): Decimal {
  const bytes = value.bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const high = view.getBigUint64(8, true);
  const low = view.getBigUint64(0, true);
  const negative = high >> 63n === 1n;
  const combination = Number((high >> 58n) & 0x1fn);
  if (combination === 0x1f) return { special: 'NaN', negative: false };
  if (combination === 0x1e) return { special: 'Infinity', negative };
  // With the two top combination bits set the coefficient would exceed 34 digits: IEEE 754 reads it as zero.
  if (combination >> 3 === 3) {
    return { negative, coefficient: 0n, exponent: Number((high >> 47n) & 0x3fffn) + MIN_EXPONENT };
  }
  const coefficient = ((high & 0x1ffffffffffffn) << 64n) | low;
  return {
    negative,
    coefficient: coefficient > MAX_COEFFICIENT ? 0n : coefficient,
    exponent: Number((high >> 49n) & 0x3fffn) + MIN_EXPONENT,
  };
}

export function writeDecimal(decimal: Decimal): Decimal128 {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  if (decimal.special !== undefined) {
    const top = decimal.special === 'NaN' ? 0x7c00000000000000n : 0x7800000000000000n;
    const sign = decimal.negative && decimal.special === 'Infinity' ? 1n << 63n : 0n;
    view.setBigUint64(8, top | sign, true);
    return new Decimal128(bytes);
  }
  const rounded = roundToFit(decimal);
  if (rounded.special !== undefined) return writeDecimal(rounded);
  const sign = rounded.negative ? 1n << 63n : 0n;
  const exponent = BigInt(rounded.exponent - MIN_EXPONENT) << 49n;
  view.setBigUint64(0, rounded.coefficient & 0xffffffffffffffffn, true);
  view.setBigUint64(8, sign | exponent | (rounded.coefficient >> 64n), true);
  return new Decimal128(bytes);
}

/** Divides by a power of ten, rounding half to even. */
export function dropDigits(coefficient: bigint, digits: number): bigint {
  if (digits <= 0) return coefficient;
  const divisor = powerOf10(digits);
  const quotient = coefficient / divisor;
  const twice = (coefficient % divisor) * 2n;
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

/** Rounds to 34 digits and to the exponents that exist; overflows to infinity. */
export function roundToFit(decimal: FiniteDecimal): Decimal {
  let { coefficient, exponent } = decimal;
  const { negative } = decimal;
  const excess = Math.max(digitCount(coefficient) - MAX_DIGITS, MIN_EXPONENT - exponent);
  if (excess > 0) {
    // More digits to drop than there are: the result can only be zero.
    coefficient = excess > digitCount(coefficient) + 1 ? 0n : dropDigits(coefficient, excess);
    exponent += excess;
    if (coefficient > MAX_COEFFICIENT) {
      coefficient /= 10n;
      exponent += 1;
    }
  }
  if (exponent > MAX_EXPONENT) {
    if (coefficient === 0n) return { negative, coefficient, exponent: MAX_EXPONENT };
    const padding = exponent - MAX_EXPONENT;
    if (digitCount(coefficient) + padding > MAX_DIGITS) return infinity(negative);
    return { negative, coefficient: coefficient * powerOf10(padding), exponent: MAX_EXPONENT };
  }
  return { negative, coefficient, exponent };
}

/** The same value without trailing zeros in the coefficient. */
export function normalize(decimal: FiniteDecimal): FiniteDecimal {
  let { coefficient, exponent } = decimal;
  if (coefficient === 0n) return { negative: decimal.negative, coefficient, exponent: 0 };
  while (coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  return { negative: decimal.negative, coefficient, exponent };
}

export function decimalFromBigInt(n: bigint): FiniteDecimal {
  return { negative: n < 0n, coefficient: n < 0n ? -n : n, exponent: 0 };
}

const float = new DataView(new ArrayBuffer(8));

/** The double's exact value, which may have hundreds of digits: for comparing, not for keeping. */
export function exactDecimal(n: number): Decimal {
  if (Number.isNaN(n)) return NAN_DECIMAL;
  if (!Number.isFinite(n)) return infinity(n < 0);
  float.setFloat64(0, n);
  const bits = float.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const power = (biased === 0 ? 1 : biased) - 1075;
  const negative = bits >> 63n === 1n;
  if (power >= 0) return { negative, coefficient: mantissa << BigInt(power), exponent: 0 };
  // m / 2^k = m * 5^k / 10^k
  return { negative, coefficient: mantissa * 5n ** BigInt(-power), exponent: power };
}

/** A double turned into a Decimal as MongoDB does: rounded to, and written with, 15 significant digits. */
export function decimalFromDouble(n: number): Decimal {
  if (Number.isNaN(n)) return NAN_DECIMAL;
  if (!Number.isFinite(n)) return infinity(n < 0);
  if (n === 0) return { negative: Object.is(n, -0), coefficient: 0n, exponent: 0 };
  return parseDecimal(n.toExponential(14)) as Decimal;
}

const DECIMAL_TEXT = /^([+-])?(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,9}))?$/;

/** Reads what MongoDB's Decimal128 reads; undefined when the text is no decimal. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL_TEXT.exec(text);
  if (!match) {
    const word = /^([+-])?(?:(inf(?:inity)?)|(nan))$/i.exec(text);
    if (!word) return undefined;
    return word[3] ? NAN_DECIMAL : infinity(word[1] === '-');
  }
  const fraction = match[3] ?? match[4] ?? '';
  const digits = ((match[2] ?? '') + fraction).replace(/^0+(?=\d)/, '');
  const exponent = Number(match[5] ?? 0) - fraction.length;
  const negative = match[1] === '-';
  if (digits.length <= 4_000) {
    return roundToFit({ negative, coefficient: BigInt(digits), exponent });
  }
  // Reading an endless run of digits as one integer would take quadratic time; a sticky 1 keeps rounding right.
  const kept = `${digits.slice(0, 100)}${/[1-9]/.test(digits.slice(100)) ? '1' : '0'}`;
  return roundToFit({ negative, coefficient: BigInt(kept), exponent: exponent + digits.length - 101 });
}

/** The text MongoDB gives for a decimal. */
export function formatDecimal(decimal: Decimal): string {
  if (decimal.special !== undefined) {
    return decimal.special === 'NaN' ? 'NaN' : `${decimal.negative ? '-' : ''}Infinity`;
  }
  const sign = decimal.negative ? '-' : '';
  const digits = decimal.coefficient.toString();
  const { exponent } = decimal;
  const scientific = exponent + digits.length - 1;
  if (exponent > 0 || scientific < -6) {
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}E${scientific < 0 ? '' : '+'}${scientific}`;
  }
  if (exponent === 0) return sign + digits;
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** The nearest double. */
export function decimalToDouble(decimal: Decimal): number {
  if (decimal.special !== undefined) {
    if (decimal.special === 'NaN') return Number.NaN;
    return decimal.negative ? -Infinity : Infinity;
  }
  const { coefficient, exponent } = decimal;
  const magnitude = Number(`${coefficient}e${exponent}`);
  return decimal.negative ? -magnitude : magnitude;
}
