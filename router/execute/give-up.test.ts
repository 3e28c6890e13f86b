import { expect, test } from '@jest/globals';
import { createGiveUp } from './give-up.ts';

test('giving up is told once to all who still listen, and to true signals made before and after', () => {
  const giveUp = createGiveUp();
  const told: string[] = [];
  const first = () => told.push('first');
  giveUp.addEventListener('abort', first);
  giveUp.addEventListener('abort', () => told.push('second'));
  giveUp.removeEventListener('abort', first);
  const { signal } = giveUp;
  expect([giveUp.aborted, signal.aborted]).toEqual([false, false]);
  giveUp.abort();
  giveUp.abort();
  expect(told).toEqual(['second']);
  expect([giveUp.aborted, signal.aborted, giveUp.signal]).toEqual([true, true, signal]);
  const late = createGiveUp();
  late.abort();
  expect(late.signal.aborted).toBe(true);
});
