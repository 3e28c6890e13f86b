// Field paths of expressions: "$a.b" spreads over arrays, and numeric segments do not index them.
import { location, MongoError } from '../errors.ts';
import { getField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Value } from '../values/types.ts';

const MAX_PATH_LENGTH = 200;
const DOLLAR_FIELDS = new Set(['$id', '$ref', '$db']);

/** Splits and validates a path as MongoDB's FieldPath does. */
export function parseFieldPath(path: string): string[] {
  if (path === '') throw location(40352, 'FieldPath cannot be constructed with empty string');
  if (path.endsWith('.')) throw location(40353, "FieldPath must not end with a '.'.");
  const names = path.split('.');
  for (const name of names) checkFieldName(name);
  if (names.length > MAX_PATH_LENGTH) throw new MongoError(15, 'Overflow', 'FieldPath is too long');
  return names;
}

/** What may stand as one field name in a path or in an object expression. */
export function checkFieldName(name: string): void {
  if (name === '') throw location(15998, 'FieldPath field names may not be empty strings.');
  if (name.startsWith('$') && !DOLLAR_FIELDS.has(name)) {
    throw location(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
  }
  if (name.includes('\0')) throw location(16411, "FieldPath field names may not contain '\\0'.");
  if (name.includes('.')) {
    throw location(
      16412,
      "FieldPath field names may not contain '.'. Consider using $getField or $setField.",
    );
  }
}

/** Reads names[from...] below `value`; documents inside arrays each give their share, other elements none. */
export function readPath(
  value: Value | undefined,
  names: readonly string[],
  from: number,
): Value | undefined {
  if (from === names.length) return value;
  if (Array.isArray(value)) {
    const found: Value[] = [];
    for (const element of value) {
      if (!isDoc(element)) continue;
      const nested = readPath(element, names, from);
      if (nested !== undefined) found.push(nested);
    }
    return found;
  }
  if (!isDoc(value)) return undefined;
  const name = names[from] as string;
  return readPath(getField(value, name), names, from + 1);
}
