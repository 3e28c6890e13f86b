/** A string for every value, the same exactly for values that compare equal. */
import type { Binary, BSONRegExp, Code, DBRef, Decimal128, ObjectId, Timestamp } from 'bson';
import { Double, Long } from 'bson';
import type { Collator } from './collation.ts';
import { binaryBytes, dbPointerNamespace } from './compare.ts';
import { decimalToDouble, exactDecimal, normalize, readDecimal } from './decimal.ts';
import { compareDecimals } from './decimal-arithmetic.ts';
import { kindOf, type Numeric } from './kind.ts';
import { longToBigInt, toNumber } from './number-kinds.ts';
import type { Doc, Value } from './types.ts';

export function hashKey(value: Value | undefined, collator?: Collator): string {
  switch (typeof value) {
    case 'string':
      return textKey('s', collator ? collator.key(value) : value);
    case 'number':
      return doubleKey(value);
    case 'boolean':
      return value ? 'T' : 'F';
    case 'undefined':
      return 'U';
  }
  switch (kindOf(value)) {
    case 'null':
      return 'N';
    case 'double':
    case 'long':
    case 'decimal':
      return numberKey(value as Numeric);
    case 'symbol':
      return textKey('s', collator ? collator.key(String(value)) : String(value));
    case 'object':
      return docKey(value as Doc, collator);
    case 'array':
      return `[${(value as Value[]).map((item) => hashKey(item, collator)).join('')}]`;
    case 'binData': {
      const binary = value as Binary;
      return textKey(`b${binary.sub_type},`, Buffer.from(binaryBytes(binary)).toString('latin1'));
    }
    case 'objectId':
      return `o${(value as ObjectId).toHexString()}`;
    case 'date':
      return `d${(value as Date).getTime()};`;
    case 'timestamp':
      return `t${(value as Timestamp).t},${(value as Timestamp).i};`;
    case 'regex':
      return textKey('r', (value as BSONRegExp).pattern) + textKey('', (value as BSONRegExp).options);
    case 'dbPointer':
      return textKey('p', dbPointerNamespace(value as DBRef)) + (value as DBRef).oid.toHexString();
    case 'javascript':
      return textKey('c', (value as Code).code);
    case 'javascriptWithScope':
      return textKey('w', (value as Code).code) + docKey((value as Code).scope as Doc, collator);
    case 'minKey':
      return '<';
    default:
      return '>';
  }
}

/** The length goes first, so that no text can imitate what follows it. */
function textKey(tag: string, text: string): string {
  return `${tag}${text.length}:${text}`;
}

function docKey(doc: Doc, collator: Collator | undefined): string {
  let key = '{';
  for (const name of Object.keys(doc)) key += textKey('', name) + hashKey(doc[name], collator);
  return `${key}}`;
}

function doubleKey(n: number): string {
  // -0 prints as 0, which is right: they are equal.
  return `n${n};`;
}

function numberKey(value: Numeric): string {
  const nearest = toNumber(value);
  if (typeof value === 'number' || value instanceof Double) return doubleKey(nearest);
  if (value instanceof Long) {
    const exact = longToBigInt(value);
    if (Number.isSafeInteger(nearest) || BigInt(nearest) === exact) return doubleKey(nearest);
    return decimalKey(exact < 0n, exact < 0n ? -exact : exact, 0);
  }
  const decimal = readDecimal(value as Decimal128);
  if (decimal.special !== undefined) return doubleKey(decimalToDouble(decimal));
  if (Number.isFinite(nearest) && compareDecimals(exactDecimal(nearest), decimal) === 0)
    return doubleKey(nearest);
  return decimalKey(decimal.negative, decimal.coefficient, decimal.exponent);
}

/** For numbers that no double stands for. */
function decimalKey(negative: boolean, coefficient: bigint, exponent: number): string {
  const { coefficient: digits, exponent: power } = normalize({ negative, coefficient, exponent });
  return `e${negative ? '-' : ''}${digits}e${power};`;
}
