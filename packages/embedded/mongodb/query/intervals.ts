/** Sets of BSON values as sorted, disjoint intervals. */
import { Binary, BSONRegExp, Code, DBRef, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import type { Collator } from '../values/collation.ts';
import { compareValues } from '../values/compare.ts';
import { newDoc } from '../values/fields.ts';
import type { Value } from '../values/types.ts';

/** `undefined` as an end is the key of an empty array, just below null. */
export interface Interval {
  low: Value | undefined;
  high: Value | undefined;
  lowInclusive: boolean;
  highInclusive: boolean;
}

export const allValues: Interval = {
  low: new MinKey(),
  high: new MaxKey(),
  lowInclusive: true,
  highInclusive: true,
};

export function point(value: Value | undefined): Interval {
  return { low: value, high: value, lowInclusive: true, highInclusive: true };
}

export function isPoint(interval: Interval, collator?: Collator): boolean {
  return compareValues(interval.low, interval.high, collator) === 0;
}

const zeroId = new ObjectId('000000000000000000000000');

/** The lowest value of each rank of types, in order (NaN is the lowest number). */
const lowestOfRank: [rank: number, value: Value | undefined][] = [
  [-1, new MinKey()],
  [0, undefined],
  [5, null],
  [10, new Double(Number.NaN)],
  [15, ''],
  [20, newDoc()],
  [25, []],
  [30, new Binary(new Uint8Array(0), 0)],
  [35, zeroId],
  [40, false],
  [45, new Date(-8.64e15)],
  [47, new Timestamp({ t: 0, i: 0 })],
  [50, new BSONRegExp('', '')],
  [55, new DBRef('', zeroId)],
  [60, new Code('')],
  [65, new Code('', newDoc())],
  [127, new MaxKey()],
];

/** All values whose types share a rank. */
export function valuesOfRank(rank: number): Interval {
  const at = lowestOfRank.findIndex(([candidate]) => candidate === rank);
  const low = lowestOfRank[at]![1];
  const next = lowestOfRank[at + 1];
  if (!next) return point(low);
  return { low, high: next[1], lowInclusive: true, highInclusive: false };
}

/** Orders and joins intervals that overlap or touch. */
export function union(intervals: readonly Interval[], collator?: Collator): Interval[] {
  const sorted = intervals
    .filter((interval) => !isEmpty(interval, collator))
    .sort((a, b) => compareLows(a, b, collator));
  const joined: Interval[] = [];
  for (const interval of sorted) {
    const last = joined[joined.length - 1];
    if (last && meets(last, interval, collator)) {
      if (compareHighs(interval, last, collator) > 0) {
        joined[joined.length - 1] = {
          ...last,
          high: interval.high,
          highInclusive: interval.highInclusive,
        };
      }
    } else {
      joined.push(interval);
    }
  }
  return joined;
}

/** Both lists must be sorted and disjoint, as `union` makes them. */
export function intersection(
  left: readonly Interval[],
  right: readonly Interval[],
  collator?: Collator,
): Interval[] {
  const shared: Interval[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const a = left[i]!;
    const b = right[j]!;
    const from = compareLows(a, b, collator) >= 0 ? a : b;
    const to = compareHighs(a, b, collator) <= 0 ? a : b;
    const interval = {
      low: from.low,
      lowInclusive: from.lowInclusive,
      high: to.high,
      highInclusive: to.highInclusive,
    };
    if (!isEmpty(interval, collator)) shared.push(interval);
    if (to === a) i += 1;
    else j += 1;
  }
  return shared;
}

export function contains(
  intervals: readonly Interval[],
  value: Value | undefined,
  collator?: Collator,
): boolean {
  return intervals.some((interval) => {
    const low = compareValues(value, interval.low, collator);
    const high = compareValues(value, interval.high, collator);
    return (
      (low > 0 || (low === 0 && interval.lowInclusive)) &&
      (high < 0 || (high === 0 && interval.highInclusive))
    );
  });
}

function isEmpty({ low, high, lowInclusive, highInclusive }: Interval, collator?: Collator): boolean {
  const order = compareValues(low, high, collator);
  return order > 0 || (order === 0 && !(lowInclusive && highInclusive));
}

function compareLows(a: Interval, b: Interval, collator?: Collator): number {
  return compareValues(a.low, b.low, collator) || Number(b.lowInclusive) - Number(a.lowInclusive);
}

function compareHighs(a: Interval, b: Interval, collator?: Collator): number {
  return compareValues(a.high, b.high, collator) || Number(a.highInclusive) - Number(b.highInclusive);
}

/** Whether the second, which does not begin before the first, leaves no gap behind it. */
function meets(first: Interval, second: Interval, collator?: Collator): boolean {
  const order = compareValues(second.low, first.high, collator);
  return order < 0 || (order === 0 && (second.lowInclusive || first.highInclusive));
}
