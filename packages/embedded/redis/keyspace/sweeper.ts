/** Deletes keys when their time comes, even if no one asks for them. It sleeps until the next one is due. */
import type { Keyspace } from './keyspace.ts';

export interface Sweeper {
  /** A key expires then, in milliseconds since 1970. */
  expectAt(at: number): void;
  stop(): void;
}

/** A timer of Node ends at 2^31 ms. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/** `sweep` deletes some of what is due, so that others are not held up, and says whether there may be more. */
export function createSweeper(keyspace: Keyspace, sweep: () => boolean): Sweeper {
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Infinity;
  let stopped = false;

  function expectAt(at: number): void {
    if (at >= wakesAt || stopped) return;
    clearTimeout(timer);
    wakesAt = at;
    // A key is there up to and including the millisecond of its expiry.
    timer = setTimeout(wake, Math.min(Math.max(0, at - Date.now() + 1), LONGEST_SLEEP_MS));
    timer.unref();
  }

  function wake(): void {
    wakesAt = Infinity;
    const more = sweep();
    const next = more ? 0 : keyspace.nextExpiry;
    if (next !== undefined) expectAt(next);
  }

  return {
    expectAt,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
