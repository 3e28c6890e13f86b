import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Counted, createRateLimiter, type SharedCounts, WINDOW_MS } from './rate-limit.ts';

const START = 1_000 * WINDOW_MS;
let now: number;
beforeEach(() => {
  now = START;
});
const limiter = () => createRateLimiter(() => now);

/** Counters as Redis keeps them, here in memory. */
function sharedCounts(): SharedCounts & { away: boolean; totals: Map<string, number> } {
  const totals = new Map<string, number>();
  const of = (key: string, minute: number) => totals.get(`${key} ${minute}`) ?? 0;
  const shared = {
    away: false,
    totals,
    add: async (counts: readonly Counted[]) => {
      if (shared.away) throw new Error('away');
      for (const { key, minute, count } of counts) totals.set(`${key} ${minute}`, of(key, minute) + count);
      return counts.map(({ key, minute }) => ({ now: of(key, minute), before: of(key, minute - 1) }));
    },
  };
  return shared;
}

describe('in one router', () => {
  test('exactly as many are allowed as the limit says, and the next is told when to come', () => {
    const { take } = limiter();
    const verdicts = Array.from({ length: 12 }, () => take('a', 10));
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([...Array(10).fill(true), false, false]);
    expect(verdicts[0]).toEqual({ allowed: true, remaining: 9, resetSeconds: 60 });
    expect(verdicts[9]!.remaining).toBe(0);
    // A tenth of the next minute on, a tenth of this one has left the window.
    expect(verdicts[10]).toEqual({ allowed: false, remaining: 0, resetSeconds: 66 });
    now += 66_000;
    expect([take('a', 10).allowed, take('a', 10).allowed]).toEqual([true, false]);
  });

  test('the window slides: a new minute of the clock is no new allowance', () => {
    const { take } = limiter();
    now += 59_000;
    for (let index = 0; index < 10; index++) take('a', 10);
    now += 2_000;
    expect(take('a', 10).allowed).toBe(false);
    now += 29_000;
    expect(Array.from({ length: 6 }, () => take('a', 10).allowed)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    now += 5 * WINDOW_MS;
    expect(take('a', 10)).toMatchObject({ allowed: true, remaining: 9 });
  });

  test('callers do not use up each other, and a batch counts as all that is in it', () => {
    const { take } = limiter();
    expect(take('a', 10, 9)).toMatchObject({ allowed: true, remaining: 1 });
    expect(take('a', 10, 2).allowed).toBe(false);
    expect(take('b', 10).allowed).toBe(true);
    expect(take('a', 10, 11)).toEqual({ allowed: false, remaining: 0, resetSeconds: 60 });
  });

  test('who waits as long as they are told gets in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 5 })), {
          maxLength: 60,
        }),
        fc.integer({ min: 5, max: 20 }),
        (requests, limit) => {
          now = START;
          const { take } = limiter();
          for (const [pause, count] of requests) {
            now += pause;
            const { allowed, resetSeconds } = take('a', limit, count);
            if (allowed) continue;
            now += resetSeconds * 1_000;
            expect(take('a', limit, count).allowed).toBe(true);
          }
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });
});

describe('in several routers', () => {
  test('what one has counted, the other knows after an exchange', async () => {
    const shared = sharedCounts();
    const [one, two] = [limiter(), limiter()];
    for (let index = 0; index < 7; index++) one.take('a', 10);
    two.take('a', 10);
    await one.exchange(shared);
    await two.exchange(shared);
    expect(Array.from({ length: 3 }, () => two.take('a', 10).allowed)).toEqual([true, true, false]);
    await two.exchange(shared);
    now += WINDOW_MS;
    one.take('a', 1_000);
    await one.exchange(shared);
    expect(one.take('a', 12).allowed).toBe(true);
    expect(one.take('a', 12).allowed).toBe(false);
  });

  test('what cannot be told is told later, and counts here all the while', async () => {
    const shared = sharedCounts();
    const one = limiter();
    shared.away = true;
    for (let index = 0; index < 10; index++) one.take('a', 10);
    await expect(one.exchange(shared)).rejects.toThrow('away');
    expect(one.take('a', 10).allowed).toBe(false);
    shared.away = false;
    await one.exchange(shared);
    expect([...shared.totals.values()]).toEqual([10]);
    expect(one.take('a', 10).allowed).toBe(false);
  });

  test('what is counted while an exchange is under way is not lost', async () => {
    const shared = sharedCounts();
    const one = limiter();
    one.take('a', 10, 4);
    const under = one.exchange(shared);
    one.take('a', 10, 4);
    await under;
    expect(one.take('a', 10)).toMatchObject({ allowed: true, remaining: 1 });
    await one.exchange(shared);
    expect([...shared.totals.values()]).toEqual([9]);
  });
});

test('Memory is bounded, however many callers come', () => {
  const { take } = limiter();
  for (let index = 0; index < 120_000; index++) take(`a${index}`, 1);
  // The first are forgotten, the last are not.
  expect([take('a0', 1).allowed, take('a119999', 1).allowed]).toEqual([true, false]);
});
