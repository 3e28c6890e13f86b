import { setTimeout as passes } from 'node:timers/promises';

const LOOK_EVERY_MS = 5;

/** Settles when it holds; rejects when that takes too long. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > withinMs) throw new Error(`it did not come about within ${withinMs} ms`);
    await passes(LOOK_EVERY_MS);
  }
}
