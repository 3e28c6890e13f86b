/** What runs by the clock: keys are rotated, privacy requests carried on, and what has expired is taken out. */
import type { Log } from '@souk/kit/log';
import type { Database } from '@souk/kit/postgres';
import { deleteAttemptsBefore } from './store/attempts.ts';
import { deleteChallengesExpiredBefore, deleteMailedTokensExpiredBefore } from './store/one-time-tokens.ts';
import { deleteRefreshTokensExpiredBefore, deleteSessionsExpiredBefore } from './store/sessions.ts';

export interface Sweeper {
  /** Runs now, or once more when it is running. */
  wake(): void;
  /** Lets the running round end. */
  stop(): Promise<void>;
}

/** One round at a time, every so often and whenever it is woken. A round that fails is logged, and the next one comes. */
export function createSweeper(name: string, everyMs: number, log: Log, round: () => Promise<void>): Sweeper {
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  const run = async () => {
    do {
      again = false;
      try {
        await round();
      } catch (error) {
        // A store that is away, for one. What was not done is still there to be done.
        log.error({ err: error }, `${name} failed and is tried again in ${everyMs / 1000} s`);
      }
    } while (again && !stopped);
    running = undefined;
  };
  const wake = () => {
    if (stopped) return;
    if (running) again = true;
    else running = run();
  };
  const timer = setInterval(wake, everyMs);
  timer.unref();
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

const DAY_MS = 24 * 60 * 60_000;
/** Ended sessions and counts are kept a little, for exports and for those who come back tomorrow. */
const KEPT_MS = 2 * DAY_MS;

export async function removeExpired(db: Database, now: Date): Promise<void> {
  await deleteMailedTokensExpiredBefore(db, now);
  await deleteChallengesExpiredBefore(db, now);
  await deleteRefreshTokensExpiredBefore(db, now);
  const aWhileAgo = new Date(now.getTime() - KEPT_MS);
  await deleteSessionsExpiredBefore(db, aWhileAgo);
  await deleteAttemptsBefore(db, aWhileAgo);
}
