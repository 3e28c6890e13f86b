/** Requests share a connection as long as that holds nobody up. */
import { expect, test } from '@jest/globals';
import { createPace, type Pace } from './pace.ts';

/** As many rounds at a server that takes so long for so many. */
function run(pace: Pace, takesMs: (size: number) => number, rounds = 500): number {
  let largest = 1;
  for (let round = 0; round < rounds; round++) {
    const size = pace.most();
    pace.observe(size, takesMs(size));
    largest = Math.max(largest, size);
  }
  return largest;
}

test('a server that answers eight as fast as one gets eight', () => {
  expect(run(createPace(), () => 2)).toBe(8);
});

test('a server that works on one at a time gets few, and is seldom tried with more', () => {
  const pace = createPace();
  expect(run(pace, (size) => 3 * size)).toBeLessThanOrEqual(4);
  let shared = 0;
  for (let round = 0; round < 1_000; round++) {
    const size = pace.most();
    if (size > 1) shared++;
    pace.observe(size, 3 * size);
  }
  expect(shared).toBeLessThan(150);
});

test('a server that takes its time gets one', () => {
  const pace = createPace();
  run(pace, () => 50);
  expect(pace.most()).toBe(1);
});

test('one that stumbles starts again from one, after a rest', () => {
  const pace = createPace();
  run(pace, () => 2);
  pace.stumble();
  expect(run(pace, () => 2, 200)).toBe(1);
  expect(run(pace, () => 2, 200)).toBe(8);
});
