/** What a filter says about the keys of an index: the planner scans only what can hold a match. */

import { BSONRegExp } from 'bson';
import type { Collator } from '../values/collation.ts';
import { isNumber, type Kind, kindOf, rankOfKind, typeRank } from '../values/kind.ts';
import { isNaNValue } from '../values/numbers.ts';
import { arrayIndex } from '../values/paths.ts';
import { literalPrefix } from '../values/regex.ts';
import type { Doc, Value } from '../values/types.ts';
import {
  allValues,
  contains,
  type Interval,
  intersection,
  isPoint,
  point,
  union,
  valuesOfRank,
} from './intervals.ts';
import { parseFilter } from './parse-filter.ts';
import type { Comparison, Condition, FieldPredicate, Predicate, QueryOptions } from './predicate.ts';

export type { Interval } from './intervals.ts';

/**
 * Every document that matches has a key (see `indexKeys` in values/paths.ts) of this path inside the
 * intervals; they are sorted and disjoint, and they may let documents through that do not match.
 */
export interface Bounds {
  /** For an index no document of which has an array along the path: all conditions taken together. */
  intervals: Interval[];
  /**
   * For a multikey index: different conditions may be met by different elements of an array, so
   * only one of them (or one $elemMatch) bounds the scan.
   */
  multikeySafe: Interval[];
}

/** Bounds by path, for the paths that have any. */
export function fieldBounds(filter: Doc, options: QueryOptions): Map<string, Bounds> {
  return boundsOf(parseFilter(filter, options), options.collator);
}

export function boundsOf(predicate: Predicate, collator: Collator | undefined): Map<string, Bounds> {
  switch (predicate.kind) {
    case 'and':
      return boundsOfAll(predicate.children, collator);
    case 'or':
      return boundsOfAny(predicate.children, collator);
    case 'not':
      return boundsOfMissing(predicate.child);
    case 'field':
      return boundsOfField(predicate, collator);
    default:
      return new Map();
  }
}

function boundsOfAll(children: readonly Predicate[], collator: Collator | undefined): Map<string, Bounds> {
  const all = new Map<string, Bounds>();
  for (const child of children) {
    for (const [path, bounds] of boundsOf(child, collator)) {
      const known = all.get(path);
      all.set(path, known ? both(known, bounds, collator) : bounds);
    }
  }
  return all;
}

function both(a: Bounds, b: Bounds, collator: Collator | undefined): Bounds {
  return {
    intervals: intersection(a.intervals, b.intervals, collator),
    multikeySafe:
      cost(a.multikeySafe, collator) <= cost(b.multikeySafe, collator) ? a.multikeySafe : b.multikeySafe,
  };
}

/** Points before ranges, ranges within one type before open ones; few before many. */
function cost(intervals: readonly Interval[], collator: Collator | undefined): number {
  let sum = 0;
  for (const interval of intervals) {
    if (isPoint(interval, collator)) sum += 1;
    else sum += typeRank(interval.low) === typeRank(interval.high) ? 1_000 : 10_000;
  }
  return sum;
}

/** A path is bounded only when each of the alternatives bounds it. */
function boundsOfAny(children: readonly Predicate[], collator: Collator | undefined): Map<string, Bounds> {
  const [first, ...rest] = children.map((child) => boundsOf(child, collator));
  const any = new Map<string, Bounds>();
  for (const [path, bounds] of first ?? []) {
    const others = rest.map((alternative) => alternative.get(path));
    if (!others.every((other) => other !== undefined)) continue;
    const alternatives = [bounds, ...others];
    any.set(path, {
      intervals: union(
        alternatives.flatMap((other) => other.intervals),
        collator,
      ),
      multikeySafe: union(
        alternatives.flatMap((other) => other.multikeySafe),
        collator,
      ),
    });
  }
  return any;
}

/** Of all negations only `{$exists: false}` helps: what is missing has null for a key. */
function boundsOfMissing(child: Predicate): Map<string, Bounds> {
  if (child.kind !== 'field' || child.condition.operator !== '$exists') return new Map();
  return named(child, [point(null)], undefined);
}

function boundsOfField(predicate: FieldPredicate, collator: Collator | undefined): Map<string, Bounds> {
  if (predicate.condition.operator === '$elemMatchObject') {
    return boundsOfElements(predicate, predicate.condition.child, collator);
  }
  const intervals = intervalsOf(predicate.condition, collator, false);
  return intervals ? named(predicate, union(intervals, collator), collator) : new Map();
}

function named(
  predicate: FieldPredicate,
  intervals: Interval[],
  collator: Collator | undefined,
): Map<string, Bounds> {
  // By a number in the path a query may also mean a field of elements, and find it missing in some.
  const numbered = predicate.segments.some((segment) => arrayIndex(segment) >= 0);
  if (numbered && contains(intervals, null, collator)) return new Map();
  return new Map([[predicate.path, { intervals, multikeySafe: intervals }]]);
}

