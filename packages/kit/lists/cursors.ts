/**
 * Orders of lists, and the cursors that mark a place in one. A cursor holds the sort key values of a row and a checksum
 * over them, the list and its order, so that a cursor of another list or a changed one is told apart from a good one.
 * It is no secret: never sort by what the viewer must not know.
 */
import { createHash } from 'node:crypto';
import { badUserInput } from '../errors/errors.ts';

export type SortKeyType = 'text' | 'number' | 'bigint' | 'instant' | 'boolean';
export type SortKeyValue = string | number | bigint | Date | boolean;
export type Direction = 'asc' | 'desc';

export interface SortKey {
  /** Where a row has the value; steps are parted by dots. It must never be null. */
  field: string;
  type: SortKeyType;
  direction: Direction;
}

/** The last key must be unique: it breaks the ties, and pages stay exact. */
export interface Order {
  /** Unique among the orders of the domain: `reviews.newest`. */
  list: string;
  keys: readonly SortKey[];
  /** What cursors of this list and order are bound to. */
  fingerprint: string;
  tag: Buffer;
}

export function ascending(field: string, type: SortKeyType): SortKey {
  return { field, type, direction: 'asc' };
}

export function descending(field: string, type: SortKeyType): SortKey {
  return { field, type, direction: 'desc' };
}

export function defineOrder(list: string, keys: readonly SortKey[]): Order {
  if (keys.length === 0) throw new Error(`the order ${list} has no key`);
  const fingerprint = JSON.stringify([list, ...keys.map((key) => [key.field, key.type, key.direction])]);
  return { list, keys, fingerprint, tag: sha256(fingerprint, TAG_BYTES) };
}

const TAG_BYTES = 4;
const SUM_BYTES = 6;
const HEAD_BYTES = TAG_BYTES + SUM_BYTES;
const MAX_CURSOR_LENGTH = 4_096;

export function encodeCursor(order: Order, row: unknown): string {
  const values = JSON.stringify(order.keys.map((key) => toJson(key, valueAt(row, key.field), order)));
  return Buffer.concat([order.tag, checksum(order, values), Buffer.from(values)]).toString('base64url');
}

/** The sort key values that a cursor holds. `argument` is the one to blame in the error. */
export function decodeCursor(order: Order, cursor: string, argument: 'after' | 'before'): SortKeyValue[] {
  const bytes = cursor.length <= MAX_CURSOR_LENGTH ? Buffer.from(cursor, 'base64url') : Buffer.alloc(0);
  // Buffer.from skips what is not base64url, and would take a changed cursor for the same.
  if (bytes.length <= HEAD_BYTES || bytes.toString('base64url') !== cursor) {
    throw badUserInput(
      `\`${argument}\` is not a page cursor; take one from \`edges\` or \`pageInfo\``,
      argument,
    );
  }
  if (!bytes.subarray(0, TAG_BYTES).equals(order.tag)) {
    throw badUserInput(
      `\`${argument}\` is a cursor of another list, or of another order of it; start again without it`,
      argument,
    );
  }
  const values = bytes.toString('utf8', HEAD_BYTES);
  if (!bytes.subarray(TAG_BYTES, HEAD_BYTES).equals(checksum(order, values))) throw damaged(argument);
  return valuesOf(order, values, argument);
}

function valuesOf(order: Order, text: string, argument: string): SortKeyValue[] {
  const values = parseArray(text);
  if (values?.length !== order.keys.length) throw damaged(argument);
  return order.keys.map((key, index) => {
    const value = fromJson(key, values[index]);
    if (value === undefined) throw damaged(argument);
    return value;
  });
}

function damaged(argument: string): Error {
  return badUserInput(
    `\`${argument}\` is a damaged page cursor; pass it on exactly as it was given`,
    argument,
  );
}

/** Follows `stats.score` into a row. */
export function valueAt(row: unknown, field: string): unknown {
  if (!field.includes('.')) return (row as Record<string, unknown>)[field];
  return field.split('.').reduce<unknown>((value, step) => (value as Record<string, unknown>)?.[step], row);
}

function toJson({ type, field }: SortKey, value: unknown, order: Order): string | number | boolean {
  if (type === 'instant' && value instanceof Date) return value.getTime();
  if (type === 'bigint' && typeof value === 'bigint') return value.toString();
  if (type === 'text' && typeof value === 'string') return value;
  if (type === 'number' && typeof value === 'number' && Number.isFinite(value)) return value;
  if (type === 'boolean' && typeof value === 'boolean') return value;
  throw new Error(`${order.list} is ordered by ${field} as ${type}, but a row has ${String(value)} there`);
}

/** Only what a column can hold: PostgreSQL fails on the rest, and the checksum is no signature. */
function fromJson({ type }: SortKey, value: unknown): SortKeyValue | undefined {
  switch (type) {
    case 'instant':
      return isInstant(value) ? new Date(value) : undefined;
    case 'bigint':
      return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? int64(BigInt(value)) : undefined;
    case 'text':
      return typeof value === 'string' && !value.includes('\0') ? value : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
  }
}

/** From the year 1 to the year 9999, in milliseconds. */
function isInstant(value: unknown): value is number {
  return (
    Number.isInteger(value) &&
    (value as number) >= -62_135_596_800_000 &&
    (value as number) < 253_402_300_800_000
  );
}

function int64(value: bigint): bigint | undefined {
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    // Whoever recomputed the checksum may have written anything.
    return undefined;
  }
}

function checksum(order: Order, values: string): Buffer {
  return sha256(`${order.fingerprint}\n${values}`, SUM_BYTES);
}

function sha256(text: string, bytes: number): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, bytes);
}
