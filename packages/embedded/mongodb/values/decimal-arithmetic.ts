/** Arithmetic of Decimal128 after IEEE 754-2008: 34 digits, half to even, preferred exponents. */
import {
  type Decimal,
  digitCount,
  dropDigits,
  type FiniteDecimal,
  infinity,
  MAX_DIGITS,
  NAN_DECIMAL,
  powerOf10,
  roundToFit,
} from './decimal.ts';

export function negateDecimal(a: Decimal): Decimal {
  return a.special === 'NaN' ? a : { ...a, negative: !a.negative };
}

export function absDecimal(a: Decimal): Decimal {
  return { ...a, negative: false };
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.special !== undefined || b.special !== undefined) return addSpecials(a, b);
  // Adding numbers this far apart would need huge integers: the smaller one can at most nudge the rounding.
  const [high, low] = topOf(a) >= topOf(b) ? [a, b] : [b, a];
  if (low.coefficient !== 0n && high.coefficient !== 0n && topOf(high) - topOf(low) > 2 * MAX_DIGITS) {
    return addFarApart(high, low);
  }
  const exponent = Math.min(a.exponent, b.exponent);
  if (Math.max(a.exponent, b.exponent) - exponent > 4 * MAX_DIGITS) {
    // One of them is zero: the other keeps as many zeros of the lower exponent as fit.
    const kept = a.coefficient === 0n ? b : a;
    if (kept.coefficient === 0n) return { negative: a.negative && b.negative, coefficient: 0n, exponent };
    return withExponent(kept, exponent);
  }
  const sum = signed(a, exponent) + signed(b, exponent);
  const negative = sum === 0n ? a.negative && b.negative : sum < 0n;
  return roundToFit({ negative, coefficient: sum < 0n ? -sum : sum, exponent });
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, negateDecimal(b));
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.special === 'NaN' || b.special === 'NaN') return NAN_DECIMAL;
  const negative = a.negative !== b.negative;
  if (a.special !== undefined || b.special !== undefined) {
    return isZeroDecimal(a) || isZeroDecimal(b) ? NAN_DECIMAL : infinity(negative);
  }
  return roundToFit({
    negative,
    coefficient: a.coefficient * b.coefficient,
    exponent: a.exponent + b.exponent,
  });
}

/** Dividing by zero gives an infinity or NaN, as IEEE says; whoever wants an error checks before. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.special === 'NaN' || b.special === 'NaN') return NAN_DECIMAL;
  const negative = a.negative !== b.negative;
  if (a.special !== undefined) return b.special !== undefined ? NAN_DECIMAL : infinity(negative);
  if (b.special !== undefined) return { negative, coefficient: 0n, exponent: -6176 };
  if (b.coefficient === 0n) return a.coefficient === 0n ? NAN_DECIMAL : infinity(negative);
  const ideal = a.exponent - b.exponent;
  if (a.coefficient === 0n) return roundToFit({ negative, coefficient: 0n, exponent: ideal });
  const shift = Math.max(0, MAX_DIGITS + 2 + digitCount(b.coefficient) - digitCount(a.coefficient));
  const dividend = a.coefficient * powerOf10(shift);
  let coefficient = dividend / b.coefficient;
  let exponent = ideal - shift;
  if (dividend % b.coefficient !== 0n) {
    // A sticky digit behind the two guard digits: enough to round half to even rightly.
    return roundToFit({ negative, coefficient: coefficient * 10n + 1n, exponent: exponent - 1 });
  }
  while (exponent < ideal && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  return roundToFit({ negative, coefficient, exponent });
}

/** The remainder with the sign of the dividend. */
export function modDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.special !== undefined || b.special === 'NaN' || isZeroDecimal(b)) return NAN_DECIMAL;
  if (b.special !== undefined) return a;
  const exponent = Math.min(a.exponent, b.exponent);
  if (b.exponent - a.exponent > MAX_DIGITS && a.exponent === exponent) return a;
  const divisor = b.coefficient * powerOf10(b.exponent - exponent);
  const remainder = remainderOfPower(a.coefficient, a.exponent - exponent, divisor);
  return roundToFit({ negative: a.negative, coefficient: remainder, exponent });
}

