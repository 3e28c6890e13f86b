/** How dotted paths reach into documents and arrays. */
import { getField } from './fields.ts';
import { isDoc } from './kind.ts';
import type { Doc, Value } from './types.ts';

export function splitPath(path: string): string[] {
  return path.split('.');
}

/** The array index a path segment may stand for ("0", "17", never "01"), or -1. */
export function arrayIndex(segment: string): number {
  const first = segment.charCodeAt(0);
  if (!(first >= 48 && first <= 57) || segment.length > 9) return -1;
  if (first === 48) return segment.length === 1 ? 0 : -1;
  for (let i = 1; i < segment.length; i++) {
    const unit = segment.charCodeAt(i);
    if (unit < 48 || unit > 57) return -1;
  }
  return Number(segment);
}

/** Follows the path through documents only: an array or scalar in the middle makes it missing. */
export function getPath(doc: Doc, segments: readonly string[]): Value | undefined {
  let value: Value | undefined = doc;
  for (const segment of segments) {
    if (!isDoc(value)) return undefined;
    value = getField(value, segment);
  }
  return value;
}

/** `offset` is the index in the outermost array that was spread on the way, -1 for none. */
export type PathTest = (value: Value | undefined, offset: number) => boolean;

/**
 * Whether any value the path leads to passes the test, in the way of a query: arrays in the middle are
 * spread (once: an array directly inside an array is entered by its index only), a number is a field name
 * as well as an index. With `spreadLeaf` the elements of an array at the end are tried before the array.
 * What is missing is tried as `undefined`.
 */
export function someAtPath(
  doc: Doc,
  segments: readonly string[],
  spreadLeaf: boolean,
  test: PathTest,
): boolean {
  return someInDoc(doc, { segments, spreadLeaf, test }, 0, -1);
}

interface Walk {
  segments: readonly string[];
  spreadLeaf: boolean;
  test: PathTest;
}

function someInDoc(doc: Doc, walk: Walk, from: number, offset: number): boolean {
  const { segments, test } = walk;
  const last = segments.length - 1;
  let value: Value | undefined = getField(doc, segments[from]!);
  let at = from;
  while (at < last) {
    if (Array.isArray(value)) return someInArray(value, walk, at + 1, offset);
    if (!isDoc(value)) return test(undefined, offset);
    at += 1;
    value = getField(value, segments[at]!);
  }
  if (walk.spreadLeaf && Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      if (test(value[i], offset < 0 ? i : offset)) return true;
    }
  }
  return test(value, offset);
}

/** `from` is the first segment that still has to be followed inside the array. */
function someInArray(array: Value[], walk: Walk, from: number, offset: number): boolean {
  const index = arrayIndex(walk.segments[from]!);
  for (let i = 0; i < array.length; i++) {
    const item = array[i]!;
    if (isDoc(item) && someInDoc(item, walk, from, offset < 0 ? i : offset)) return true;
    if (i === index && someAtIndex(item, walk, from, offset)) return true;
  }
  return false;
}

function someAtIndex(item: Value, walk: Walk, from: number, offset: number): boolean {
  // The element that the path ends at is taken as it is: an array there is not spread again.
  if (from === walk.segments.length - 1) return walk.test(item, offset);
  if (Array.isArray(item)) return someInArray(item, walk, from + 1, offset);
  return isDoc(item) && someInDoc(item, walk, from + 1, offset);
}

/** All the values a query would try at the path; what is missing appears as `undefined`. */
export function valuesAt(
  doc: Doc,
  path: string | readonly string[],
  spreadLeaf = true,
): (Value | undefined)[] {
  const values: (Value | undefined)[] = [];
  someAtPath(doc, typeof path === 'string' ? splitPath(path) : path, spreadLeaf, (value) => {
    values.push(value);
    return false;
  });
  return values;
}

/**
 * The keys an index on one path holds for a document: array elements one by one, an empty array as
 * `undefined` (which sorts below null, as BSON's undefined does), what is missing as null.
 */
export function indexKeys(doc: Doc, segments: readonly string[]): (Value | undefined)[] {
  const keys: (Value | undefined)[] = [];
  collectFromDoc(doc, segments, 0, keys);
  return keys;
}

function collectFromDoc(
  doc: Doc,
  segments: readonly string[],
  from: number,
  keys: (Value | undefined)[],
): void {
  const value = getField(doc, segments[from]!);
  if (Array.isArray(value)) {
    collectFromArray(value, segments, from + 1, keys);
  } else if (from === segments.length - 1) {
    keys.push(value === undefined ? null : value);
  } else if (isDoc(value)) {
    collectFromDoc(value, segments, from + 1, keys);
  } else {
    keys.push(null);
  }
}

function collectFromArray(
  array: Value[],
  segments: readonly string[],
  from: number,
  keys: (Value | undefined)[],
): void {
  if (from === segments.length) {
    if (array.length === 0) keys.push(undefined);
    else for (const item of array) keys.push(item);
    return;
  }
  // A query may mean an index or a field by a number: hold the keys of both.
  const index = arrayIndex(segments[from]!);
  if (index >= 0) {
    collectByNumber(array, index, segments, from, keys);
    return;
  }
  if (array.length === 0) keys.push(null);
  for (const item of array) {
    if (isDoc(item)) collectFromDoc(item, segments, from, keys);
    else keys.push(null);
  }
}

function collectByNumber(
  array: Value[],
  index: number,
  segments: readonly string[],
  from: number,
  keys: (Value | undefined)[],
): void {
  const before = keys.length;
  const item = array[index];
  const last = from === segments.length - 1;
  if (Array.isArray(item)) collectFromArray(item, segments, from + 1, keys);
  else if (item !== undefined && last) keys.push(item);
  else if (isDoc(item)) collectFromDoc(item, segments, from + 1, keys);
  for (const element of array) {
    if (isDoc(element) && getField(element, segments[from]!) !== undefined) {
      collectFromDoc(element, segments, from, keys);
    }
  }
  if (keys.length === before) keys.push(null);
}
