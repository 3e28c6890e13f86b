import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createIdMaker, isId, newId, timeOfId } from './ids.ts';

const zeros = (bytes: Uint8Array) => bytes.fill(0);

describe('an id', () => {
  test('has its type, its time and letters that nobody confuses', () => {
    const before = Date.now();
    const id = newId('prd');
    expect(id).toMatch(/^prd_[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    expect(timeOfId(id)).toBeGreaterThanOrEqual(before);
    expect(timeOfId(id)).toBeLessThanOrEqual(Date.now());
  });

  test('sorts after all that were made before it', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('prd'));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('rises also when the clock is set back', () => {
    const times = [5_000, 4_000, 3_000, 6_000];
    const make = createIdMaker({ now: () => times.shift()!, fillRandom: zeros });
    const ids = [make('ab'), make('ab'), make('ab'), make('ab')];
    expect([...ids].sort()).toEqual(ids);
    expect(ids.map(timeOfId)).toEqual([5_000, 5_000, 5_000, 6_000]);
  });

  test('borrows the next millisecond when one is used up', () => {
    const make = createIdMaker({ now: () => 5_000, fillRandom: (bytes) => bytes.fill(31) });
    const [last, next] = [make('ab'), make('ab')];
    expect(timeOfId(last)).toBe(5_000);
    expect(timeOfId(next)).toBe(5_001);
    expect(next > last).toBe(true);
  });

  test('has the time that it was made at', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (time) => {
        expect(timeOfId(createIdMaker({ now: () => time, fillRandom: zeros })('ab'))).toBe(time);
      }),
    );
  });

  test.each(['', 'P', 'prd_', 'toolong', '1a', '__proto__'])('does not take “%s” for a type', (prefix) => {
    expect(() => newId(prefix)).toThrow('no id prefix');
  });
});

describe('isId', () => {
  const id = newId('prd');

  test('knows its own', () => {
    expect(isId('prd', id)).toBe(true);
  });

  test.each([
    ['another type', 'usr', id],
    ['a longer prefix', 'pr', id],
    ['small letters', 'prd', id.toLowerCase()],
    ['a letter that Crockford leaves out', 'prd', `${id.slice(0, -1)}U`],
    ['too short', 'prd', id.slice(0, -1)],
    ['too long', 'prd', `${id}0`],
    ['a time beyond 48 bits', 'prd', `prd_8${id.slice(5)}`],
    ['nothing', 'prd', ''],
  ])('refuses %s', (_, prefix, text) => {
    expect(isId(prefix, text)).toBe(false);
  });
});
