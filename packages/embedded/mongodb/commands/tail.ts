/** Tailable cursors: they stay at the end of a capped collection and go on when something is added. */
import { badValue } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { Deadline } from '../storage/deadline.ts';
import type { Plan } from '../storage/plan.ts';
import { docOf, type StoredRecord } from '../storage/record.ts';

const DEFAULT_WAIT_MS = 1000;

export function tailOf(
  collection: Collection,
  plan: Plan,
  encode: (record: StoredRecord) => Uint8Array,
  deadline: Deadline,
): { documents: Iterator<Uint8Array> } {
  if (!collection.info.options.capped) {
    throw badValue(
      'error processing query: planner returned error: tailable cursor requested on non capped collection',
    );
  }
  let lastId = 0;
  const next = (): IteratorResult<Uint8Array> => {
    for (const record of collection.view().records.ascending(({ id }) => id <= lastId)) {
      deadline.check();
      lastId = record.id;
      if (!plan.matches || plan.matches(docOf(record))) return { done: false, value: encode(record) };
    }
    return { done: true, value: undefined };
  };
  return { documents: { next } };
}

/** Until something is added, or the time that the client gives is over. */
export function waitForMore(collection: Collection, maxTimeMS: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      collection.watchers.delete(end);
      resolve();
    };
    const timer = setTimeout(end, maxTimeMS ?? DEFAULT_WAIT_MS);
    timer.unref();
    collection.watchers.add(end);
  });
}
