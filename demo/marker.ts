/** Remembers in the database itself that the demo shop is loaded, so that it is loaded once, and whole. */
import { withLock } from '@souk/kit/mongodb/lock';
import type { Db } from 'mongodb';

/** Written before the first row and after the last one: what stands at `loading` was killed half-way. */
interface Marker {
  _id: 'demo';
  state: 'loading' | 'loaded';
  at: Date;
}

export type LoadState = 'new' | Marker['state'];

const LOCK = 'demo-load';
/** A load that was killed holds its lock for so long. */
const LEASE_MS = 3_000;
/** Longer than any load, so that a second process waits for the first one. */
const WAIT_MS = 120_000;

export interface LoadMarker {
  state(): Promise<LoadState>;
  set(state: Marker['state']): Promise<void>;
  /** One of several processes that start at once loads; the others wait, and find it done. */
  alone<Value>(work: () => Promise<Value>): Promise<Value>;
}

export function loadMarker(db: Db): LoadMarker {
  const markers = db.collection<Marker>('souk_demo');
  return {
    state: async () => (await markers.findOne({ _id: 'demo' }))?.state ?? 'new',
    set: async (state) => {
      await markers.updateOne({ _id: 'demo' }, { $set: { state, at: new Date() } }, { upsert: true });
    },
    alone: async (work) => {
      const outcome = await withLock(db, LOCK, work, { leaseMs: LEASE_MS, waitMs: WAIT_MS });
      if (!outcome)
        throw new Error(
          'another process has been loading the demo shop for two minutes; stop it, then start again',
        );
      return outcome.value;
    },
  };
}
