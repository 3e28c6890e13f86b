import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { type Log, silentLog } from '../observe/log.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';

const told: string[] = [];
const log = { ...silentLog, error: (_: unknown, message: string) => told.push(message) } as unknown as Log;
const sweepers: Sweeper[] = [];

function sweep(everyMs: number, round: () => Promise<unknown>): Sweeper {
  const sweeper = createSweeper({ name: 'Sweeping', everyMs, log, round });
  sweepers.push(sweeper);
  return sweeper;
}

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

beforeEach(() => {
  told.length = 0;
  jest.useFakeTimers();
});
afterEach(async () => {
  await Promise.all(sweepers.splice(0).map((sweeper) => sweeper.stop()));
  jest.useRealTimers();
});

/** Lets what was begun go on to its next wait. */
const settle = () => jest.advanceTimersByTimeAsync(0);

test('rounds come by the clock, the first one after the interval', async () => {
  const round = jest.fn(async () => {});
  sweep(1_000, round);
  await jest.advanceTimersByTimeAsync(999);
  expect(round).toHaveBeenCalledTimes(0);
  await jest.advanceTimersByTimeAsync(2_001);
  expect(round).toHaveBeenCalledTimes(3);
});

test('a wake runs a round now, and the clock begins anew', async () => {
  const round = jest.fn(async () => {});
  const sweeper = sweep(1_000, round);
  await jest.advanceTimersByTimeAsync(900);
  sweeper.wake();
  await jest.advanceTimersByTimeAsync(999);
  expect(round).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(round).toHaveBeenCalledTimes(2);
});

test('wakes during a round make one more of it, never one beside it', async () => {
  const gates = [gate(), gate()];
  let [rounds, atOnce, mostAtOnce] = [0, 0, 0];
  const sweeper = sweep(60_000, async () => {
    const mine = rounds++;
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    await gates[mine]?.opened;
    atOnce -= 1;
  });
  sweeper.wake();
  await settle();
  for (let i = 0; i < 3; i++) sweeper.wake();
  gates[0]!.open();
  await settle();
  expect([rounds, mostAtOnce]).toEqual([2, 1]);
  gates[1]!.open();
  await settle();
  expect([rounds, mostAtOnce]).toEqual([2, 1]);
});

test('a round that wakes itself before it waits for anything runs once more, not twice at once', async () => {
  let [rounds, atOnce, mostAtOnce] = [0, 0, 0];
  const sweeper = sweep(60_000, async () => {
    rounds += 1;
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    if (rounds === 1) sweeper.wake();
    await Promise.resolve();
    atOnce -= 1;
  });
  sweeper.wake();
  await settle();
  expect([rounds, mostAtOnce]).toEqual([2, 1]);
});

test('a round that fails is logged, and the next ones come ever later, up to a bound', async () => {
  const at: number[] = [];
  const began = Date.now();
  sweep(2_000, async () => {
    at.push((Date.now() - began) / 1_000);
    throw new Error('away');
  });
  await jest.advanceTimersByTimeAsync(125_000);
  expect(at).toEqual([2, 3, 5, 9, 17, 33, 63, 93, 123]);
  expect(told[1]).toBe('Sweeping failed and is tried again in 2 s');
  expect(told).toHaveLength(at.length);
});

test('what runs seldom is tried again soon after a fault, and keeps its interval once it works', async () => {
  const at: number[] = [];
  const began = Date.now();
  sweep(3_600_000, async () => {
    at.push((Date.now() - began) / 1_000);
    if (at.length < 3) throw new Error('away');
  });
  await jest.advanceTimersByTimeAsync(3 * 3_600_000);
  expect(at).toEqual([3_600, 3_601, 3_603, 7_203]);
});

test('a failing round that wakes itself does not spin', async () => {
  let rounds = 0;
  const sweeper = sweep(1_000, async () => {
    rounds += 1;
    sweeper.wake();
    throw new Error('away');
  });
  sweeper.wake();
  await jest.advanceTimersByTimeAsync(999);
  expect(rounds).toBe(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(rounds).toBe(2);
});

test('a stop waits for the running round, and nothing comes after it', async () => {
  const { open, opened } = gate();
  let [begun, ended] = [0, 0];
  const sweeper = sweep(1_000, async () => {
    begun += 1;
    await opened;
    ended += 1;
  });
  sweeper.wake();
  await settle();
  sweeper.wake();
  let isStopped = false;
  const stopped = sweeper.stop().then(() => {
    isStopped = true;
  });
  await settle();
  expect(isStopped).toBe(false);
  open();
  await stopped;
  sweeper.wake();
  await jest.advanceTimersByTimeAsync(10_000);
  expect([begun, ended]).toEqual([1, 1]);
});