export type Rounding = 'half-even' | 'trunc' | 'floor' | 'ceil';

/** Rounds to a multiple of 10^-place; a place beyond the digits there are changes nothing. */
export function roundDecimal(a: Decimal, place: number, rounding: Rounding): Decimal {
  if (a.special !== undefined || a.exponent >= -place) return a;
  const drop = -place - a.exponent;
  const digits = Math.min(drop, digitCount(a.coefficient) + 1);
  const truncated = a.coefficient / powerOf10(digits);
  const inexact = truncated * powerOf10(digits) !== a.coefficient;
  let coefficient = truncated;
  if (rounding === 'half-even') coefficient = drop > digits ? 0n : dropDigits(a.coefficient, digits);
  else if (inexact && rounding === (a.negative ? 'floor' : 'ceil')) coefficient += 1n;
  return roundToFit({ negative: a.negative, coefficient, exponent: -place });
}

export function isZeroDecimal(a: Decimal): boolean {
  return a.special === undefined && a.coefficient === 0n;
}

/** NaN is the lowest and equals itself; zeros are equal whatever their sign and exponent. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.special === 'NaN' || b.special === 'NaN') {
    return Number(b.special === 'NaN') - Number(a.special === 'NaN');
  }
  if (a.special !== undefined || b.special !== undefined) return infinitySign(a) - infinitySign(b);
  const signA = signOf(a);
  const signB = signOf(b);
  if (signA !== signB) return signA < signB ? -1 : 1;
  if (signA === 0) return 0;
  // -1 times 0 would be -0.
  return signA * compareMagnitudes(a, b) || 0;
}

function compareMagnitudes(a: FiniteDecimal, b: FiniteDecimal): number {
  const topA = topOf(a);
  const topB = topOf(b);
  if (topA !== topB) return topA < topB ? -1 : 1;
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * powerOf10(a.exponent - exponent);
  const right = b.coefficient * powerOf10(b.exponent - exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

function infinitySign(a: Decimal): number {
  if (a.special !== 'Infinity') return 0;
  return a.negative ? -1 : 1;
}

function signOf(a: FiniteDecimal): number {
  if (a.coefficient === 0n) return 0;
  return a.negative ? -1 : 1;
}

/** The power of ten just above the value. */
function topOf(a: FiniteDecimal): number {
  return a.exponent + digitCount(a.coefficient);
}

function signed(a: FiniteDecimal, exponent: number): bigint {
  const scaled = a.coefficient * powerOf10(a.exponent - exponent);
  return a.negative ? -scaled : scaled;
}

function withExponent(a: FiniteDecimal, exponent: number): Decimal {
  const room = MAX_DIGITS - digitCount(a.coefficient);
  const shift = Math.max(0, Math.min(room, a.exponent - exponent));
  return roundToFit({ ...a, coefficient: a.coefficient * powerOf10(shift), exponent: a.exponent - shift });
}

function addFarApart(high: FiniteDecimal, low: FiniteDecimal): Decimal {
  const shift = MAX_DIGITS + 3 - digitCount(high.coefficient);
  const scaled = high.coefficient * powerOf10(Math.max(shift, 0));
  const nudged = high.negative === low.negative ? scaled * 10n + 1n : scaled * 10n - 1n;
  return roundToFit({
    negative: high.negative,
    coefficient: nudged,
    exponent: high.exponent - Math.max(shift, 0) - 1,
  });
}

function addSpecials(a: Decimal, b: Decimal): Decimal {
  if (a.special === 'NaN' || b.special === 'NaN') return NAN_DECIMAL;
  if (a.special !== undefined && b.special !== undefined) return a.negative === b.negative ? a : NAN_DECIMAL;
  return a.special !== undefined ? a : b;
}

/** (coefficient * 10^power) mod divisor without building the power. */
function remainderOfPower(coefficient: bigint, power: number, divisor: bigint): bigint {
  let result = coefficient % divisor;
  let base = 10n % divisor;
  for (let rest = power; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * base) % divisor;
    base = (base * base) % divisor;
  }
  return result;
}
