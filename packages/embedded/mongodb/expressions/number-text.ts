// Numbers as text, the way $toString and $concat's kin write them: doubles with six digits, as C's %g does.
import { Double, Long } from 'bson';
import { formatNumber } from '../values/conversions.ts';
import { digitCount, dropDigits, exactDecimal, type FiniteDecimal } from '../values/decimal.ts';
import { isInt32, type Numeric } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';

const DIGITS = 6;

export function numberText(value: Numeric): string {
  if (value instanceof Double) return doubleText(toNumber(value));
  if (typeof value === 'number' && !isInt32(value)) return doubleText(value);
  return value instanceof Long ? value.toString() : formatNumber(value);
}

function doubleText(n: number): string {
  if (Number.isNaN(n)) return 'NaN';
  if (!Number.isFinite(n)) return n < 0 ? '-Infinity' : 'Infinity';
  const sign = n < 0 || Object.is(n, -0) ? '-' : '';
  return sign + magnitudeText(exactDecimal(Math.abs(n)) as FiniteDecimal);
}

/** JavaScript rounds a tie up, C to even: hence by hand. */
function magnitudeText({ coefficient, exponent }: FiniteDecimal): string {
  if (coefficient === 0n) return '0';
  const excess = digitCount(coefficient) - DIGITS;
  const rounded = dropDigits(coefficient, excess);
  const digits = String(rounded).replace(/0+$/, '');
  const scientific = exponent + Math.max(excess, 0) + String(rounded).length - 1;
  if (scientific < -4 || scientific >= DIGITS) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(scientific)).padStart(2, '0');
    return `${digits[0]}${fraction}e${scientific < 0 ? '-' : '+'}${power}`;
  }
  if (scientific < 0) return `0.${'0'.repeat(-scientific - 1)}${digits}`;
  const whole = digits.slice(0, scientific + 1).padEnd(scientific + 1, '0');
  const fraction = digits.slice(scientific + 1);
  return fraction ? `${whole}.${fraction}` : whole;
}
