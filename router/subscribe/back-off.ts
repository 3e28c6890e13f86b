/** How long to wait before the next try: longer each time up to a bound, and never all at the same moment. */

const FIRST_MS = 100;
const MAX_MS = 5_000;
const MAX_DOUBLINGS = 6;

export interface BackOff {
  /** How often it has failed in a row. */
  failures(): number;
  nextMs(): number;
  succeeded(): void;
}

export function createBackOff(): BackOff {
  let failures = 0;
  return {
    failures: () => failures,
    nextMs: () => {
      const longest = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures, MAX_DOUBLINGS));
      failures++;
      return longest * (0.5 + Math.random() / 2);
    },
    succeeded: () => {
      failures = 0;
    },
  };
}
