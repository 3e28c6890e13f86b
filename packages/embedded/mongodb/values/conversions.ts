/** Conversions between types as $convert does them; what can not be converted is error 241. */
import { BSONSymbol, Decimal128, Double, Long, ObjectId } from 'bson';
import { MongoError } from '../errors.ts';
import { decimalFromBigInt, formatDecimal, parseDecimal, readDecimal, writeDecimal } from './decimal.ts';
import { roundDecimal } from './decimal-arithmetic.ts';
import { isDate, isNumber, kindOf, type Numeric } from './kind.ts';
import {
  INT_MAX,
  INT_MIN,
  LONG_MAX,
  LONG_MIN,
  makeDouble,
  makeLong,
  numberKind,
  toDecimalParts,
  toNumber,
} from './number-kinds.ts';
import type { Value } from './types.ts';

export function conversionFailure(message: string): MongoError {
  return new MongoError(241, 'ConversionFailure', message);
}

function unsupported(value: Value, target: string): MongoError {
  return conversionFailure(
    `Unsupported conversion from ${kindOf(value)} to ${target} in $convert with no onError value`,
  );
}

/** The number truncated to an integer; NaN and infinities are refused in MongoDB's words. */
function truncated(value: Numeric): bigint {
  const kind = numberKind(value);
  if (kind === 'int') return BigInt(value as number);
  if (kind === 'long') return BigInt(String(value));
  const nearest = toNumber(value);
  if (Number.isNaN(nearest)) {
    throw conversionFailure('Attempt to convert NaN value to integer type in $convert with no onError value');
  }
  if (kind === 'double' && Number.isFinite(nearest)) return BigInt(Math.trunc(nearest));
  const decimal = toDecimalParts(value);
  if (decimal.special !== undefined) {
    throw conversionFailure(
      'Attempt to convert infinity value to integer type in $convert with no onError value',
    );
  }
  const whole = roundDecimal(decimal, 0, 'trunc');
  // Beyond 10^40 the exact digits do not matter: any integer type overflows.
  if (whole.special !== undefined || whole.exponent > 40)
    return decimal.negative ? -(10n ** 40n) : 10n ** 40n;
  const magnitude = whole.coefficient * 10n ** BigInt(whole.exponent);
  return decimal.negative ? -magnitude : magnitude;
}

function overflow(value: Value): MongoError {
  return conversionFailure(
    `Conversion would overflow target type in $convert with no onError value: ${formatNumber(value as Numeric)}`,
  );
}

function parseFailure(text: string, target: string, reason: string): MongoError {
  return conversionFailure(
    `Failed to parse ${target} '${text}' in $convert with no onError value: ${reason}`,
  );
}

function parseInteger(text: string, least: bigint, most: bigint): bigint {
  if (!/^[+-]?\d+$/.test(text)) {
    throw parseFailure(text, 'number', text === '' ? 'No digits' : 'Did not consume whole string.');
  }
  // The longest integer that fits has 19 digits; zeros in front do not count.
  const short = text.replace(/^([+-]?)0+(?=\d)/, '$1');
  const n = short.length > 20 ? most + 1n : BigInt(short.replace('+', ''));
  if (n < least || n > most) throw parseFailure(text, 'number', 'Overflow');
  return n;
}

export function toInt(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return Number(parseInteger(value, BigInt(INT_MIN), BigInt(INT_MAX)));
  if (!isNumber(value)) throw unsupported(value, 'int');
  const n = truncated(value);
  if (n < BigInt(INT_MIN) || n > BigInt(INT_MAX)) throw overflow(value);
  return Number(n);
}

export function toLong(value: Value): Long {
  if (typeof value === 'boolean') return makeLong(value ? 1 : 0);
  if (typeof value === 'string') return makeLong(parseInteger(value, LONG_MIN, LONG_MAX));
  if (isDate(value)) return makeLong(value.getTime());
  if (!isNumber(value)) throw unsupported(value, 'long');
  if (value instanceof Long) return value;
  const n = truncated(value);
  if (n < LONG_MIN || n > LONG_MAX) throw overflow(value);
  return makeLong(n);
}

const DOUBLE_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function toDouble(value: Value): number | Double {
  if (typeof value === 'boolean') return makeDouble(value ? 1 : 0);
  if (typeof value === 'string') return makeDouble(parseDouble(value));
  if (isDate(value)) return makeDouble(value.getTime());
  if (!isNumber(value)) throw unsupported(value, 'double');
  if (value instanceof Double) return value;
  const n = toNumber(value);
  if (value instanceof Decimal128 && !Number.isFinite(n) && readDecimal(value).special === undefined) {
    throw overflow(value);
  }
  return makeDouble(n);
}

function parseDouble(text: string): number {
  const special = parseDecimal(text);
  if (special?.special !== undefined && !DOUBLE_TEXT.test(text)) {
    if (special.special === 'NaN') return Number.NaN;
    return special.negative ? -Infinity : Infinity;
  }
  if (!DOUBLE_TEXT.test(text)) {
    throw parseFailure(text, 'number', text === '' ? 'Empty string' : 'Did not consume whole string.');
  }
  const n = Number(text);
  if (!Number.isFinite(n)) throw parseFailure(text, 'number', 'Out of range');
  return n;
}

export function toDecimal(value: Value): Decimal128 {
  if (typeof value === 'boolean') return writeDecimal(decimalFromBigInt(value ? 1n : 0n));
  if (typeof value === 'string') {
    const parsed = parseDecimal(value);
    if (!parsed)
      throw parseFailure(
        value,
        'number',
        value === '' ? 'Empty string' : 'Failed to parse string to decimal',
      );
    return writeDecimal(parsed);
  }
  if (isDate(value)) return writeDecimal(decimalFromBigInt(BigInt(value.getTime())));
  if (!isNumber(value)) throw unsupported(value, 'decimal');
  return value instanceof Decimal128 ? value : writeDecimal(toDecimalParts(value));
}

/** Zero, null and missing are false, everything else is true: the truth of expressions and of $toBool. */
export function truthOf(value: Value | undefined): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined) return false;
  if (!isNumber(value)) return true;
  if (value instanceof Decimal128) {
    const decimal = readDecimal(value);
    return decimal.special !== undefined || decimal.coefficient !== 0n;
  }
  return toNumber(value) !== 0;
}

/** Numbers as $toString and MongoDB's messages write them. */
export function formatNumber(value: Numeric): string {
  if (value instanceof Decimal128) return formatDecimal(readDecimal(value));
  if (value instanceof Long) return String(value);
  return formatDouble(toNumber(value));
}

/** As printf's %.16g, but with as few digits as tell the number. */
function formatDouble(n: number): string {
  if (!Number.isFinite(n)) return Number.isNaN(n) ? 'NaN' : n < 0 ? '-Infinity' : 'Infinity';
  if (Object.is(n, -0)) return '-0';
  const size = Math.abs(n);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return n.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(n);
}

/** As $toString. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isNumber(value)) return formatNumber(value);
  if (isDate(value)) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof BSONSymbol) return value.value;
  throw unsupported(value, 'string');
}
