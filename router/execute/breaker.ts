/**
 * A circuit breaker. When most of what a subgraph was lately asked failed, it is not asked for a while: its fields are
 * null at once, and it gets the rest that it may need. Then one request tries whether it is back.
 */

export interface BreakerOptions {
  /** Share of failures from which on it opens, in percent; 0 never opens. */
  openAtPercent: number;
  /** Fewer requests than these, within the window, say nothing. */
  minRequests: number;
  /** How long it stays open before one request may try. */
  openMs: number;
}

export const BREAKER_DEFAULTS: BreakerOptions = { openAtPercent: 50, minRequests: 20, openMs: 5_000 };

export type CircuitState = 'closed' | 'open' | 'half-open';

/** `unknown`: nobody waited for the end, so it says nothing about the subgraph. */
export type Settle = (result: 'good' | 'bad' | 'unknown') => void;

export interface Breaker {
  /** To be called once with what came of the request; nothing when it must not be sent. */
  enter(): Settle | undefined;
}

const WINDOW_MS = 10_000;
const SLICES = 10;
const SLICE_MS = WINDOW_MS / SLICES;

export function createBreaker(
  { openAtPercent, minRequests, openMs }: BreakerOptions,
  onChange: (state: CircuitState) => void = () => {},
  now: () => number = () => performance.now(),
): Breaker {
  const lately = createWindow(now);
  let state: CircuitState = 'closed';
  /** When the next request may try. */
  let tryAt = 0;

  const change = (next: CircuitState): void => {
    if (next !== 'closed') tryAt = now() + openMs;
    if (next === 'closed') lately.clear();
    if (next !== state) onChange(next);
    state = next;
  };

  const settle: Settle = (result) => {
    // Requests that began before it opened are still coming back; they say nothing new.
    if (state !== 'closed' || result === 'unknown' || openAtPercent === 0) return;
    lately.count(result);
    if (result === 'good') return;
    const { good, bad } = lately.sum();
    if (good + bad >= minRequests && bad * 100 >= openAtPercent * (good + bad)) change('open');
  };

  const settleTry: Settle = (result) => {
    // A slow try may have been overtaken by another one.
    if (state !== 'half-open') return;
    if (result === 'unknown') tryAt = 0;
    else change(result === 'good' ? 'closed' : 'open');
  };

  return {
    enter: () => {
      if (state === 'closed') return settle;
      // Also while one tries: it may never come back.
      if (now() < tryAt) return undefined;
      change('half-open');
      return settleTry;
    },
  };
}

/** Counts of the last seconds, in slices that are forgotten one by one. */
function createWindow(now: () => number) {
  const slices = Array.from({ length: SLICES }, () => ({ number: -1, good: 0, bad: 0 }));
  return {
    count: (result: 'good' | 'bad'): void => {
      const number = Math.floor(now() / SLICE_MS);
      const slice = slices[number % SLICES]!;
      if (slice.number !== number) Object.assign(slice, { number, good: 0, bad: 0 });
      slice[result]++;
    },
    sum: (): { good: number; bad: number } => {
      const oldest = Math.floor(now() / SLICE_MS) - SLICES + 1;
      const total = { good: 0, bad: 0 };
      for (const { number, good, bad } of slices) {
        if (number < oldest) continue;
        total.good += good;
        total.bad += bad;
      }
      return total;
    },
    clear: (): void => {
      for (const slice of slices) Object.assign(slice, { good: 0, bad: 0 });
    },
  };
}
