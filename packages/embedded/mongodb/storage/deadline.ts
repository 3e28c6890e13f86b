/** The time a command may take. Loops over documents ask it often; it looks at the clock now and then. */
import { MongoError } from '../errors.ts';

export interface Deadline {
  check(): void;
}

const CHECKS_PER_LOOK = 64;

export const noDeadline: Deadline = { check: () => {} };

export function deadlineIn(milliseconds: number | undefined): Deadline {
  if (!milliseconds) return noDeadline;
  const end = performance.now() + milliseconds;
  let checks = 0;
  return {
    check() {
      checks++;
      if (checks % CHECKS_PER_LOOK !== 0 || performance.now() <= end) return;
      throw new MongoError(50, 'MaxTimeMSExpired', 'operation exceeded time limit');
    },
  };
}
