/** Ranges of an index that hold whatever a filter's bounds allow, and walks along them. */
import type { Bounds, Interval } from '../query/bounds.ts';
import { allValues, isPoint } from '../query/intervals.ts';
import { compareValues } from '../values/compare.ts';
import type { BTree, Position } from './btree.ts';
import type { Index, IndexEntry } from './index.ts';
import type { Key } from './index-keys.ts';

/** A contiguous piece of an index: equal in the first fields, within an interval in the next. */
export interface KeyRange {
  readonly prefix: Key;
  readonly interval: Interval | undefined;
}

export interface IndexScan {
  readonly index: Index;
  /** In the order of the index. */
  readonly ranges: readonly KeyRange[];
  /** For each field what it was bounded to. */
  readonly intervals: readonly (readonly Interval[])[];
  /** Leading fields that are bound to one value each. */
  readonly fixedFields: number;
}

/** Of more combinations than this the last field is left to the filter. */
const MAX_COMBINATIONS = 1000;

export function isMultikeyPath(index: Index, path: string): boolean {
  for (const arrayPath of index.arrayPaths) {
    if (path === arrayPath || path.startsWith(`${arrayPath}.`)) return true;
  }
  return false;
}

export function makeScan(index: Index, bounds: ReadonlyMap<string, Bounds>): IndexScan {
  const intervals = index.spec.fields.map(({ path }) => intervalsFor(index, path, bounds));
  dropUnderSharedArrays(index, intervals);
  let combinations: Key[] = [[]];
  let fixedFields = 0;
  let field = 0;
  for (; field < intervals.length; field++) {
    const here = intervals[field]!;
    const allPoints = here.every((interval) => isPoint(interval, index.collator));
    if (!allPoints || (field > 0 && combinations.length * here.length > MAX_COMBINATIONS)) break;
    if (here.length === 1 && fixedFields === field) fixedFields++;
    const points = inIndexOrder(here, index, field).map(({ low }) => low);
    combinations = combinations.flatMap((prefix) => points.map((value) => [...prefix, value]));
  }
  const last = intervals[field];
  const ranges = combinations.flatMap((prefix): KeyRange[] =>
    last
      ? inIndexOrder(last, index, field).map((interval) => ({ prefix, interval }))
      : [{ prefix, interval: undefined }],
  );
  // Behind the field that ends the ranges nothing is bounded any more.
  return {
    index,
    ranges,
    intervals: intervals.map((here, i) => (i <= field ? here : [allValues])),
    fixedFields,
  };
}

function intervalsFor(index: Index, path: string, bounds: ReadonlyMap<string, Bounds>): readonly Interval[] {
  const found = bounds.get(path);
  if (!found) return [allValues];
  return isMultikeyPath(index, path) ? found.multikeySafe : found.intervals;
}

/** Two conditions below one array may be met by different elements, which have different keys: only one can bound. */
function dropUnderSharedArrays(index: Index, intervals: (readonly Interval[])[]): void {
  const bounded = new Set<string>();
  index.spec.fields.forEach(({ path }, i) => {
    if (isEverything(intervals[i]!)) return;
    const arrays = [...index.arrayPaths].filter((array) => path === array || path.startsWith(`${array}.`));
    if (arrays.some((array) => bounded.has(array))) intervals[i] = [allValues];
    for (const array of arrays) bounded.add(array);
  });
}

export function isEverything(intervals: readonly Interval[]): boolean {
  return intervals.length === 1 && intervals[0] === allValues;
}

function inIndexOrder(intervals: readonly Interval[], index: Index, field: number): readonly Interval[] {
  return index.spec.fields[field]!.direction === 1 ? intervals : [...intervals].reverse();
}

/** Before the first entry of the range. */
function startOf(range: KeyRange, index: Index): Position<IndexEntry> {
  return ({ key }) => {
    const order = comparePrefix(key, range, index);
    if (order !== 0 || !range.interval) return order < 0;
    return orderToStart(key, range, range.interval, index) < 0;
  };
}

/** Behind the last entry of the range. */
function endOf(range: KeyRange, index: Index): Position<IndexEntry> {
  return ({ key }) => {
    const order = comparePrefix(key, range, index);
    if (order !== 0 || !range.interval) return order <= 0;
    return orderToEnd(key, range, range.interval, index) <= 0;
  };
}

function comparePrefix(key: Key, { prefix }: KeyRange, { spec, collator }: Index): number {
  for (let i = 0; i < prefix.length; i++) {
    const order = compareValues(key[i], prefix[i], collator);
    if (order !== 0) return order * spec.fields[i]!.direction;
  }
  return 0;
}

/** Negative for keys in front of the interval, in the direction of the field. */
function orderToStart(key: Key, { prefix }: KeyRange, interval: Interval, { spec, collator }: Index): number {
  const up = spec.fields[prefix.length]!.direction === 1;
  const value = key[prefix.length];
  const order = compareValues(value, up ? interval.low : interval.high, collator);
  if (order === 0) return (up ? interval.lowInclusive : interval.highInclusive) ? 0 : -1;
  return up ? order : -order;
}

/** Positive for keys behind the interval, in the direction of the field. */
function orderToEnd(key: Key, { prefix }: KeyRange, interval: Interval, { spec, collator }: Index): number {
  const up = spec.fields[prefix.length]!.direction === 1;
  const value = key[prefix.length];
  const order = compareValues(value, up ? interval.high : interval.low, collator);
  if (order === 0) return (up ? interval.highInclusive : interval.lowInclusive) ? 0 : 1;
  return up ? order : -order;
}

export function countKeys({ index, ranges }: IndexScan, tree: BTree<IndexEntry>): number {
  let count = 0;
  for (const range of ranges) count += tree.rank(endOf(range, index)) - tree.rank(startOf(range, index));
  return count;
}

export function* walkRange(
  range: KeyRange,
  index: Index,
  tree: BTree<IndexEntry>,
  direction: 1 | -1,
): IterableIterator<IndexEntry> {
  const start = startOf(range, index);
  const end = endOf(range, index);
  if (direction === 1) {
    for (const entry of tree.ascending(start)) {
      if (!end(entry)) return;
      yield entry;
    }
  } else {
    for (const entry of tree.descending(end)) {
      if (start(entry)) return;
      yield entry;
    }
  }
}

export function* walkScan(
  { index, ranges }: IndexScan,
  tree: BTree<IndexEntry>,
  direction: 1 | -1,
): IterableIterator<IndexEntry> {
  const ordered = direction === 1 ? ranges : [...ranges].reverse();
  for (const range of ordered) yield* walkRange(range, index, tree, direction);
}
