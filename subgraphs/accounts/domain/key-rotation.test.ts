import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ANNOUNCED_FOR_MS,
  type KeyTimes,
  nextKey,
  PUBLISHED_AFTER_MS,
  publishedAt,
  SIGNS_FOR_MS,
  signerAt,
} from './key-rotation.ts';

const start = new Date('2026-01-01T00:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);

test('the first key signs at once', () => {
  const key = nextKey([], start)!;
  expect(key.signsFrom).toEqual(start);
  expect(signerAt([key], start)).toBe(key);
  expect(nextKey([key], start)).toBeUndefined();
});

test('the next key is published before it signs, and the last one after it has signed', () => {
  const first = nextKey([], start)!;
  expect(nextKey([first], after(SIGNS_FOR_MS - ANNOUNCED_FOR_MS - 1))).toBeUndefined();
  const second = nextKey([first], after(SIGNS_FOR_MS - ANNOUNCED_FOR_MS))!;
  const both = [first, second];
  expect(signerAt(both, after(SIGNS_FOR_MS - 1))).toBe(first);
  expect(signerAt(both, after(SIGNS_FOR_MS))).toBe(second);
  expect(publishedAt(both, after(SIGNS_FOR_MS + PUBLISHED_AFTER_MS - 1))).toEqual(both);
  expect(publishedAt(both, after(SIGNS_FOR_MS + PUBLISHED_AFTER_MS))).toEqual([second]);
});

test('whenever it is looked at, and however long nobody looked, exactly one key signs and it is published', () => {
  const pauses = fc.array(fc.integer({ min: 1, max: 3 * SIGNS_FOR_MS }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(pauses, (steps) => {
      let keys: KeyTimes[] = [];
      let now = start;
      for (const step of steps) {
        now = new Date(now.getTime() + step);
        keys = publishedAt(keys, now);
        const next = nextKey(keys, now);
        if (next) keys.push(next);
        const signing = keys.filter((key) => key.signsFrom <= now && now < key.signsUntil);
        expect(signing).toHaveLength(1);
        expect(publishedAt(keys, now)).toContain(signing[0]);
      }
    }),
  );
});
