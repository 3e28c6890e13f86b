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
  /** Some were held up. */
  stumble(): void;
}

const MOST = 8;
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
  let sent = 0;
  /** What one takes that is alone. */
  let aloneMs = 0;

  const stumble = (): void => {
    most = 1;
    rest = REST;
  };
  return {
    most: () => {
      sent++;
      return sent % ALONE_EVERY === 0 || aloneMs > SLOW_MS ? 1 : most;
    },
    observe: (size, milliseconds) => {
      if (size === 1) aloneMs += (milliseconds - aloneMs) * SHARE;
      else if (milliseconds > 2 * aloneMs + GRACE_MS) stumble();
      if (rest > 0) rest -= size;
      else if (size === most && most < MOST) most++;
    },
    stumble,
  };
}
