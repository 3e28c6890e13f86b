/** Rounds of work that run by the clock and when somebody wakes them. Several processes may run the same ones. */
import type { Log } from '../observe/log.ts';

export interface SweeperOptions {
  /** Begins a sentence of the log: `Work on imports`. */
  name: string;
  everyMs: number;
  log: Log;
  round(): Promise<unknown>;
}

export interface Sweeper {
  /** Runs now, or once more when it is running. */
  wake(): void;
  /** Lets the running round end. */
  stop(): Promise<void>;
}

/** After a fault the waits double, from this or the interval, whichever is shorter … */
const FIRST_RETRY_MS = 1_000;
/** … up to this or the interval, whichever is longer. */
const LAST_RETRY_MS = 30_000;

/** One round at a time. The first one runs after the interval; wake the sweeper to have it at once. */
export function createSweeper({ name, everyMs, log, round }: SweeperOptions): Sweeper {
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  let stopped = false;
  let failures = 0;

  const oneRound = async (): Promise<void> => {
    again = false;
    try {
      await round();
      failures = 0;
    } catch (error) {
      // A store that is away, for one. What was not done is still there to be done.
      failures += 1;
      // A round that wakes itself and then fails would spin; whoever woke it meanwhile is served by the retry.
      again = false;
      log.error({ err: error }, `${name} failed and is tried again in ${waitMs(everyMs, failures) / 1000} s`);
    }
  };
  const run = async (): Promise<void> => {
    do await oneRound();
    while (again && !stopped);
    running = undefined;
    if (!stopped) schedule();
  };
  const wake = () => {
    if (stopped) return;
    clearTimeout(timer);
    if (running) again = true;
    // Begun a moment later, so that a round which wakes its own sweeper finds it running.
    else running = Promise.resolve().then(run);
  };
  const schedule = () => {
    timer = setTimeout(wake, waitMs(everyMs, failures)).unref();
  };

  schedule();
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

function waitMs(everyMs: number, failures: number): number {
  if (failures === 0) return everyMs;
  // Without a limit on the power, the product would leave the numbers that are exact.
  const doubled = Math.min(everyMs, FIRST_RETRY_MS) * 2 ** Math.min(failures - 1, 30);
  return Math.min(doubled, Math.max(everyMs, LAST_RETRY_MS));
}
