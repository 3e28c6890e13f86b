import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Entry } from './entry.ts';
import { ExpiryQueue } from './expiry-queue.ts';

const entryOf = (key: string): Entry => ({
  key,
  index: 0,
  value: '',
  expireAt: Infinity,
  queuedFor: Infinity,
  usedAt: 0,
});

test('keys come out when their last time has come, in whatever order those were given', () => {
  const givings = fc.array(fc.tuple(fc.nat(20), fc.oneof(fc.nat(100), fc.constant(Infinity))), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(givings, fc.nat(100), fc.boolean(), (times, now, compacts) => {
      const queue = new ExpiryQueue();
      const entries = Array.from({ length: 21 }, (_, index) => entryOf(String(index)));
      for (const [index, at] of times) {
        entries[index]!.expireAt = at;
        if (at !== Infinity) queue.add(entries[index]!);
      }
      if (compacts) queue.compact(() => true);
      const due: string[] = [];
      for (let entry = queue.takeDue(now); entry; entry = queue.takeDue(now)) due.push(entry.key);
      const expected = entries.filter(({ expireAt }) => expireAt < now).map(({ key }) => key);
      expect(due.sort()).toEqual(expected.sort());
      for (const entry of entries) {
        if (entry.expireAt >= now && entry.expireAt !== Infinity)
          expect(queue.takeDue(Infinity)).toBeDefined();
      }
      expect(queue.takeDue(Infinity)).toBeUndefined();
    }),
  );
});

test('a key that is given ever later times stands in the queue once', () => {
  const queue = new ExpiryQueue();
  const session = entryOf('session');
  for (let at = 1; at < 1000; at++) {
    session.expireAt = at;
    queue.add(session);
  }
  expect(queue.size).toBe(1);
  expect(queue.takeDue(500)).toBeUndefined();
  expect(queue.takeDue(1000)).toBe(session);
});

test('compacting forgets keys that are gone', () => {
  const queue = new ExpiryQueue();
  const entries = Array.from({ length: 100 }, (_, index) => ({ ...entryOf(String(index)), expireAt: index }));
  for (const entry of entries) queue.add(entry);
  queue.compact(({ expireAt }) => expireAt % 10 === 0);
  expect(queue.size).toBe(10);
  expect(queue.takeDue(Infinity)).toBe(entries[0]);
});
