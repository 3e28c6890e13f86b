// Windows of $setWindowFields: by positions, or by the distance of the values sorted by.
import { failedToParse, location } from '../errors.ts';
import { dateOf, type TimeUnit, timeUnitOf } from '../expressions/date-arguments.ts';
import { addToDate } from '../expressions/date-arithmetic.ts';
import { UTC } from '../expressions/time-zone.ts';
import type { SortPart } from '../query/sort.ts';
import { compareValues } from '../values/compare.ts';
import { describeValue } from '../values/describe.ts';
import { isDate, isDoc, isNumber, kindOf, type Numeric } from '../values/kind.ts';
import { add, INT_MAX, INT_MIN, integralValue } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';

type Bound<T> = 'unbounded' | 'current' | T;

export type WindowBounds =
  | { kind: 'documents'; lower: Bound<number>; upper: Bound<number> }
  | { kind: 'range'; lower: Bound<Numeric>; upper: Bound<Numeric>; unit?: TimeUnit };

export const WHOLE_PARTITION: WindowBounds = { kind: 'documents', lower: 'unbounded', upper: 'unbounded' };
export const UP_TO_CURRENT: WindowBounds = { kind: 'documents', lower: 'unbounded', upper: 'current' };

export function parseWindow(spec: Value, sortBy: readonly SortPart[]): WindowBounds {
  if (!isDoc(spec)) throw failedToParse("'window' field must be an object");
  const { documents, range, unit } = spec as Partial<Record<string, Value>>;
  if (documents !== undefined && range !== undefined) {
    throw failedToParse("Window bounds can specify either 'documents' or 'unit', not both.");
  }
  if (range === undefined && unit !== undefined) {
    throw failedToParse("Window bounds can only specify 'unit' with range-based bounds.");
  }
  const fields = Object.keys(spec).length;
  if (documents !== undefined) {
    if (fields !== 1) throw failedToParse("'window' field that specifies documents cannot have other fields");
    return documentBounds(documents, sortBy);
  }
  if (range !== undefined) return rangeBounds(range, unit, fields, sortBy);
  if (fields === 0) return WHOLE_PARTITION;
  throw failedToParse(
    "'window' field can only contain 'documents' as the only argument or 'range' with an optional 'unit' field",
  );
}

function twoBounds(spec: Value): [Value, Value] {
  if (Array.isArray(spec) && spec.length === 2) return spec as [Value, Value];
  throw failedToParse(`Window bounds must be a 2-element array: ${describeValue(spec)}`);
}

function bound<T>(spec: Value, read: (value: Value) => T): Bound<T> {
  if (spec === 'unbounded' || spec === 'current') return spec;
  if (typeof spec !== 'string') return read(spec);
  throw failedToParse("Window bounds must be 'unbounded', 'current', or a number.");
}

function checkForward(lower: Bound<Numeric>, upper: Bound<Numeric>): void {
  if (lower === 'unbounded' || upper === 'unbounded') return;
  const from = lower === 'current' ? 0 : lower;
  const to = upper === 'current' ? 0 : upper;
  if (compareValues(from, to) <= 0) return;
  throw location(
    5339900,
    `Lower bound must not exceed upper bound: [${describeValue(from)}, ${describeValue(to)}]`,
  );
}

function documentBounds(spec: Value, sortBy: readonly SortPart[]): WindowBounds {
  const [from, to] = twoBounds(spec);
  const lower = bound(from, position);
  const upper = bound(to, position);
  checkForward(lower, upper);
  if (sortBy.length === 0 && (lower !== 'unbounded' || upper !== 'unbounded')) {
    throw location(5339901, 'Document-based bounds require a sortBy');
  }
  return { kind: 'documents', lower, upper };
}

function position(value: Value): number {
  const integer = isNumber(value) ? integralValue(value) : undefined;
  if (integer !== undefined && integer >= INT_MIN && integer <= INT_MAX) return Number(integer);
  throw failedToParse('Numeric document-based bounds must be an integer');
}

