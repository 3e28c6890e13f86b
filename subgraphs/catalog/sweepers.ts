/** Rounds that run by the clock or when somebody wakes them. Several processes may run the same ones. */
import type { Log } from '@souk/kit/log';

export interface Sweeper {
  /** Runs now, or once more when it is running. */
  wake(): void;
  /** Lets the running round end. */
  stop(): Promise<void>;
}

/** One round at a time, every so often and whenever it is woken. A round that fails is logged, and the next one comes. */
export function createSweeper(
  name: string,
  everyMs: number,
  log: Log,
  round: () => Promise<unknown>,
): Sweeper {
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
    // Begun a moment later, so that a round which wakes its own sweeper finds it running.
    else running = Promise.resolve().then(run);
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
