/** Brings what several fetches know of one object together, as the reference executor merges plain objects. */
import type { Shape } from './shape.ts';
import { isRow, LISTED, List, type Row, TEXT, TYPENAME, type Value } from './values.ts';

/** Values that are false to JavaScript are replaced by an object; others cannot take one in. */
const FALSE_TEXTS = ['""', '0', 'false'];

/** To JavaScript no more than nothing. */
export function isNone(value: Value): boolean {
  return value === undefined || value === null || (typeof value === 'string' && FALSE_TEXTS.includes(value));
}

export function mergeRow(target: Row, source: Row): void {
  for (let slot = 0; slot < source.length; slot++) {
    if (slot > TYPENAME && slot <= LISTED) continue;
    const value = source[slot];
    if (value !== undefined) target[slot] = merged(target[slot], value);
  }
}

function merged(target: Value, source: Value): Value {
  if (target === undefined || target === null || source === null) return source;
  if (isRow(source)) return mergedIntoRow(target, source);
  if (source instanceof List && target instanceof List && source.items.length === target.items.length) {
    const { items } = target;
    source.items.forEach((item, index) => {
      const own = items[index];
      if (isRow(own) && isRow(item)) mergeRow(own, item);
      else items[index] = item;
    });
    return target;
  }
  return source;
}

function mergedIntoRow(target: Value, source: Row): Value {
  if (isRow(target)) {
    mergeRow(target, source);
    return target;
  }
  if (target instanceof List) return target;
  if (FALSE_TEXTS.includes(target as string)) return source;
  throw new TypeError('An object cannot be merged into a scalar');
}

/** A row of its own for a target that may come to differ from the others; unlike them, not in any list yet. */
export function copyRow(row: Row): Row {
  const copy = row.map(copyValue);
  copy[TEXT] = undefined;
  copy[LISTED] = undefined;
  return copy;
}

function copyValue(value: Value): Value {
  if (isRow(value)) return copyRow(value);
  return value instanceof List ? new List(value.items.map(copyValue)) : value;
}

/** What is below a row stands below another one, too. */
export function shareBelow(row: Row): void {
  for (const value of row) shareValue(value);
}

function shareValue(value: Value): void {
  if (isRow(value)) value[TEXT] ??= '';
  else if (value instanceof List) for (const item of value.items) shareValue(item);
}

/** Puts the rows below a row into the lists of their places, for fetches that ask for more of them. */
export type Enlist = (row: Row, lists: Row[][]) => void;

/** Nothing where no fetch asks for more of what the shape brings. */
export function enlistBelow(shape: Shape): Enlist | undefined {
  const below: [number, Enlist][] = [];
  for (const { slot, shape: child } of shape.fields.values()) {
    const enlist = child && enlistAt(child);
    if (enlist) below.push([slot, enlist]);
  }
  if (below.length === 0) return undefined;
  return (row, lists) => {
    for (const [slot, enlist] of below) enlistValue(row[slot], enlist, lists);
  };
}

function enlistAt(shape: Shape): Enlist | undefined {
  const { list } = shape.place;
  const below = enlistBelow(shape);
  if (list === undefined && below === undefined) return undefined;
  return (row, lists) => {
    const isNew = row[LISTED] === undefined;
    row[LISTED] = '';
    if (isNew && list !== undefined) lists[list]!.push(row);
    // One row in many places has been here with all that is below it; into another, more may have been merged since.
    if (isNew || !shape.isKnownByText) below?.(row, lists);
  };
}

function enlistValue(value: Value, enlist: Enlist, lists: Row[][]): void {
  if (isRow(value)) enlist(value, lists);
  else if (value instanceof List) for (const item of value.items) enlistValue(item, enlist, lists);
}
