import { setTimeout as passes } from 'node:timers/promises';

const LOOK_EVERY_MS = 5;

const TICK_MS = 20;

/** How many milliseconds of its own time this process needs for it: none pass while a busy machine lets it stand still. */
export async function ownTimeOf(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0;
  const ticking = setInterval(() => ticks++, TICK_MS);
  try {
    await work();
    return ticks * TICK_MS;
  } finally {
    clearInterval(ticking);
  }
}

/** Settles when it holds; rejects when that takes too long. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > withinMs) throw new Error(`it did not come about within ${withinMs} ms`);
    await passes(LOOK_EVERY_MS);
  }
}
