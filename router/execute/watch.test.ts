/** Requests that take too long, or that nobody waits for, are given up; the others never learn of the looks. */
import { expect, test } from '@jest/globals';
import { until } from '../tests/toy/until.ts';
import { createGiveUp } from './give-up.ts';
import { createWatch } from './watch.ts';

const watched = (isForNobody = () => false) => ({
  giveUp: createGiveUp(),
  started: performance.now(),
  isForNobody,
});

test('a request is given up when its time is over, and not before', async () => {
  const watch = createWatch(100);
  const one = watched();
  let at = 0;
  one.giveUp.addEventListener('abort', () => {
    at = performance.now();
  });
  watch.add(one);
  await until(() => one.giveUp.aborted);
  expect(at - one.started).toBeGreaterThanOrEqual(100);
  expect(watch.isTooLate(one)).toBe(true);
});

test('a request whose client has left is given up, one that was answered is not looked at', async () => {
  const watch = createWatch(30_000);
  const [answered, left] = [watched(() => true), watched(() => true)];
  watch.add(answered);
  watch.add(left);
  watch.remove(answered);
  await until(() => left.giveUp.aborted);
  expect(watch.isTooLate(left)).toBe(false);
  expect(answered.giveUp.aborted).toBe(false);
  // The timer has stopped by now, or will; whoever comes then is looked after all the same.
  const late = watched(() => true);
  watch.add(late);
  await until(() => late.giveUp.aborted);
});
