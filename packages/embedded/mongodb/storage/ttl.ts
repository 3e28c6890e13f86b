/** Removes documents whose time is over: those with a date, or an array with one, older than the index allows. */
import { isDate } from '../values/kind.ts';
import type { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
import type { Index } from './index.ts';
import type { StoredRecord } from './record.ts';

export const SWEEP_EVERY_MS = 60_000;

/** Returns how many documents went. */
export function removeExpired(catalog: Catalog, now: Date): number {
  let removed = 0;
  for (const collection of catalog.allCollections()) {
    for (const index of collection.indexes) {
      for (const record of expired(collection, index, now)) {
        collection.remove(record);
        removed++;
      }
    }
  }
  return removed;
}

/** Dates stand together in the index, oldest first. */
function expired(collection: Collection, index: Index, now: Date): Set<StoredRecord> {
  const records = new Set<StoredRecord>();
  const { expireAfterSeconds, fields } = index.spec;
  if (expireAfterSeconds === undefined) return records;
  const limit = now.getTime() - expireAfterSeconds * 1000;
  const oldest = new Date(-8.64e15);
  const ascending = fields[0]!.direction === 1;
  const start = ascending ? oldest : new Date(limit);
  for (const { key, recordId } of index.tree
    .snapshot()
    .ascending(({ key: other }) => index.order(other, [start]) < 0)) {
    const [value] = key;
    if (!isDate(value) || (ascending && value.getTime() > limit)) break;
    records.add(collection.record(recordId)!);
  }
  return records;
}
