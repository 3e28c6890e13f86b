/** Counts how often something can be done in a second, and how far the rounds lie apart. */

export interface Rate {
  median: number;
  min: number;
  max: number;
}

/** `callers` do it again and again, each waiting for its own answer before the next: nothing is pipelined. */
export async function callsPerSecond(
  call: (i: number) => Promise<unknown>,
  callers: number,
  milliseconds: number,
): Promise<number> {
  const started = performance.now();
  const end = started + milliseconds;
  let calls = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < end) await call(calls++);
    }),
  );
  return calls / ((performance.now() - started) / 1000);
}

export function rateOf(rounds: readonly number[]): Rate {
  const sorted = [...rounds].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}
