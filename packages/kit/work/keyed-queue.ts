/** Work of one key is done in order, one at a time; work of several keys side by side. */

export interface KeyedQueue {
  /** `work` must not throw. */
  add(key: string, work: () => Promise<void>): void;
  /** How much has been added and is not done. */
  size(): number;
  /** Resolves when fewer than so many are left. */
  fewerThan(count: number): Promise<void>;
}

export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<void>>();
  let size = 0;
  let waiters: { count: number; resolve(): void }[] = [];
  const ended = () => {
    size -= 1;
    const ready = waiters.filter(({ count }) => size < count);
    waiters = waiters.filter(({ count }) => size >= count);
    for (const { resolve } of ready) resolve();
  };
  return {
    add: (key, work) => {
      size += 1;
      const tail = (tails.get(key) ?? Promise.resolve()).then(work).then(() => {
        if (tails.get(key) === tail) tails.delete(key);
        ended();
      });
      tails.set(key, tail);
    },
    size: () => size,
    fewerThan: (count) =>
      size < count ? Promise.resolve() : new Promise((resolve) => waiters.push({ count, resolve })),
  };
}

/** Lets so many run at a time; the others wait in the order in which they came. */
export function createSlots(count: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
