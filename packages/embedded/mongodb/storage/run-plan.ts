/** Carries a plan out, document by document, on the collection as it stood when the query began. */
import { compareSortKeys, sortKey } from '../query/sort.ts';
import { compareValues } from '../values/compare.ts';
import type { Value } from '../values/types.ts';
import type { BTree } from './btree.ts';
import type { ReadView } from './collection.ts';
import type { Deadline } from './deadline.ts';
import type { Index, IndexEntry } from './index.ts';
import { type IndexScan, walkRange, walkScan } from './index-scan.ts';
import { encodeNames } from './pick-fields.ts';
import type { Access, Plan } from './plan.ts';
import { docOf, fieldsOf, type StoredRecord } from './record.ts';

/** What was looked at, as explain tells it. */
export interface RunStats {
  keysExamined: number;
  docsExamined: number;
  /** Passed the filter, before sort, skip and limit. */
  matched: number;
  returned: number;
}

export const newStats = (): RunStats => ({ keysExamined: 0, docsExamined: 0, matched: 0, returned: 0 });

export interface Run {
  deadline: Deadline;
  stats?: RunStats;
}

export function* runPlan(plan: Plan, run: Run): IterableIterator<StoredRecord> {
  if (!plan.view) return;
  const stats = run.stats ?? newStats();
  for (const index of indexesOf(plan.access)) index.uses++;
  let rows = matching(plan, plan.view, run.deadline, stats);
  if (plan.sort) rows = sorted(rows, plan, plan.sort.parts);
  let left = plan.limit;
  let toSkip = plan.skip;
  for (const row of rows) {
    if (toSkip > 0) {
      toSkip--;
      continue;
    }
    stats.returned++;
    yield row;
    if (--left === 0) return;
  }
}

function* matching(
  plan: Plan,
  view: ReadView,
  deadline: Deadline,
  stats: RunStats,
): IterableIterator<StoredRecord> {
  const { matches, testedFields } = plan;
  const docFor = testedFields ? (record: StoredRecord) => fieldsOf(record, testedFields) : docOf;
  for (const record of reached(plan.access, view, stats)) {
    deadline.check();
    stats.docsExamined++;
    if (matches && !matches(docFor(record))) continue;
    stats.matched++;
    yield record;
  }
}

function* reached(access: Access, view: ReadView, stats: RunStats): IterableIterator<StoredRecord> {
  if (access.stage === 'EOF') return;
  if (access.stage === 'COLLSCAN') {
    yield* access.direction === 1 ? view.records.ascending() : view.records.descending();
    return;
  }
  // A document can come up under several of its keys.
  const mayRepeat = access.stage === 'OR' || indexesOf(access).some(({ arrayPaths }) => arrayPaths.size > 0);
  const seen = mayRepeat ? new Set<number>() : undefined;
  for (const { recordId } of entriesOf(access, view)) {
    stats.keysExamined++;
    if (seen?.has(recordId)) continue;
    seen?.add(recordId);
    yield view.records.get({ id: recordId } as StoredRecord)!;
  }
}

function indexesOf(access: Access): Index[] {
  switch (access.stage) {
    case 'IXSCAN':
    case 'SORT_MERGE':
      return [access.scan.index];
    case 'OR':
      return access.scans.map(({ index }) => index);
    case 'IDHACK':
    case 'KEY_BOUNDS':
      return [access.index];
    default:
      return [];
  }
}

function entriesOf(access: Access, { trees }: ReadView): Iterable<IndexEntry> {
  switch (access.stage) {
    case 'IDHACK':
      return entryOf(access.id, access.index, trees.get(access.index)!);
    case 'IXSCAN':
      return walkScan(access.scan, trees.get(access.scan.index)!, access.direction);
    case 'SORT_MERGE':
      return merged(access.scan, trees.get(access.scan.index)!, access.direction, access.sortFields);
    case 'OR':
      return oneAfterTheOther(access.scans, trees);
    case 'KEY_BOUNDS':
      return between(access, trees.get(access.index)!);
    default:
      return [];
  }
}

function* entryOf(id: Value, index: Index, tree: BTree<IndexEntry>): Iterable<IndexEntry> {
  for (const entry of tree.ascending(({ key }) => compareValues(key[0], id, index.collator) < 0)) {
    if (compareValues(entry.key[0], id, index.collator) === 0) yield entry;
    return;
  }
}

function* oneAfterTheOther(scans: readonly IndexScan[], trees: ReadView['trees']): Iterable<IndexEntry> {
  for (const scan of scans) yield* walkScan(scan, trees.get(scan.index)!, 1);
}

function* between(
  { index, min, max }: Extract<Access, { stage: 'KEY_BOUNDS' }>,
  tree: BTree<IndexEntry>,
): Iterable<IndexEntry> {
  for (const entry of tree.ascending(min && (({ key }) => index.order(key, min) < 0))) {
    if (max && index.order(entry.key, max) >= 0) return;
    yield entry;
  }
}

/** The pieces are few: the least head is looked for among all of them. */
function* merged(
  { index, ranges }: IndexScan,
  tree: BTree<IndexEntry>,
  direction: 1 | -1,
  sortFields: readonly number[],
): Iterable<IndexEntry> {
  const comesFirst = (a: IndexEntry, b: IndexEntry): boolean => {
    for (const field of sortFields) {
      const order = compareValues(a.key[field], b.key[field], index.collator);
      if (order !== 0) return order * index.spec.fields[field]!.direction * direction < 0;
    }
    return (a.recordId - b.recordId) * direction < 0;
  };
  const pieces: { head: IndexEntry; rest: Iterator<IndexEntry> }[] = [];
  for (const range of ranges) {
    const rest = walkRange(range, index, tree, direction);
    const first = rest.next();
    if (!first.done) pieces.push({ head: first.value, rest });
  }
  while (pieces.length > 0) {
    let least = 0;
    for (let i = 1; i < pieces.length; i++) if (comesFirst(pieces[i]!.head, pieces[least]!.head)) least = i;
    const piece = pieces[least]!;
    yield piece.head;
    const next = piece.rest.next();
    if (next.done) pieces.splice(least, 1);
    else piece.head = next.value;
  }
}

function sorted(
  rows: Iterable<StoredRecord>,
  { skip, limit, collator }: Plan,
  parts: NonNullable<Plan['sort']>['parts'],
): IterableIterator<StoredRecord> {
  const compare = compareSortKeys(parts, collator);
  const wanted = skip + limit;
  const names = encodeNames(new Set(parts.map(({ segments }) => segments[0]!)));
  let kept: { row: StoredRecord; key: readonly (Value | undefined)[] }[] = [];
  const settle = () => {
    kept.sort((a, b) => compare(a.key, b.key));
    if (kept.length > wanted) kept = kept.slice(0, wanted);
  };
  for (const row of rows) {
    kept.push({ row, key: sortKey(fieldsOf(row, names), parts, collator) });
    // With a limit only the front is kept.
    if (kept.length >= 2 * wanted + 1000) settle();
  }
  settle();
  return kept.map(({ row }) => row).values();
}
