/** A lock that one of several processes holds, as a document with a lease, so that a process that died holds nothing. */
import { randomUUID } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { violatedUnique } from '../errors/store-faults.ts';

interface Lock {
  _id: string;
  holder: string;
  until: Date;
}

export interface LockOptions {
  /** A holder that is silent for this long has lost the lock: 15 s when not given. */
  leaseMs?: number;
  /** Gives up after this time: 60 s when not given; 0 tries once. */
  waitMs?: number;
}

const LEASE_MS = 15_000;
const WAIT_MS = 60_000;
const ASK_AGAIN_MS = 100;

/** Runs `work` while holding the lock; answers nothing when another process held it all the while. */
export async function withLock<Value>(
  db: Db,
  name: string,
  work: () => Promise<Value>,
  options: LockOptions = {},
): Promise<{ value: Value } | undefined> {
  const { leaseMs = LEASE_MS, waitMs = WAIT_MS } = options;
  const locks = db.collection<Lock>('souk_locks');
  const holder = randomUUID();
  const deadline = Date.now() + waitMs;
  while (!(await take(locks, name, holder, leaseMs))) {
    if (Date.now() >= deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  const renewal = setInterval(() => {
    // A failed renewal is made up for by the next one; if none gets through, neither does the work.
    locks.updateOne({ _id: name, holder }, { $set: { until: leaseEnd(leaseMs) } }).catch(() => {});
  }, leaseMs / 3);
  try {
    return { value: await work() };
  } finally {
    clearInterval(renewal);
    // When the server has gone meanwhile, the lease ends by itself.
    await locks.deleteOne({ _id: name, holder }).catch(() => {});
  }
}

async function take(
  locks: Collection<Lock>,
  name: string,
  holder: string,
  leaseMs: number,
): Promise<boolean> {
  try {
    const outcome = await locks.updateOne(
      { _id: name, until: { $lt: new Date() } },
      { $set: { holder, until: leaseEnd(leaseMs) } },
      { upsert: true },
    );
    return outcome.upsertedCount + outcome.modifiedCount > 0;
  } catch (error) {
    // The lock is there and not over: the insert met it.
    if (violatedUnique(error) !== undefined) return false;
    throw error;
  }
}

function leaseEnd(leaseMs: number): Date {
  return new Date(Date.now() + leaseMs);
}
