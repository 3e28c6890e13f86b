/**
 * How many requests run at once, and how many wait for their turn. Whoever comes when the line is full, or has waited
 * too long, is asked to come back, before memory grows with those who are kept waiting.
 */
import { type Refusal, refuseRequest } from '../refusal.ts';

export interface QueueOptions {
  maxRunning: number;
  maxWaiting: number;
  maxWaitMs: number;
}

export interface Queue {
  /** False when the request has to go away. Otherwise `leave` must be called when it is done. */
  enter(hasLeft: () => boolean): boolean | Promise<boolean>;
  leave(): void;
  size(): { running: number; waiting: number };
}

interface Waiting {
  hasLeft(): boolean;
  since: number;
  admit(admitted: boolean): void;
}

const LOOK_EVERY_MS = 100;

export function createQueue({ maxRunning, maxWaiting, maxWaitMs }: QueueOptions): Queue {
  const line = new Set<Waiting>();
  let running = 0;
  let look: NodeJS.Timeout | undefined;

  const remove = (waiting: Waiting, admitted: boolean): void => {
    line.delete(waiting);
    waiting.admit(admitted);
    if (line.size > 0) return;
    clearInterval(look);
    look = undefined;
  };
  /** One timer for the whole line, since whoever came first is at its head. */
  const dismiss = (): void => {
    for (const waiting of line) {
      if (performance.now() - waiting.since < maxWaitMs) return;
      remove(waiting, false);
    }
  };

  return {
    enter: (hasLeft) => {
      if (running < maxRunning) {
        running++;
        return true;
      }
      if (line.size >= maxWaiting) return false;
      look ??= setInterval(dismiss, Math.min(LOOK_EVERY_MS, maxWaitMs));
      return new Promise((admit) => line.add({ hasLeft, since: performance.now(), admit }));
    },
    leave: () => {
      for (const waiting of line) {
        // Nobody reads the answer of one who has gone; its place goes to the next.
        const admitted = !waiting.hasLeft();
        remove(waiting, admitted);
        if (admitted) return;
      }
      running--;
    },
    size: () => ({ running, waiting: line.size }),
  };
}

export function overloaded(): Refusal {
  return refuseRequest(
    'SERVICE_UNAVAILABLE',
    'There is more to do than can be done at once; try again in a moment',
    { headers: { 'retry-after': '1' } },
  );
}