function rangeBounds(
  spec: Value,
  unitSpec: Value | undefined,
  fields: number,
  sortBy: readonly SortPart[],
): WindowBounds {
  const [from, to] = twoBounds(spec);
  const unit = unitSpec === undefined ? undefined : readUnit(unitSpec);
  if (fields !== (unit ? 2 : 1)) {
    throw failedToParse(
      unit
        ? "'window' field that specifies unit cannot have other fields besides 'range'"
        : "'window' field that specifies range cannot have other fields besides 'unit'",
    );
  }
  const lower = bound(from, (value) => distance(value, unit));
  const upper = bound(to, (value) => distance(value, unit));
  checkForward(lower, upper);
  const [part] = sortBy;
  if (!part || sortBy.length > 1) throw location(5339902, 'Range-based bounds require sortBy a single field');
  if (part.direction < 0) throw location(8947401, 'Range-based bounds require an ascending sortBy');
  return { kind: 'range', lower, upper, ...(unit && { unit }) };
}

export function readUnit(spec: Value): TimeUnit {
  if (typeof spec !== 'string') throw failedToParse("'unit' must be a string");
  const unit = timeUnitOf(spec);
  if (!unit) throw failedToParse(`unknown time unit value: ${spec}`);
  return unit;
}

function distance(value: Value, unit: TimeUnit | undefined): Numeric {
  if (!isNumber(value)) throw failedToParse('Range-based bounds expression must be a number');
  if (unit && integralValue(value) === undefined) {
    throw failedToParse("With 'unit', range-based bounds must be an integer");
  }
  return value;
}

/** From the first to the last document of a window, as positions in the partition; empty when from > to. */
export interface Frame {
  from: number;
  to: number;
}

/** The window of each document; `keys` are the values sorted by, in order. */
export function framesOf(bounds: WindowBounds, count: number, keys: readonly (Value | undefined)[]): Frame[] {
  if (bounds.kind === 'range') return rangeFrames(bounds, keys);
  const { lower, upper } = bounds;
  return Array.from({ length: count }, (_, i) => ({
    from: lower === 'unbounded' ? 0 : Math.max(0, i + (lower === 'current' ? 0 : lower)),
    to: upper === 'unbounded' ? count - 1 : Math.min(count - 1, i + (upper === 'current' ? 0 : upper)),
  }));
}

function rangeFrames(
  { lower, upper, unit }: Extract<WindowBounds, { kind: 'range' }>,
  keys: readonly (Value | undefined)[],
): Frame[] {
  for (const key of keys) checkRangeKey(key, unit);
  let from = 0;
  let to = -1;
  return keys.map((key) => {
    // Both ends only ever move forward, as the keys do.
    if (lower !== 'unbounded') {
      const least = shifted(key, lower, unit);
      while (from < keys.length && compareValues(keys[from], least) < 0) from += 1;
    }
    if (upper === 'unbounded') to = keys.length - 1;
    else {
      const greatest = shifted(key, upper, unit);
      while (to + 1 < keys.length && compareValues(keys[to + 1], greatest) <= 0) to += 1;
    }
    return { from, to };
  });
}

function checkRangeKey(key: Value | undefined, unit: TimeUnit | undefined): void {
  if (unit ? isDate(key) : isNumber(key)) return;
  if (unit) {
    throw location(
      5429513,
      `Invalid range: Expected the sortBy field to be a Date, but it was ${kindOf(key)}`,
    );
  }
  if (isDate(key)) {
    throw location(
      5429413,
      'Invalid range: For windows that involve date or time ranges, a unit must be provided.',
    );
  }
  throw location(
    5429414,
    `Invalid range: Expected the sortBy field to be a number, but it was ${kindOf(key)}`,
  );
}

function shifted(key: Value | undefined, by: Bound<Numeric>, unit: TimeUnit | undefined): Value | undefined {
  if (by === 'current' || by === 'unbounded') return key;
  if (!unit) return add(key as Numeric, by);
  return addToDate(dateOf(key) as Date, unit, integralValue(by) ?? 0n, UTC);
}
