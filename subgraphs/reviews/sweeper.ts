/** Runs by the clock what makes good for processes that died half-way. */
import type { Log } from '@souk/kit/log';
import { recountDue } from './domain/recounting.ts';
import type { Services } from './domain/services.ts';

const EVERY_MS = 15_000;

export interface Sweeper {
  /** Lets the running round end. */
  stop(): Promise<void>;
}

export function startSweeper(services: Services, log: Log, everyMs: number = EVERY_MS): Sweeper {
  let running: Promise<void> | undefined;
  const round = async () => {
    try {
      const done = await recountDue(services);
      if (done > 0) log.info({ done }, 'Counted anew what a process that ended half-way may have left wrong');
    } catch (error) {
      // The store is away, for one. The notes stay, and so does the next round.
      log.error({ err: error }, `Counting anew failed and is tried again in ${everyMs / 1000} s`);
    }
    running = undefined;
  };
  const timer = setInterval(() => {
    running ??= round();
  }, everyMs);
  timer.unref();
  // What was under way when the last process ended.
  running = round();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
