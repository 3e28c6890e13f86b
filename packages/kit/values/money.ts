/** Money as a whole number of minor units (cents) and a currency. No float ever touches an amount. */

import { invalid, ok, type Result, refused } from '../errors/user-errors.ts';
import { isCurrencyCode, minorDigits } from './currencies.ts';

export interface Money {
  /** In minor units: cents for EUR, yen for JPY. */
  minor: bigint;
  /** An ISO 4217 code. */
  currency: string;
}

/** A factor such as a tax rate, kept exact: 0.19 is 19/100. */
export interface Rate {
  numerator: bigint;
  denominator: bigint;
}

export type MoneyFault =
  | 'CURRENCY_UNKNOWN'
  | 'AMOUNT_MALFORMED'
  | 'AMOUNT_TOO_PRECISE'
  | 'AMOUNT_OUT_OF_RANGE';

/** What a `bigint` column holds. */
const MAX_MINOR = 2n ** 63n - 1n;
const DECIMAL = /^(-?)(0|[1-9]\d{0,30})(?:\.(\d{1,30}))?$/;

export function money(minor: bigint, currency: string): Money {
  return { minor, currency };
}

export function zero(currency: string): Money {
  return money(0n, currency);
}

/** `19.9` and `EUR` give 1990 cents. More decimals than the currency has are refused, never rounded. */
export function parseMoney(amount: string, currency: string): Result<Money, MoneyFault> {
  if (!isCurrencyCode(currency)) {
    return refused(invalid('CURRENCY_UNKNOWN', `“${currency}” is not a currency of ISO 4217.`));
  }
  const parts = DECIMAL.exec(amount);
  if (!parts) {
    return refused(invalid('AMOUNT_MALFORMED', `“${amount}” is not an amount; write it like 19.90.`));
  }
  const [, sign, whole = '', decimals = ''] = parts;
  const digits = minorDigits(currency);
  if (decimals.length > digits) {
    const limit = digits === 0 ? 'no decimals' : `at most ${digits} decimals`;
    return refused(invalid('AMOUNT_TOO_PRECISE', `${amount} is too precise: ${currency} has ${limit}.`));
  }
  const size = BigInt(whole + decimals.padEnd(digits, '0'));
  if (size > MAX_MINOR) return refused(invalid('AMOUNT_OUT_OF_RANGE', `${amount} ${currency} is too large.`));
  return ok(money(sign === '-' ? -size : size, currency));
}

/** In major units with all decimals of the currency: `19.90`, `1990` for JPY. */
export function formatAmount({ minor, currency }: Money): string {
  const digits = minorDigits(currency);
  const sign = minor < 0n ? '-' : '';
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export function add(a: Money, b: Money): Money {
  return money(a.minor + sameCurrency(a, b).minor, a.currency);
}

export function subtract(a: Money, b: Money): Money {
  return money(a.minor - sameCurrency(a, b).minor, a.currency);
}

export function sum(amounts: readonly Money[], currency: string): Money {
  return amounts.reduce(add, zero(currency));
}

export function negate({ minor, currency }: Money): Money {
  return money(-minor, currency);
}

/** Negative, zero or positive, as for `sort`. */
export function compare(a: Money, b: Money): number {
  const { minor } = sameCurrency(a, b);
  return a.minor < minor ? -1 : a.minor > minor ? 1 : 0;
}

/** For quantities, which are whole. */
export function times({ minor, currency }: Money, quantity: number | bigint): Money {
  return money(minor * BigInt(quantity), currency);
}

export function parseRate(text: string): Rate {
  const parts = DECIMAL.exec(text);
  if (!parts) throw new Error(`"${text}" is no rate: write it as a decimal, like 0.19`);
  const [, sign, whole = '', decimals = ''] = parts;
  const size = BigInt(whole + decimals);
  return { numerator: sign === '-' ? -size : size, denominator: 10n ** BigInt(decimals.length) };
}

/** Rounds half away from zero: 0.5 cents become 1 cent, -0.5 become -1. */
export function multiply({ minor, currency }: Money, { numerator, denominator }: Rate): Money {
  return money(divideHalfUp(minor * numerator, denominator), currency);
}

/** What is inside a gross amount: the net of 119 at a rate of 0.19 is 100. */
export function divideByOnePlus({ minor, currency }: Money, { numerator, denominator }: Rate): Money {
  return money(divideHalfUp(minor * denominator, denominator + numerator), currency);
}

function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  if (divisor <= 0n) throw new Error('the divisor must be positive');
  const size = dividend < 0n ? -dividend : dividend;
  const rounded = (size * 2n + divisor) / (divisor * 2n);
  return dividend < 0n ? -rounded : rounded;
}

/**
 * Splits an amount by weights so that the parts add up to it exactly. What is left over after rounding down goes, one
 * minor unit each, to the largest remainders; among equal ones to the first.
 */
export function allocate({ minor, currency }: Money, weights: readonly (number | bigint)[]): Money[] {
  const shares = weights.map(BigInt);
  const total = shares.reduce((all, share) => all + share, 0n);
  if (shares.some((share) => share < 0n) || total === 0n) {
    throw new Error('weights must not be negative, and one must be above zero');
  }
  const size = minor < 0n ? -minor : minor;
  const parts = shares.map((share) => (size * share) / total);
  const left = size - parts.reduce((all, part) => all + part, 0n);
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: (size * share) % total }))
    .sort((a, b) => (a.remainder > b.remainder ? -1 : a.remainder < b.remainder ? 1 : a.index - b.index));
  for (const { index } of byRemainder.slice(0, Number(left))) parts[index] = parts[index]! + 1n;
  return parts.map((part) => money(minor < 0n ? -part : part, currency));
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new Error(`cannot mix ${a.currency} and ${b.currency}`);
  return b;
}