function boundsOfElements(
  predicate: FieldPredicate,
  child: Predicate,
  collator: Collator | undefined,
): Map<string, Bounds> {
  const inner = new Map<string, Bounds>();
  for (const [path, bounds] of boundsOf(child, collator)) {
    // Elements that are arrays have numbers for fields, under which the index knows nothing of them.
    if (arrayIndex(path.split('.', 1)[0]!) >= 0) continue;
    inner.set(`${predicate.path}.${path}`, bounds);
  }
  return inner;
}

/** Undefined when the condition says nothing about keys. */
function intervalsOf(
  condition: Condition,
  collator: Collator | undefined,
  onElement: boolean,
): Interval[] | undefined {
  switch (condition.operator) {
    case '$eq':
      return equal(condition.value);
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return ordered(condition.operator, condition.value);
    case '$in':
      return [
        ...condition.values.flatMap(equal),
        ...condition.regexes.flatMap(({ pattern, options }) => matching(pattern, options, collator)),
      ];
    case '$regex':
      return matching(condition.pattern, condition.options, collator);
    case '$type':
      return ofTypes(condition.kinds);
    case '$mod':
      return [valuesOfRank(10)];
    case '$bits':
      return [valuesOfRank(10), valuesOfRank(30)];
    case '$elemMatch':
      // The key of an element that is itself an array is that array, of which the inner part says nothing.
      return onElement ? undefined : onEachElement(condition.conditions, collator);
    default:
      return undefined;
  }
}

/** All conditions hold for one and the same element, whose key is the element itself. */
function onEachElement(
  conditions: readonly Predicate[],
  collator: Collator | undefined,
): Interval[] | undefined {
  let shared: Interval[] | undefined;
  for (const child of conditions) {
    if (child.kind !== 'field') continue;
    const intervals = intervalsOf(child.condition, collator, true);
    if (!intervals) continue;
    const next = union(intervals, collator);
    shared = shared ? intersection(shared, next, collator) : next;
  }
  return shared;
}

/** An array is found as an element, or as a whole, of which the index holds the elements. */
function equal(value: Value): Interval[] {
  return Array.isArray(value) ? [point(value), point(value[0])] : [point(value)];
}

function ordered(operator: Exclude<Comparison, '$eq'>, value: Value): Interval[] | undefined {
  const up = operator === '$gt' || operator === '$gte';
  const inclusive = operator === '$gte' || operator === '$lte';
  const kind = kindOf(value);
  // Arrays are in order as wholes, and the index holds their elements.
  if (kind === 'array') return undefined;
  if (kind === 'null' || (isNumber(value) && isNaNValue(value))) return inclusive ? [point(value)] : [];
  const bracket = bracketOf(kind, value);
  return up
    ? [{ ...bracket, low: value, lowInclusive: inclusive }]
    : [{ ...bracket, high: value, highInclusive: inclusive }];
}

/** The values a value is in order with. */
function bracketOf(kind: Kind, value: Value): Interval {
  if (kind === 'minKey' || kind === 'maxKey') return allValues;
  if (isNumber(value)) return { low: -Infinity, high: Infinity, lowInclusive: true, highInclusive: true };
  return valuesOfRank(rankOfKind(kind));
}

function matching(pattern: string, options: string, collator: Collator | undefined): Interval[] {
  const same = point(new BSONRegExp(pattern, options));
  // A collation's order does not keep strings of one beginning together.
  const literal = collator ? undefined : literalPrefix(pattern, options);
  if (!literal) return [valuesOfRank(15), same];
  const strings: Interval = {
    low: literal.prefix,
    lowInclusive: true,
    high: behindPrefix(literal.prefix),
    highInclusive: false,
  };
  return [strings, same];
}

/** The least value above all strings that begin so. */
function behindPrefix(prefix: string): Value | undefined {
  const codePoints = [...prefix].map((char) => char.codePointAt(0)!);
  while (codePoints.length > 0) {
    const last = codePoints.pop()!;
    if (last === 0x10ffff) continue;
    // Surrogates are no characters of their own.
    const next = last + 1 === 0xd800 ? 0xe000 : last + 1;
    return String.fromCodePoint(...codePoints, next);
  }
  return valuesOfRank(15).high;
}

function ofTypes(kinds: ReadonlySet<Kind>): Interval[] | undefined {
  // Of an array the index holds the elements.
  if (kinds.has('array')) return undefined;
  return [...kinds].map((kind) => valuesOfRank(rankOfKind(kind)));
}
