// What strings have in common: values turned into text, and strings seen as UTF-8 bytes or code points.
import type { BSONSymbol, Code, Timestamp } from 'bson';
import { location } from '../errors.ts';
import { isNumber, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import { formatDate } from './date-format.ts';
import { numberText } from './number-text.ts';
import { UTC } from './time-zone.ts';

/** What $toLower, $substrCP and their like make of their operand; null and missing are the empty text. */
export function coerceToText(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  if (isNumber(value)) return numberText(value);
  const kind = kindOf(value);
  switch (kind) {
    case 'missing':
    case 'null':
      return '';
    case 'date':
      return formatDate(value as Date, UTC);
    case 'symbol':
      return (value as BSONSymbol).value;
    case 'javascript':
      return (value as Code).code;
    case 'timestamp': {
      const { t } = value as Timestamp;
      const seconds = formatDate(new Date(t * 1000), UTC, '%b %d %H:%M:%S');
      return `${seconds}:${(value as Timestamp).i.toString(16)}`;
    }
    default:
      throw location(16007, `can't convert from BSON type ${kind} to String`);
  }
}

const SURROGATE = /[\ud800-\udfff]/;

/** Whether positions in code points and in UTF-16 units are the same. */
export function hasOnlyBasicCharacters(text: string): boolean {
  return !SURROGATE.test(text);
}

export function codePointLength(text: string): number {
  if (hasOnlyBasicCharacters(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Where, in UTF-16 units, the code point of that number begins; the end when there are fewer. */
export function unitOfCodePoint(text: string, codePoint: number, from = 0): number {
  let unit = from;
  for (let i = 0; i < codePoint && unit < text.length; i++) {
    unit += (text.codePointAt(unit) as number) > 0xffff ? 2 : 1;
  }
  return unit;
}

/** ASCII letters only, as MongoDB does. */
export function upperAscii(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
