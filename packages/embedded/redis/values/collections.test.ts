import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesGlob } from '../keyspace/glob.ts';
import { Deque } from './deque.ts';
import { MemberSet } from './value.ts';

describe('a deque', () => {
  const step = fc.oneof(
    fc.record({ pushLeft: fc.string() }),
    fc.record({ pushRight: fc.string() }),
    fc.constant({ popLeft: true } as const),
    fc.constant({ popRight: true } as const),
  );

  test('does what an array does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const deque = new Deque();
        const model: string[] = [];
        for (const each of steps) {
          if ('pushLeft' in each) {
            deque.pushLeft(each.pushLeft);
            model.unshift(each.pushLeft);
          } else if ('pushRight' in each) {
            deque.pushRight(each.pushRight);
            model.push(each.pushRight);
          } else if ('popLeft' in each) expect(deque.popLeft()).toBe(model.shift());
          else expect(deque.popRight()).toBe(model.pop());
        }
        expect(deque.slice(0, deque.length)).toEqual(model);
        expect(deque.at(0)).toBe(model[0]);
        expect(deque.at(-1)).toBeUndefined();
      }),
    );
  });

  test('gives back its room after a rush', () => {
    const deque = new Deque();
    for (let index = 0; index < 100_000; index++) deque.pushRight(String(index));
    for (let index = 0; index < 99_990; index++) deque.popLeft();
    expect(deque.slice(0, deque.length)).toEqual(Array.from({ length: 10 }, (_, i) => String(99_990 + i)));
  });
});

describe('a scan', () => {
  test('gives every member that was there all the time, whatever comes and goes meanwhile', () => {
    const change = fc.record({ add: fc.nat(500), remove: fc.nat(500) });
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.array(change, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (...args) => {
          const [size, changes, count] = args;
          const set = new MemberSet();
          for (let index = 0; index < size; index++) set.include(`m${index}`);
          const stayed = new Set(set.keys());
          const seen = new Set<string>();
          let cursor = 0;
          let turn = 0;
          do {
            const page = set.scan(cursor, count);
            for (const { key } of page.elements) seen.add(key);
            cursor = page.cursor;
            const next = changes[turn++];
            if (!next) continue;
            set.include(`m${next.add}`);
            set.delete(`m${next.remove}`);
            stayed.delete(`m${next.remove}`);
          } while (cursor !== 0);
          expect([...stayed].filter((member) => !seen.has(member))).toEqual([]);
        },
      ),
    );
  });
});

test('a set gives its members in the order in which they came, and by place, each once', () => {
  const change = fc.record({ add: fc.nat(40), remove: fc.nat(40) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const set = new MemberSet();
      const model = new Set<string>();
      for (const { add, remove } of changes) {
        set.include(`${add}`);
        model.add(`${add}`);
        set.delete(`${remove}`);
        model.delete(`${remove}`);
      }
      expect(set.keys()).toEqual([...model]);
      const byPlace = Array.from({ length: set.size }, (_, place) => set.at(place).key);
      expect(byPlace.sort()).toEqual([...model].sort());
      if (set.size > 0) expect(model.has(set.random().key)).toBe(true);
    }),
  );
});

describe('patterns', () => {
  const cases: [string, string, boolean][] = [
    ['*', '', true],
    ['**a**', 'bab', true],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'aXbY', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[a-c]x', 'bx', true],
    ['[c-a]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[^a-c]x', 'dx', true],
    ['[\\]]', ']', true],
    ['[ab', 'a', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\', 'a\\', true],
    ['', '', true],
    ['', 'a', false],
    ['[a-', '-', true],
  ];
  for (const [pattern, text, matches] of cases) {
    test(`${pattern} ${matches ? 'matches' : 'does not match'} ${text}`, () => {
      expect(matchesGlob(pattern, text)).toBe(matches);
    });
  }

  test('with many stars end soon', () => {
    const before = process.cpuUsage();
    expect(matchesGlob(`${'a*'.repeat(500)}b`, 'a'.repeat(20_000))).toBe(false);
    // Of this process alone: others may be at work on the machine.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
