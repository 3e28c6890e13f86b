/** One line at a terminal that tells how far long work is, and is gone when it is done. */
import type { Progress } from '../review.ts';

const PHASES: Record<Progress['phase'], string> = {
  read: 'Reading',
  compose: 'Composing',
  plan: 'Planning operations',
  compare: 'Comparing',
};

/** Short work ends before anybody looks. */
const QUIET_MS = 400;
const EVERY_MS = 80;

export interface ProgressLine {
  show(progress: Progress): void;
  clear(): void;
}

export function progressLine(stream: NodeJS.WriteStream, clock = () => performance.now()): ProgressLine {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  const started = clock();
  let last = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    show: ({ phase, done, total }) => {
      const now = clock();
      if (now - started < QUIET_MS || now - last < EVERY_MS) return;
      last = now;
      isShown = true;
      stream.write(`\r\x1b[2K${PHASES[phase]}${total > 0 ? ` ${done} of ${total}` : ''} …`);
    },
    clear: () => {
      if (isShown) stream.write('\r\x1b[2K');
      isShown = false;
    },
  };
}
