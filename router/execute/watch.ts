/**
 * Looks after requests that are under way: too late, or waited for by nobody. One timer for all of them, since nearly
 * every answer comes before the first look, and a timer for each costs more than looking.
 */
import type { GiveUp } from './give-up.ts';

export interface Watched {
  giveUp: GiveUp;
  /** By the clock of `performance`. */
  started: number;
  /** Whether nobody waits for the answer; costs something when it is asked. */
  isForNobody(): boolean;
}

export interface Watch {
  add(watched: Watched): void;
  remove(watched: Watched): void;
  isTooLate(watched: Watched): boolean;
}

const LOOK_EVERY_MS = 250;
/** So much of the time limit may go by before it is noticed that it is over. */
const LOOKS = 4;

export function createWatch(timeoutMs: number): Watch {
  const everyMs = Math.min(LOOK_EVERY_MS, Math.ceil(timeoutMs / LOOKS));
  const all = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    // Stopped by itself and not by the last who leaves: under load somebody new is there by then.
    if (all.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    const now = performance.now();
    for (const watched of all) {
      const milliseconds = now - watched.started;
      // In the order in which they came.
      if (milliseconds < everyMs) return;
      if (milliseconds >= timeoutMs || watched.isForNobody()) watched.giveUp.abort();
    }
  };
  return {
    add: (watched) => {
      all.add(watched);
      // Whatever works on the request keeps the process alive, if anything does.
      timer ??= setInterval(look, everyMs).unref();
    },
    remove: (watched) => {
      all.delete(watched);
    },
    isTooLate: ({ started, giveUp }) => giveUp.aborted && performance.now() - started >= timeoutMs,
  };
}
