/**
 * How many requests somebody may send in a minute, as a sliding window: what they sent in this minute of the clock, and
 * of the minute before as much as the window still covers. Decided here at once, from what is known; what was counted
 * goes to the other routers over Redis a few times a second, and theirs comes back with it. No request waits for Redis,
 * and without it the count of this router stands in.
 */
import { LRUCache } from 'lru-cache';

export interface RateVerdict {
  allowed: boolean;
  remaining: number;
  /** Seconds until more is allowed: when refused, until the next one is. */
  resetSeconds: number;
}

export interface RateLimiter {
  take(key: string, limit: number, count?: number): RateVerdict;
  /** Tells the others what was counted since, and hears of them; fails when they are out of reach. */
  exchange(others: SharedCounts): Promise<void>;
}

/** Counters that all routers share. */
export interface SharedCounts {
  /** Adds to counters; answers with their totals, and those of the minutes before, in the same order. */
  add(counts: readonly Counted[]): Promise<readonly { now: number; before: number }[]>;
}

export interface Counted {
  key: string;
  /** Number of the minute since 1970. */
  minute: number;
  count: number;
}

export const WINDOW_MS = 60_000;
/** Callers that are remembered: about 10 MB. Whom this router forgets, the shared counters still know. */
const MAX_CALLERS = 50_000;
const AT_ONCE = 500;

interface Known {
  minute: number;
  now: number;
  before: number;
}

export function createRateLimiter(clock: () => number = Date.now): RateLimiter {
  const callers = new LRUCache<string, Known>({ max: MAX_CALLERS });
  let untold = new Map<string, Counted>();

  const knownOf = (key: string, minute: number): Known => {
    let known = callers.get(key);
    if (!known) {
      known = { minute, now: 0, before: 0 };
      callers.set(key, known);
    }
    if (known.minute !== minute) {
      known.before = known.minute === minute - 1 ? known.now : 0;
      known.now = 0;
      known.minute = minute;
    }
    return known;
  };

  const tellLater = ({ key, minute, count }: Counted): void => {
    const name = `${key} ${minute}`;
    const waiting = untold.get(name);
    if (waiting) waiting.count += count;
    else if (untold.size < MAX_CALLERS) untold.set(name, { key, minute, count });
  };

  return {
    take: (key, limit, count = 1) => {
      const time = clock();
      const minute = Math.floor(time / WINDOW_MS);
      const elapsed = time - minute * WINDOW_MS;
      const known = knownOf(key, minute);
      const used = known.before * (1 - elapsed / WINDOW_MS) + known.now;
      if (used + count > limit) {
        return { allowed: false, remaining: 0, resetSeconds: secondsUntilOne(known, limit, count, elapsed) };
      }
      known.now += count;
      tellLater({ key, minute, count });
      return {
        allowed: true,
        remaining: Math.max(0, Math.floor(limit - used - count)),
        resetSeconds: Math.ceil((WINDOW_MS - elapsed) / 1_000),
      };
    },
    exchange: async (others) => {
      const counts = [...untold.values()];
      untold = new Map();
      for (let from = 0; from < counts.length; from += AT_ONCE) {
        const some = counts.slice(from, from + AT_ONCE);
        try {
          const totals = await others.add(some);
          for (const [index, counted] of some.entries()) learn(counted, totals[index]!);
        } catch (error) {
          // Told with the next ones, as long as the window still covers them.
          const oldest = Math.floor(clock() / WINDOW_MS) - 1;
          for (const counted of counts.slice(from)) if (counted.minute >= oldest) tellLater(counted);
          throw error;
        }
      }
    },
  };

  function learn({ key, minute }: Counted, total: { now: number; before: number }): void {
    const known = callers.peek(key);
    if (known?.minute === minute + 1) known.before = Math.max(known.before, total.now);
    if (known?.minute !== minute) return;
    known.now = total.now + (untold.get(`${key} ${minute}`)?.count ?? 0);
    known.before = Math.max(known.before, total.before);
  }
}

/** When so much of the minute before has left the window that the next request fits. */
function secondsUntilOne({ now, before }: Known, limit: number, count: number, elapsed: number): number {
  const free = limit - count;
  // More than is ever allowed at once: no waiting helps, but a client must be told something.
  if (free < 0) return WINDOW_MS / 1_000;
  const fitsAt = (older: number, newer: number) => WINDOW_MS * (1 - (free - newer) / older);
  const wait = now <= free ? fitsAt(before, now) - elapsed : WINDOW_MS - elapsed + fitsAt(now, 0);
  return Math.max(1, Math.ceil(wait / 1_000));
}
