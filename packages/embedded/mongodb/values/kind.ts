/** Which BSON type a value in memory has. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'bson';
import { docPrototype } from './fields.ts';
import type { Doc, Value } from './types.ts';

export type Kind =
  | 'missing'
  | 'double'
  | 'string'
  | 'object'
  | 'array'
  | 'binData'
  | 'objectId'
  | 'bool'
  | 'date'
  | 'null'
  | 'regex'
  | 'dbPointer'
  | 'javascript'
  | 'symbol'
  | 'javascriptWithScope'
  | 'int'
  | 'timestamp'
  | 'long'
  | 'decimal'
  | 'minKey'
  | 'maxKey';

export type Numeric = number | Double | Long | Decimal128;

/** Looked up by prototype: a `_bsontype` field sent by a client can not pass for a class. */
const kindByPrototype = new Map<unknown, Kind>([
  [docPrototype, 'object'],
  [Object.prototype, 'object'],
  [Date.prototype, 'date'],
  [Double.prototype, 'double'],
  [Long.prototype, 'long'],
  [Decimal128.prototype, 'decimal'],
  [ObjectId.prototype, 'objectId'],
  [Binary.prototype, 'binData'],
  [UUID.prototype, 'binData'],
  [Timestamp.prototype, 'timestamp'],
  [BSONRegExp.prototype, 'regex'],
  [BSONSymbol.prototype, 'symbol'],
  [Code.prototype, 'javascript'],
  [DBRef.prototype, 'dbPointer'],
  [MinKey.prototype, 'minKey'],
  [MaxKey.prototype, 'maxKey'],
]);

/** The BSON type alias; `missing` for `undefined`. */
export function kindOf(value: Value | undefined): Kind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return isInt32(value) ? 'int' : 'double';
    case 'boolean':
      return 'bool';
    case 'undefined':
      return 'missing';
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === docPrototype) return 'object';
  const kind = kindByPrototype.get(prototype) ?? 'object';
  return kind === 'javascript' && (value as Code).scope !== null ? 'javascriptWithScope' : kind;
}

/** Whether a JavaScript number stands for an Int32 (any other number is a Double). */
export function isInt32(n: number): boolean {
  return (n | 0) === n && (n !== 0 || 1 / n > 0);
}

export function isDoc(value: Value | undefined): value is Doc {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === docPrototype || (kindByPrototype.get(prototype) ?? 'object') === 'object';
}

export function isNumber(value: Value | undefined): value is Numeric {
  if (typeof value === 'number') return true;
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Double.prototype || prototype === Long.prototype || prototype === Decimal128.prototype;
}

/** Null or missing. */
export function isNullish(value: Value | undefined): value is null | undefined {
  return value === null || value === undefined;
}

export function isDate(value: Value | undefined): value is Date {
  return value instanceof Date;
}

export function isObjectId(value: Value | undefined): value is ObjectId {
  return kindOf(value) === 'objectId';
}

export function isRegex(value: Value | undefined): value is BSONRegExp {
  return kindOf(value) === 'regex';
}

const typeNumbers: Record<Kind, number> = {
  missing: 0,
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

/** The number that BSON gives to a type. */
export function typeNumber(kind: Kind): number {
  return typeNumbers[kind];
}

/** The type that has this alias, undefined for unknown ones. */
export function kindByAlias(alias: string): Kind | undefined {
  return Object.hasOwn(typeNumbers, alias) && alias !== 'missing' ? (alias as Kind) : undefined;
}

/** The type that has this number, undefined for unknown ones. */
export function kindByNumber(number: number): Kind | undefined {
  return (Object.keys(typeNumbers) as Kind[]).find(
    (kind) => kind !== 'missing' && typeNumbers[kind] === number,
  );
}

/**
 * The rank of a type in BSON's order: what shares a rank is compared by value.
 * Missing stands for BSON's undefined here, just below null.
 */
const ranks: Record<Kind, number> = {
  minKey: -1,
  missing: 0,
  null: 5,
  int: 10,
  long: 10,
  double: 10,
  decimal: 10,
  string: 15,
  symbol: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  dbPointer: 55,
  javascript: 60,
  javascriptWithScope: 65,
  maxKey: 127,
};

export function rankOfKind(kind: Kind): number {
  return ranks[kind];
}

export function typeRank(value: Value | undefined): number {
  switch (typeof value) {
    case 'string':
      return 15;
    case 'number':
      return 10;
    case 'boolean':
      return 40;
    default:
      return ranks[kindOf(value)];
  }
}
