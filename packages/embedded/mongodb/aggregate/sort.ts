// $sort: all of the documents, or only as many of the first as a following $limit will let through.
import { location } from '../errors.ts';
import { keepingBest } from '../expressions/accumulators/extremes.ts';
import { compareSortKeys, parseSort, type SortPart, sortKey } from '../query/sort.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { bytesOf, MEMORY_LIMIT, memoryAccount, noDiskUse } from './memory.ts';
import { limitOf, skipOf } from './simple-stages.ts';
import type { StageCompiler } from './stage.ts';

export function checkSort(spec: Value): SortPart[] {
  if (!isDoc(spec)) throw location(15973, 'the $sort key specification must be an object');
  const parts = parseSort(spec);
  if (parts.length === 0) throw location(15976, '$sort stage must have at least one sort key');
  return parts;
}

interface Sortable {
  doc: Doc;
  key: readonly (Value | undefined)[];
}

export const compileSortStage: StageCompiler = (spec, { collator }, { following }) => {
  const parts = checkSort(spec);
  const compareKeys = compareSortKeys(parts, collator);
  const compare = (a: Sortable, b: Sortable) => compareKeys(a.key, b.key);
  const most = documentsAskedFor(following);
  return function* sort(input) {
    const account = memoryAccount(sortTooLarge);
    const best = most === undefined ? undefined : keepingBest<Sortable>(most, compare);
    const all: Sortable[] = [];
    for (const doc of input) {
      const item = { doc, key: sortKey(doc, parts, collator) };
      const bytes = bytesOf(doc) + 32;
      const before = best?.bytes ?? 0;
      if (best) best.offer(item, bytes);
      else all.push(item);
      account.add(best ? best.bytes - before : bytes);
    }
    const sorted = best ? best.inOrder() : all.sort(compare);
    for (const { doc } of sorted) yield doc;
  };
};

function sortTooLarge() {
  return noDiskUse(
    `Sort exceeded memory limit of ${MEMORY_LIMIT} bytes, but did not opt in to external sorting.`,
  );
}

/** How many of the sorted documents the stages right after it read. */
function documentsAskedFor(following: readonly Doc[]): number | undefined {
  let skipped = 0;
  for (const stage of following) {
    const name = Object.keys(stage)[0];
    if (name === '$limit') return skipped + limitOf(stage.$limit as Value);
    if (name !== '$skip') return undefined;
    skipped += skipOf(stage.$skip as Value);
  }
  return undefined;
}
