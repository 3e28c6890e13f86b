/** One index of a collection: which documents it holds under which keys, and whether a key may come twice. */
import { MongoError } from '../errors.ts';
import { docMatcher } from '../query/match.ts';
import type { Predicate } from '../query/predicate.ts';
import type { Collator } from '../values/collation.ts';
import { compareValues } from '../values/compare.ts';
import { describeField } from '../values/describe.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';
import { BTree } from './btree.ts';
import { collatorOf } from './collation-spec.ts';
import { documentKeys, type Key } from './index-keys.ts';
import type { IndexSpec } from './index-spec.ts';
import { parsePartialFilter } from './partial-filter.ts';
import { encodeNames } from './pick-fields.ts';
import { docOf, fieldsOf, type StoredRecord } from './record.ts';

export interface IndexEntry {
  readonly key: Key;
  readonly recordId: number;
}

export interface Index {
  readonly spec: IndexSpec;
  readonly collator: Collator | undefined;
  /** The order of keys, by the directions of the index. */
  readonly order: (a: Key, b: Key) => number;
  tree: BTree<IndexEntry>;
  /** Every path that was an array in a document once: it limits which bounds may be combined. */
  readonly arrayPaths: Set<string>;
  /** How often plans chose it, for $indexStats. */
  uses: number;
  readonly since: Date;
  /** What a partial index asks of a document. */
  readonly partial: Predicate | undefined;
  readonly accepts: ((doc: Doc) => boolean) | undefined;
}

export function makeIndex(spec: IndexSpec, now: Date): Index {
  const collator = collatorOf(spec.collation);
  const order = keyOrder(spec, collator);
  const partial = spec.partialFilter && parsePartialFilter(spec.partialFilter, collator);
  return {
    spec,
    collator,
    order,
    tree: new BTree((a, b) => order(a.key, b.key) || a.recordId - b.recordId),
    arrayPaths: new Set(),
    uses: 0,
    since: now,
    partial,
    accepts: partial && docMatcher(partial),
  };
}

function keyOrder(spec: IndexSpec, collator: Collator | undefined): (a: Key, b: Key) => number {
  const directions = spec.fields.map(({ direction }) => direction);
  if (directions.length === 1 && directions[0] === 1) return (a, b) => compareValues(a[0], b[0], collator);
  return (a, b) => {
    for (let i = 0; i < directions.length; i++) {
      const order = compareValues(a[i], b[i], collator);
      if (order !== 0) return order * directions[i]!;
    }
    return 0;
  };
}

/** The keys of a document in this index, none when it is not held. */
export function keysIn(index: Index, doc: Doc): { keys: readonly Key[]; arrayPaths: readonly string[] } {
  const { spec, accepts } = index;
  if (accepts && !accepts(doc)) return { keys: [], arrayPaths: [] };
  const { keys, hasAny, arrayPaths } = documentKeys(doc, spec.paths);
  if (spec.sparse && !hasAny) return { keys: [], arrayPaths: [] };
  return { keys: keys.length > 1 ? withoutRepeats(keys, index) : keys, arrayPaths };
}

function withoutRepeats(keys: Key[], index: Index): Key[] {
  keys.sort(index.order);
  return keys.filter((key, i) => i === 0 || index.order(keys[i - 1]!, key) !== 0);
}

/** Fails when the index is unique and another document already has one of the keys. */
export function refuseDuplicates(index: Index, keys: readonly Key[], ownId: number, namespace: string): void {
  if (!index.spec.unique) return;
  for (const key of keys) {
    for (const entry of index.tree.ascending(({ key: other }) => index.order(other, key) < 0)) {
      if (index.order(entry.key, key) !== 0) break;
      if (entry.recordId !== ownId) throw duplicateKey(index.spec, key, namespace);
    }
  }
}

export function duplicateKey(spec: IndexSpec, key: Key, namespace: string): MongoError {
  const values = spec.fields.map(({ path }, i): [string, Value] => [path, key[i] ?? null]);
  const text = values.map(([path, value]) => describeField(path, value)).join(', ');
  const collation = spec.collation ? ` collation: ${describeCollation(spec.collation)}` : '';
  return new MongoError(
    11000,
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${spec.name}${collation} dup key: { ${text} }`,
    { keyPattern: spec.key, keyValue: docFrom(values) },
  );
}

function describeCollation(collation: Doc): string {
  return `{ ${Object.entries(collation)
    .map(([name, value]) => describeField(name, value))
    .join(', ')} }`;
}

export function addKeys(
  index: Index,
  keys: readonly Key[],
  arrayPaths: readonly string[],
  recordId: number,
): void {
  for (const path of arrayPaths) index.arrayPaths.add(path);
  for (const key of keys) index.tree.set({ key, recordId });
}

export function removeKeys(index: Index, keys: readonly Key[], recordId: number): void {
  for (const key of keys) index.tree.delete({ key, recordId });
}

/** Fills new indexes in one pass: entries are sorted once instead of being looked up one by one. */
export function fillIndexes(
  indexes: readonly Index[],
  records: Iterable<StoredRecord>,
  namespace: string,
): void {
  const docFor = readerFor(indexes);
  const perIndex = indexes.map((): IndexEntry[] => []);
  for (const record of records) {
    const doc = docFor(record);
    indexes.forEach((index, i) => {
      const { keys, arrayPaths } = keysIn(index, doc);
      for (const path of arrayPaths) index.arrayPaths.add(path);
      for (const key of keys) perIndex[i]!.push({ key, recordId: record.id });
    });
  }
  indexes.forEach((index, i) => {
    const entries = perIndex[i]!;
    const { compare } = index.tree;
    if (!isSorted(entries, compare)) entries.sort(compare);
    if (index.spec.unique) refuseRepeats(index, entries, namespace);
    index.tree = BTree.ofSorted(compare, entries);
  });
}

/** At a start nothing is decoded yet, and the fields of indexes are few: only they are looked at. */
function readerFor(indexes: readonly Index[]): (record: StoredRecord) => Doc {
  if (indexes.some(({ partial }) => partial)) return docOf;
  const names = new Set(indexes.flatMap(({ spec }) => spec.paths.map(([first]) => first!)));
  const encoded = encodeNames(names);
  return (record) => fieldsOf(record, encoded);
}

function isSorted(
  entries: readonly IndexEntry[],
  compare: (a: IndexEntry, b: IndexEntry) => number,
): boolean {
  for (let i = 1; i < entries.length; i++) if (compare(entries[i - 1]!, entries[i]!) > 0) return false;
  return true;
}

function refuseRepeats(index: Index, entries: readonly IndexEntry[], namespace: string): void {
  for (let i = 1; i < entries.length; i++) {
    if (index.order(entries[i - 1]!.key, entries[i]!.key) !== 0) continue;
    throw duplicateKey(index.spec, entries[i]!.key, namespace);
  }
}
