/** Sort patterns: which documents come first. */
import { badValue, failedToParse, location } from '../errors.ts';
import { parseFieldPath } from '../expressions/field-path.ts';
import type { Collator } from '../values/collation.ts';
import { compareValues } from '../values/compare.ts';
import { describeField } from '../values/describe.ts';
import { getField } from '../values/fields.ts';
import { isDoc, isNumber } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import { indexKeys } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { compoundKeys } from './compound-keys.ts';

export interface SortPart {
  path: string;
  segments: string[];
  direction: 1 | -1;
}

const MAX_SORT_PARTS = 32;

/** The parts of a sort pattern, or the error MongoDB gives for it. */
export function parseSort(spec: Doc): SortPart[] {
  const names = Object.keys(spec);
  if (names.length > MAX_SORT_PARTS) throw badValue('too many compound keys');
  return names.map((path) => parsePart(path, getField(spec, path)!));
}

function parsePart(path: string, order: Value): SortPart {
  if (isDoc(order)) refuseMeta(order);
  if (!isNumber(order)) {
    throw location(15974, `Illegal key in $sort specification: ${describeField(path, order)}`);
  }
  const direction = Math.trunc(toNumber(order));
  if (direction !== 1 && direction !== -1) {
    throw location(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  }
  return { path, segments: parseFieldPath(path), direction };
}

/** There is no text search and no geo search whose score one could sort by. */
function refuseMeta(order: Doc): never {
  const names = Object.keys(order);
  if (names[0] !== '$meta')
    throw location(17312, '$meta is the only expression supported by $sort right now');
  if (names.length > 1) throw failedToParse('Cannot have additional keys in a $meta sort specification');
  const meta = getField(order, '$meta');
  if (meta === 'textScore')
    throw location(40218, 'query requires text score metadata, but it is not available');
  throw location(31138, `Illegal $meta sort: ${describeField('$meta', meta)}`);
}

/** Compares two documents; for sorting many, `sortDocs` looks up the keys of each only once. */
export function compileSort(spec: Doc, options: { collator?: Collator }): (a: Doc, b: Doc) => number {
  const parts = parseSort(spec);
  const compare = compareSortKeys(parts, options.collator);
  return (a, b) => compare(sortKey(a, parts, options.collator), sortKey(b, parts, options.collator));
}

export type SortKey = readonly (Value | undefined)[];

/** What a document is sorted by: where arrays give several keys the one that comes first. */
export function sortKey(doc: Doc, parts: readonly SortPart[], collator?: Collator): SortKey {
  const keysByPart = parts.map(({ segments }) => indexKeys(doc, segments));
  const several = keysByPart.filter((keys) => keys.length > 1).length;
  if (several > 1) return leastCompoundKey(doc, parts, collator);
  return keysByPart.map((keys, i) => leastOf(keys, parts[i]!.direction, collator));
}

function leastOf(
  keys: readonly (Value | undefined)[],
  direction: number,
  collator: Collator | undefined,
): Value | undefined {
  let least = keys[0];
  for (let i = 1; i < keys.length; i++) {
    if (compareValues(keys[i], least, collator) * direction < 0) least = keys[i];
  }
  return least;
}

/** Several parts reach into the same array: the keys of one element belong together. */
function leastCompoundKey(doc: Doc, parts: readonly SortPart[], collator?: Collator): SortKey {
  const compare = compareSortKeys(parts, collator);
  const keys = compoundKeys(
    doc,
    parts.map((part) => part.segments),
  );
  return keys.reduce((least, key) => (compare(key, least) < 0 ? key : least));
}

export function compareSortKeys(
  parts: readonly SortPart[],
  collator?: Collator,
): (a: SortKey, b: SortKey) => number {
  return (a, b) => {
    for (let i = 0; i < parts.length; i++) {
      const order = compareValues(a[i], b[i], collator);
      if (order !== 0) return parts[i]!.direction > 0 ? order : -order;
    }
    return 0;
  };
}

/** Sorts stably, computing the keys of each document once. */
export function sortDocs(docs: readonly Doc[], spec: Doc, options: { collator?: Collator }): Doc[] {
  const parts = parseSort(spec);
  const compare = compareSortKeys(parts, options.collator);
  return docs
    .map((doc) => ({ doc, key: sortKey(doc, parts, options.collator) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ doc }) => doc);
}
