/** Work that goes on when the answer has gone out: mails, and what must not be told by how long an answer takes. */
import { setTimeout as passes } from 'node:timers/promises';
import type { Log } from '@souk/kit/observe/log';

export interface Afterwards {
  run(work: () => Promise<void>): void;
  /** Tries again, ever later, until it works or is given up. */
  runWithRetries(what: string, work: () => Promise<void>): void;
  /** Waits for what runs; what waits for another try is tried once more now. */
  finish(): Promise<void>;
}

/** An hour in all: a mail server that restarts, a Redis that moves. */
const WAITS_MS = [1_000, 5_000, 30_000, 120_000, 600_000, 3_000_000];

export function createAfterwards(log: Log, waits: readonly number[] = WAITS_MS): Afterwards {
  const running = new Set<Promise<void>>();
  const finishing = new AbortController();

  const run = (work: () => Promise<void>) => {
    const promise = work()
      // Whoever asked has been answered: the log is all that is left to tell.
      .catch((error: unknown) => log.error({ err: error }, 'Work after an answer failed'))
      .finally(() => running.delete(promise));
    running.add(promise);
  };

  const withRetries = async (what: string, work: () => Promise<void>) => {
    for (const wait of waits) {
      try {
        return await work();
      } catch (error) {
        // It stays undone for now; should the process be killed, this line is where an operator finds it.
        log.warn({ err: error }, `${what} failed and is tried again`);
        if (finishing.signal.aborted) break;
        await passes(wait, undefined, { signal: finishing.signal }).catch(() => {});
      }
    }
    await work();
  };

  return {
    run,
    runWithRetries: (what, work) => run(() => withRetries(what, work)),
    finish: async () => {
      finishing.abort();
      while (running.size > 0) await Promise.all(running);
    },
  };
}
