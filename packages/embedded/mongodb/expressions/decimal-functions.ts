// Roots, exponentials and logarithms of Decimal128, on integers scaled by 10^PRECISION.
import {
  type Decimal,
  decimalFromBigInt,
  digitCount,
  dropDigits,
  type FiniteDecimal,
  infinity,
  NAN_DECIMAL,
  powerOf10,
  roundToFit,
  ZERO_DECIMAL,
} from '../values/decimal.ts';
import { divideDecimals, multiplyDecimals } from '../values/decimal-arithmetic.ts';

/** 34 digits are asked for; the rest absorbs what the series lose. */
const PRECISION = 60;
const NOISE = 12;
const ONE = powerOf10(PRECISION);
/** e^x leaves Decimal128 beyond this on either side. */
const LARGEST_EXPONENT = 15_000n;

export function squareRootOf(a: Decimal): Decimal {
  if (a.special !== undefined) return a.special === 'Infinity' && !a.negative ? a : NAN_DECIMAL;
  if (a.coefficient === 0n) return roundToFit({ ...a, exponent: Math.floor(a.exponent / 2) });
  if (a.negative) return NAN_DECIMAL;
  // An even exponent, and a coefficient with digits enough for an exact 34-digit root.
  let shift = Math.max(0, 80 - digitCount(a.coefficient));
  if ((a.exponent - shift) % 2 !== 0) shift += 1;
  const scaled = a.coefficient * powerOf10(shift);
  const root = integerRoot(scaled);
  const exponent = (a.exponent - shift) / 2;
  if (root * root !== scaled)
    return roundToFit({ negative: false, coefficient: root * 10n + 1n, exponent: exponent - 1 });
  return preferExponent({ negative: false, coefficient: root, exponent }, Math.floor(a.exponent / 2));
}

