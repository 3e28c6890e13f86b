// Numbers as text, the way $toString and $concat's kin write them: doubles with six digits, as C's %g does.
import { Double, Long } from 'bson';
import { formatNumber } from '../values/conversions.ts';
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
  if (Object.is(n, -0)) return '-0';
  const [mantissa = '', power = '0'] = n.toExponential(DIGITS - 1).split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < DIGITS) return withoutZeros(n.toFixed(DIGITS - 1 - exponent));
  const sign = exponent < 0 ? '-' : '+';
  return `${withoutZeros(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
