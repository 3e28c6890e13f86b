// Joining, cutting, measuring and searching strings, by bytes and by code points.
import { Binary } from 'bson';
import { location } from '../errors.ts';
import { describeValue } from '../values/describe.ts';
import { isNullish, isNumber, kindOf } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import { compareStrings } from '../values/strings.ts';
import type { Value } from '../values/types.ts';
import { searchBounds } from './arrays.ts';
import type { OperatorTable } from './expression.ts';
import { int32Of } from './integers.ts';
import { building, chargeString, refuseLength } from './meter.ts';
import { binary, ranged, unary, variadic } from './operands.ts';
import {
  codePointLength,
  coerceToText,
  hasOnlyBasicCharacters,
  lowerAscii,
  unitOfCodePoint,
  upperAscii,
} from './text.ts';

type Result = Value | undefined;

function concat(values: Iterable<Result>): Result {
  let text = '';
  for (const value of values) {
    if (isNullish(value)) return null;
    if (typeof value !== 'string')
      throw location(16702, `$concat only supports strings, not ${kindOf(value)}`);
    text += value;
    chargeString(text.length);
  }
  return text;
}

function split(text: Result, separator: Result): Result {
  if (isNullish(text) || isNullish(separator)) return null;
  const refusal = '$split requires an expression that evaluates to a string as a';
  if (typeof text !== 'string') throw location(40085, `${refusal} first argument, found: ${kindOf(text)}`);
  if (typeof separator !== 'string') {
    throw location(40086, `${refusal} second argument, found: ${kindOf(separator)}`);
  }
  if (separator === '') throw location(40087, '$split requires a non-empty separator');
  return building<Value>((parts) => {
    let from = 0;
    for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      refuseLength(parts.push(text.slice(from, at)));
      from = at + separator.length;
    }
    parts.push(text.slice(from));
  });
}

function substringOfBytes([source, start, length]: Result[]): string {
  const text = coerceToText(source);
  if (!isNumber(start)) {
    throw location(
      16034,
      `$substrBytes:  starting index must be a numeric type (is BSON type ${kindOf(start)})`,
    );
  }
  if (!isNumber(length)) {
    throw location(16035, `$substrBytes:  length must be a numeric type (is BSON type ${kindOf(length)})`);
  }
  const from = Math.trunc(toNumber(start));
  if (from < 0) throw location(50752, `$substrBytes:  starting index must be non-negative (got: ${from})`);
  const bytes = Buffer.from(text);
  const count = Math.trunc(toNumber(length));
  const to = count < 0 ? bytes.length : from + count;
  if (isContinuation(bytes[from])) {
    throw location(28656, '$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.');
  }
  if (isContinuation(bytes[to])) {
    throw location(
      28657,
      '$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.',
    );
  }
  return bytes.toString('utf8', from, to);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function substringOfCodePoints([source, start, length]: Result[]): string {
  const text = coerceToText(source);
  const from = codePointCount(start, 34450, 34451, 'starting index');
  const count = codePointCount(length, 34452, 34453, 'length');
  if (count < 0) throw location(34454, '$substrCP: length must be a nonnegative integer.');
  if (from < 0) throw location(34455, '$substrCP: the starting index must be nonnegative integer.');
  if (hasOnlyBasicCharacters(text)) return text.slice(from, from + count);
  const begin = unitOfCodePoint(text, from);
  return text.slice(begin, unitOfCodePoint(text, count, begin));
}

function codePointCount(value: Result, notNumeric: number, notInteger: number, argument: string): number {
  if (!isNumber(value)) {
    throw location(
      notNumeric,
      `$substrCP: ${argument} must be a numeric type (is BSON type ${kindOf(value)})`,
    );
  }
  const count = int32Of(value);
  if (count !== undefined) return count;
  throw location(
    notInteger,
    `$substrCP: ${argument} cannot be represented as a 32-bit integral value: ${describeValue(value)}`,
  );
}

function indexOfBytes(operands: Result[], name: string): Result {
  const [source, searched] = operands;
  if (isNullish(source)) return null;
  const { text, token } = searchTexts(source, searched, name, 40091, 40092);
  const bytes = Buffer.from(text);
  const { from, to } = searchBounds(operands, bytes.length, name);
  if (from > bytes.length || to < from) return -1;
  return bytes.subarray(0, to).indexOf(token, from);
}

function indexOfCodePoint(operands: Result[], name: string): Result {
  const [source, searched] = operands;
  if (isNullish(source)) return null;
  const { text, token } = searchTexts(source, searched, name, 40093, 40094);
  const basic = hasOnlyBasicCharacters(text);
  const { from, to } = searchBounds(operands, basic ? text.length : codePointLength(text), name);
  if (text === '' && token === '' && from === 0) return 0;
  if (from >= to) return -1;
  const at = text.indexOf(token, basic ? from : unitOfCodePoint(text, from));
  if (at < 0) return -1;
  // What is found has to begin before the end; it may reach beyond it.
  const index = basic ? at : codePointLength(text.slice(0, at));
  return index < to ? index : -1;
}

function searchTexts(source: Value, searched: Result, name: string, first: number, second: number) {
  if (typeof source !== 'string') {
    throw location(first, `${name} requires a string as the first argument, found: ${kindOf(source)}`);
  }
  if (typeof searched !== 'string') {
    throw location(second, `${name} requires a string as the second argument, found: ${kindOf(searched)}`);
  }
  return { text: source, token: searched };
}

function lengthOf(value: Result, code: number, name: string, measure: (text: string) => number): number {
  if (typeof value === 'string') return measure(value);
  throw location(code, `${name} requires a string argument, found: ${kindOf(value)}`);
}

export const stringOperators: OperatorTable = {
  $concat: variadic(concat),
  $split: binary(split),
  $substr: ranged(3, 3, substringOfBytes),
  $substrBytes: ranged(3, 3, substringOfBytes),
  $substrCP: ranged(3, 3, substringOfCodePoints),
  $indexOfBytes: ranged(2, 4, indexOfBytes),
  $indexOfCP: ranged(2, 4, indexOfCodePoint),
  $strLenBytes: unary((value, name) => lengthOf(value, 34473, name, (text) => Buffer.byteLength(text))),
  $strLenCP: unary((value, name) => lengthOf(value, 34471, name, codePointLength)),
  $toLower: unary((value) => lowerAscii(coerceToText(value))),
  $toUpper: unary((value) => upperAscii(coerceToText(value))),
  $strcasecmp: binary((left, right) =>
    Math.sign(compareStrings(upperAscii(coerceToText(left)), upperAscii(coerceToText(right)))),
  ),
  $binarySize: unary((value, name) => {
    if (isNullish(value)) return null;
    if (typeof value === 'string') return Buffer.byteLength(value);
    if (value instanceof Binary) return value.position;
    throw location(51276, `${name} requires a string or BinData argument, found: ${kindOf(value)}`);
  }),
};