function integerRoot(n: bigint): bigint {
  let guess = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (guess + n / guess) / 2n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** Exact results shed the zeros that scaling added. */
function preferExponent(a: FiniteDecimal, ideal: number): Decimal {
  let { coefficient, exponent } = a;
  while (exponent < ideal && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  return roundToFit({ ...a, coefficient, exponent });
}

export function exponentialOf(a: Decimal): Decimal {
  if (a.special !== undefined) return a.special === 'Infinity' && a.negative ? ZERO_DECIMAL : a;
  if (a.coefficient === 0n) return decimalFromBigInt(1n);
  const x = fixedPoint(a);
  if (x === undefined || x > LARGEST_EXPONENT * ONE || x < -LARGEST_EXPONENT * ONE) {
    return a.negative ? roundToFit({ negative: false, coefficient: 0n, exponent: -6176 }) : infinity(false);
  }
  return exponentialOfFixed(x);
}

function exponentialOfFixed(x: bigint): Decimal {
  // e^x = 10^k * e^r with r within half of ln 10.
  const ln10 = lnTen();
  const k = roundedQuotient(x, ln10);
  let r = x - k * ln10;
  // Halving eight times makes the series short.
  r /= 256n;
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; term !== 0n; n++) {
    term = (term * r) / ONE / n;
    sum += term;
  }
  for (let i = 0; i < 8; i++) sum = (sum * sum) / ONE;
  return roundToFit({ negative: false, coefficient: sum, exponent: Number(k) - PRECISION });
}

export function logarithmOf(a: Decimal): Decimal {
  if (a.special !== undefined) return a.negative ? NAN_DECIMAL : a;
  if (a.negative) return NAN_DECIMAL;
  if (a.coefficient === 0n) return infinity(true);
  return fromFixed(lnFixed(a));
}

export function logarithmToBase(a: Decimal, base: Decimal): Decimal {
  if (a.special !== undefined || base.special !== undefined || a.negative || base.negative) {
    return divideDecimals(logarithmOf(a), logarithmOf(base));
  }
  if (a.coefficient === 0n || base.coefficient === 0n)
    return divideDecimals(logarithmOf(a), logarithmOf(base));
  return fromFixed((lnFixed(a) * ONE) / lnFixed(base));
}

export function powerOf(base: Decimal, exponent: Decimal): Decimal {
  const times = wholeExponent(exponent);
  if (times === 0n) return decimalFromBigInt(1n);
  if (times !== undefined && times >= -64n && times <= 64n) return wholePower(base, times);
  if (base.special !== undefined || exponent.special !== undefined || base.negative) {
    return specialPower(base, exponent, times);
  }
  if (base.coefficient === 0n) return ZERO_DECIMAL;
  const x = fixedPoint(exponent);
  if (x === undefined) return specialPower(base, infinity(exponent.negative), times);
  return exponentialOf(fromFixed((lnFixed(base) * x) / ONE));
}

function specialPower(base: Decimal, exponent: Decimal, times: bigint | undefined): Decimal {
  if (base.special === 'NaN' || exponent.special === 'NaN') return NAN_DECIMAL;
  if (base.negative && times === undefined && exponent.special === undefined) return NAN_DECIMAL;
  if (base.special === undefined && base.negative && exponent.special === undefined) {
    const magnitude = powerOf({ ...base, negative: false }, exponent);
    return times !== undefined && times % 2n !== 0n ? { ...magnitude, negative: true } : magnitude;
  }
  // Only infinities are left: the double's rules are the decimal's.
  const answer = roughly(base) ** roughly(exponent);
  if (Number.isNaN(answer)) return NAN_DECIMAL;
  if (!Number.isFinite(answer)) return infinity(answer < 0);
  return decimalFromBigInt(BigInt(Math.trunc(answer)));
}

function roughly(a: Decimal): number {
  const sign = a.negative ? -1 : 1;
  if (a.special !== undefined) return a.special === 'NaN' ? Number.NaN : sign * Infinity;
  return sign * Number(`${a.coefficient}e${a.exponent}`);
}

function wholePower(base: Decimal, times: bigint): Decimal {
  let result: Decimal = decimalFromBigInt(1n);
  const count = times < 0n ? -times : times;
  for (let i = 0n; i < count; i++) result = multiplyDecimals(result, base);
  return times < 0n ? divideDecimals(decimalFromBigInt(1n), result) : result;
}

function wholeExponent(a: Decimal): bigint | undefined {
  if (a.special !== undefined || a.exponent > 20 || a.exponent < -40) return undefined;
  const scale = powerOf10(Math.abs(a.exponent));
  if (a.exponent < 0 && a.coefficient % scale !== 0n) return undefined;
  const magnitude = a.exponent < 0 ? a.coefficient / scale : a.coefficient * scale;
  return a.negative ? -magnitude : magnitude;
}

/** ln a for a finite a above zero. */
function lnFixed(a: FiniteDecimal): bigint {
  // a = m * 10^k with m in [1, 10)
  const k = a.exponent + digitCount(a.coefficient) - 1;
  let m = shiftTo(a.coefficient, PRECISION - digitCount(a.coefficient) + 1);
  // Square roots bring m close to 1, where the series below runs fast.
  let halvings = 0n;
  while (m > (ONE * 11n) / 10n) {
    m = integerRoot(m * ONE);
    halvings += 1n;
  }
  return (nearOneLn(m) << halvings) + BigInt(k) * lnTen();
}

/** ln m = 2 artanh((m-1)/(m+1)) */
function nearOneLn(m: bigint): bigint {
  const z = ((m - ONE) * ONE) / (m + ONE);
  const square = (z * z) / ONE;
  let term = z;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term / n;
    term = (term * square) / ONE;
  }
  return 2n * sum;
}

let knownLnTen: bigint | undefined;

function lnTen(): bigint {
  // ln 10 = 3 ln 2 + ln 1.25
  knownLnTen ??= 3n * nearOneLn(2n * ONE) + nearOneLn((ONE * 5n) / 4n);
  return knownLnTen;
}

function shiftTo(coefficient: bigint, digits: number): bigint {
  return digits >= 0 ? coefficient * powerOf10(digits) : coefficient / powerOf10(-digits);
}

/** The value scaled, undefined when it is too large to be of use. */
function fixedPoint(a: FiniteDecimal): bigint | undefined {
  if (a.exponent + digitCount(a.coefficient) > 40) return undefined;
  if (a.exponent + digitCount(a.coefficient) < -PRECISION) return 0n;
  const magnitude = shiftTo(a.coefficient, a.exponent + PRECISION);
  return a.negative ? -magnitude : magnitude;
}

/** The last digits are what the series got wrong: without them exact results come out exact. */
function fromFixed(x: bigint): Decimal {
  const magnitude = dropDigits(x < 0n ? -x : x, NOISE);
  return preferExponent({ negative: x < 0n, coefficient: magnitude, exponent: NOISE - PRECISION }, 0);
}

function roundedQuotient(a: bigint, b: bigint): bigint {
  const twice = (2n * a) / b;
  return twice >= 0n ? (twice + 1n) / 2n : (twice - 1n) / 2n;
}
