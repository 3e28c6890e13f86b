/**
 * How many requests share a connection. What leaves in the same moment can go out in one write and come back in one
 * read, which is most of what a request to a fast subgraph costs; but a slow answer holds up those behind it, and some
 * servers work on one request of a connection at a time. So it is tried, and kept up as long as nobody waits for it.
 */

export interface Pace {
  /** How many may go together now. */
  most(): number;
  /** So many were answered, the last after so many milliseconds. */
  observe(size: number, milliseconds: number): void;
  /** How long a request is left to wait behind another one. */
  patienceMs: number;
  /** Some have waited longer. */
  stumble(): void;
}

const MOST = 8;
const PATIENCE_MS = 50;
/** After so many times in which as many as may be went together, one more may. */
const TRIES = 8;
/** From there on, a subgraph's own work is what costs. */
const SLOW_MS = 10;
/** What sharing may cost beside twice the time of one alone. */
const GRACE_MS = 1;
/** One in so many goes alone, to know what that takes. */
const ALONE_EVERY = 32;
/** After a failure nothing is shared for so many answers. */
const REST = 256;
/** Weight of one observation. */
const SHARE = 1 / 8;

export function createPace(): Pace {
  let most = 1;
  let rest = 0;
  let tries = 0;
  let sent = 0;
  /** What one takes that is alone, and several together, on average. */
  let aloneMs = 0;
  let togetherMs = 0;

  const stumble = (): void => {
    most = 1;
    rest = REST;
    tries = 0;
    togetherMs = 0;
  };
  return {
    most: () => {
      sent++;
      return sent % ALONE_EVERY === 0 || aloneMs > SLOW_MS ? 1 : most;
    },
    observe: (size, milliseconds) => {
      if (size === 1) aloneMs += (milliseconds - aloneMs) * SHARE;
      else togetherMs += (milliseconds - togetherMs) * SHARE;
      if (togetherMs > 2 * aloneMs + GRACE_MS) stumble();
      if (rest > 0) rest -= size;
      else if (size === most && most < MOST && ++tries === TRIES) {
        tries = 0;
        most++;
      }
    },
    patienceMs: PATIENCE_MS,
    stumble,
  };
}
