/** Scores and other doubles: read as C's strtod reads them, written as Redis 7.2 writes them. */

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const HEXADECIMAL = /^[+-]?0x[\da-f]+$/i;

/** Undefined for what is not a number, and for what a double cannot hold. */
export function parseDouble(text: string): number | undefined {
  const value = parseUnbounded(text);
  if (value === undefined || INFINITE.test(text)) return value;
  if (!Number.isFinite(value)) return undefined;
  const underflown = value === 0 && /[1-9]/.test(text.split(/e/i)[0]!) && !HEXADECIMAL.test(text);
  return underflown ? undefined : value;
}

/** Like parseDouble, but what is too large is infinite: the limits of a range may be. */
export function parseUnbounded(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  const negative = text.startsWith('-');
  if (INFINITE.test(text)) return negative ? -Infinity : Infinity;
  if (!HEXADECIMAL.test(text)) return undefined;
  const size = Number(text.replace(/^[+-]/, ''));
  return negative ? -size : size;
}

/** Integers up to this size are written digit by digit. */
const LARGEST_PLAIN_INTEGER = 2 ** 62;

/** The shortest decimal that reads back as the same double. */
export function formatDouble(value: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (Object.is(value, -0)) return '-0';
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) <= LARGEST_PLAIN_INTEGER) return String(BigInt(value));
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  return (value < 0 ? '-' : '') + placePoint(digits, Number(exponent));
}

/** The digits' value is d.ddd * 10^exponent. */
function placePoint(digits: string, exponent: number): string {
  const zeros = exponent - digits.length + 1;
  if (zeros >= 0 && exponent < digits.length + 7) return digits + '0'.repeat(zeros);
  if (zeros < 0 && (zeros > -7 || Math.abs(exponent) < 4)) {
    return exponent < 0
      ? `0.${'0'.repeat(-exponent - 1)}${digits}`
      : `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}
