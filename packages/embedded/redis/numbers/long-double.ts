/**
 * INCRBYFLOAT and HINCRBYFLOAT count in C's `long double`, 64 bits of mantissa on x86, and their answers show it.
 * Here the same sums are done on integers, rounded where that hardware rounds.
 */

/** mantissa * 2^exponent, the mantissa below 2^64. */
interface LongDouble {
  mantissa: bigint;
  exponent: number;
}

const MANTISSA_BITS = 64;
const MAX_EXPONENT = 16_384;
const MAX_DECIMAL_EXPONENT = 5000;
const SHOWN_DECIMALS = 17;
const SHOWN_SCALE = 10n ** BigInt(SHOWN_DECIMALS);
const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,9}))?$/i;

export type FloatSum = { sum: string } | { fault: 'not a float' | 'overflow' };

export function addFloats(a: string, b: string): FloatSum {
  if (isInfinite(a) || isInfinite(b)) return { fault: 'overflow' };
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return { fault: 'not a float' };
  const sum = add(left, right);
  return sum ? { sum: format(sum) } : { fault: 'overflow' };
}

export function isFloat(text: string): boolean {
  return isInfinite(text) || parse(text) !== undefined;
}

export const isInfinite = (text: string) => /^[+-]?inf(?:inity)?$/i.test(text);

function parse(text: string): LongDouble | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const exponent = Number(power) - fraction.length;
  if (digits === 0n) return { mantissa: 0n, exponent: 0 };
  if (Math.abs(exponent) > MAX_DECIMAL_EXPONENT) return undefined;
  const scale = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? round(digits, scale) : round(digits * scale, 1n);
}

function add(a: LongDouble, b: LongDouble): LongDouble | undefined {
  const exponent = Math.min(a.exponent, b.exponent);
  const aligned = (value: LongDouble) => value.mantissa << BigInt(value.exponent - exponent);
  const sum = aligned(a) + aligned(b);
  return exponent < 0 ? round(sum, 1n << BigInt(-exponent)) : round(sum << BigInt(exponent), 1n);
}

/** The long double nearest to a fraction; undefined when it is too large for one. */
function round(numerator: bigint, denominator: bigint): LongDouble | undefined {
  if (numerator === 0n) return { mantissa: 0n, exponent: 0 };
  const exponent = floorLog2(magnitude(numerator), denominator) - MANTISSA_BITS + 1;
  if (exponent + MANTISSA_BITS > MAX_EXPONENT) return undefined;
  const shift = BigInt(Math.abs(exponent));
  const mantissa =
    exponent < 0
      ? divideHalfEven(numerator << shift, denominator)
      : divideHalfEven(numerator, denominator << shift);
  return { mantissa, exponent };
}

function floorLog2(numerator: bigint, denominator: bigint): number {
  const bits = bitLength(numerator) - bitLength(denominator);
  const shift = BigInt(Math.abs(bits));
  const reached = bits < 0 ? numerator << shift >= denominator : numerator >= denominator << shift;
  return reached ? bits : bits - 1;
}

function format({ mantissa, exponent }: LongDouble): string {
  const scaled = mantissa * SHOWN_SCALE;
  const shown = exponent < 0 ? divideHalfEven(scaled, 1n << BigInt(-exponent)) : scaled << BigInt(exponent);
  const digits = magnitude(shown)
    .toString()
    .padStart(SHOWN_DECIMALS + 1, '0');
  const whole = digits.slice(0, -SHOWN_DECIMALS);
  const fraction = digits.slice(-SHOWN_DECIMALS).replace(/0+$/, '');
  return (shown < 0n ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`);
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const size = magnitude(numerator);
  const quotient = size / denominator;
  const twiceRest = 2n * (size % denominator);
  const up = twiceRest > denominator || (twiceRest === denominator && quotient % 2n === 1n);
  const rounded = up ? quotient + 1n : quotient;
  return numerator < 0n ? -rounded : rounded;
}

const magnitude = (value: bigint) => (value < 0n ? -value : value);

function bitLength(value: bigint): number {
  const hex = magnitude(value).toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0]!, 16)));
}
