/** MongoDB's total order over all BSON values. */

import type { Timestamp } from 'bson';
import {
  type Binary,
  type BSONRegExp,
  type Code,
  type DBRef,
  type Decimal128,
  Double,
  Long,
  type ObjectId,
} from 'bson';
import type { Collator } from './collation.ts';
import { type Decimal, decimalFromBigInt, exactDecimal, readDecimal } from './decimal.ts';
import { compareDecimals } from './decimal-arithmetic.ts';
import { type Kind, kindOf, type Numeric, rankOfKind, typeRank } from './kind.ts';
import { longToBigInt, numberKind, toNumber } from './number-kinds.ts';
import { compareStrings } from './strings.ts';
import type { Doc, Value } from './types.ts';

/**
 * Negative, zero or positive. Numbers of all types compare by exact value (NaN lowest), other types by
 * their rank. Missing sorts just below null, where BSON's old undefined stood.
 */
export function compareValues(a: Value | undefined, b: Value | undefined, collator?: Collator): number {
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  if (typeof a === 'string' && typeof b === 'string') {
    return collator ? collator.compare(a, b) : compareStrings(a, b);
  }
  if (a === b) return 0;
  const kindA = kindOf(a);
  const kindB = kindOf(b);
  const rankA = rankOfKind(kindA);
  const rankB = rankOfKind(kindB);
  if (rankA !== rankB) return rankA < rankB ? -1 : 1;
  return compareSameRank(kindA, a as Value, b as Value, collator);
}

export function equalValues(a: Value | undefined, b: Value | undefined, collator?: Collator): boolean {
  return a === b || compareValues(a, b, collator) === 0;
}

function compareSameRank(kind: Kind, a: Value, b: Value, collator: Collator | undefined): number {
  switch (kind) {
    case 'int':
    case 'long':
    case 'double':
    case 'decimal':
      return compareNumbers(a as Numeric, b as Numeric);
    case 'string':
    case 'symbol': {
      const left = String(a);
      const right = String(b);
      return collator ? collator.compare(left, right) : compareStrings(left, right);
    }
    case 'object':
      return compareDocs(a as Doc, b as Doc, collator);
    case 'array':
      return compareArrays(a as Value[], b as Value[], collator);
    case 'binData':
      return compareBinary(a as Binary, b as Binary);
    case 'objectId':
      return compareObjectIds(a as ObjectId, b as ObjectId);
    case 'bool':
      return Number(a) - Number(b);
    case 'date':
      return Math.sign((a as Date).getTime() - (b as Date).getTime());
    case 'timestamp':
      return compareTimestamps(a as Timestamp, b as Timestamp);
    case 'regex':
      return compareRegexes(a as BSONRegExp, b as BSONRegExp);
    case 'dbPointer':
      return compareDbPointers(a as DBRef, b as DBRef);
    case 'javascript':
    case 'javascriptWithScope':
      return compareCode(a as Code, b as Code, collator);
    case 'missing':
    case 'null':
    case 'minKey':
    case 'maxKey':
      return 0;
  }
}

function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  // At least one is NaN: below all numbers, equal to itself.
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

/** By exact value: neither an Int64 nor a Decimal128 is squeezed through a double. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  const kindA = numberKind(a);
  const kindB = numberKind(b);
  if (kindA === 'decimal' || kindB === 'decimal') return compareDecimals(exactParts(a), exactParts(b));
  if (kindA === 'long' && kindB === 'long') return compareLongs(a as Long, b as Long);
  const left = toNumber(a);
  const right = toNumber(b);
  if (kindA === 'long') return compareLongToDouble(a as Long, left, right);
  // The negation of 0 is no order: `|| 0` takes its sign away.
  if (kindB === 'long') return -compareLongToDouble(b as Long, right, left) || 0;
  return compareDoubles(left, right);
}

function compareLongs(a: Long, b: Long): number {
  if (a.high !== b.high) return a.high < b.high ? -1 : 1;
  const lowA = a.low >>> 0;
  const lowB = b.low >>> 0;
  return lowA < lowB ? -1 : lowA > lowB ? 1 : 0;
}

function compareLongToDouble(long: Long, nearest: number, double: number): number {
  if (nearest !== double || Math.abs(double) <= Number.MAX_SAFE_INTEGER)
    return compareDoubles(nearest, double);
  // JavaScript compares a bigint with a number exactly.
  const exact = longToBigInt(long);
  return exact < double ? -1 : exact > double ? 1 : 0;
}

function exactParts(value: Numeric): Decimal {
  if (value instanceof Long) return decimalFromBigInt(longToBigInt(value));
  if (typeof value === 'number') return exactDecimal(value);
  return value instanceof Double ? exactDecimal(value.value) : readDecimal(value as Decimal128);
}

function compareDocs(a: Doc, b: Doc, collator: Collator | undefined): number {
  const namesA = Object.keys(a);
  const namesB = Object.keys(b);
  const shared = Math.min(namesA.length, namesB.length);
  for (let i = 0; i < shared; i++) {
    const nameA = namesA[i]!;
    const nameB = namesB[i]!;
    const valueA = a[nameA];
    const valueB = b[nameB];
    const byType = typeRank(valueA) - typeRank(valueB);
    if (byType !== 0) return Math.sign(byType);
    if (nameA !== nameB) return compareStrings(nameA, nameB);
    const byValue = compareValues(valueA, valueB, collator);
    if (byValue !== 0) return byValue;
  }
  return Math.sign(namesA.length - namesB.length);
}

function compareArrays(a: Value[], b: Value[], collator: Collator | undefined): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareValues(a[i], b[i], collator);
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}

/** The bytes that count: a Binary's buffer may be longer than its content. */
export function binaryBytes(value: Binary): Uint8Array {
  return value.buffer.length === value.position ? value.buffer : value.buffer.subarray(0, value.position);
}

function compareBinary(a: Binary, b: Binary): number {
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  if (a.sub_type !== b.sub_type) return a.sub_type < b.sub_type ? -1 : 1;
  return Buffer.compare(binaryBytes(a), binaryBytes(b));
}

/** bson keeps an ObjectId as four 24-bit integers; reading its `id` would allocate at every comparison. */
interface PackedObjectId {
  i0: number;
  i1: number;
  i2: number;
  i3: number;
}

export function compareObjectIds(a: ObjectId, b: ObjectId): number {
  const left = a as unknown as PackedObjectId;
  const right = b as unknown as PackedObjectId;
  return (
    Math.sign(left.i0 - right.i0) ||
    Math.sign(left.i1 - right.i1) ||
    Math.sign(left.i2 - right.i2) ||
    Math.sign(left.i3 - right.i3)
  );
}

function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return Math.sign(a.t - b.t) || Math.sign(a.i - b.i);
}

function compareRegexes(a: BSONRegExp, b: BSONRegExp): number {
  return compareStrings(a.pattern, b.pattern) || compareStrings(a.options, b.options);
}

function compareDbPointers(a: DBRef, b: DBRef): number {
  const left = dbPointerNamespace(a);
  const right = dbPointerNamespace(b);
  return (
    Math.sign(left.length - right.length) || compareStrings(left, right) || compareObjectIds(a.oid, b.oid)
  );
}

export function dbPointerNamespace(pointer: DBRef): string {
  return pointer.db === undefined ? pointer.collection : `${pointer.db}.${pointer.collection}`;
}

function compareCode(a: Code, b: Code, collator: Collator | undefined): number {
  const byText = compareStrings(a.code, b.code);
  if (byText !== 0 || a.scope === null || b.scope === null) return byText;
  return compareDocs(a.scope as Doc, b.scope as Doc, collator);
}
