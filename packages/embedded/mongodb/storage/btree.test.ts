import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BTree } from './btree.ts';

const ascending = (a: number, b: number) => a - b;
const sorted = (numbers: Iterable<number>) => [...numbers].sort(ascending);

const steps = fc.array(
  fc.record({
    number: fc.integer({ min: 0, max: 400 }),
    remove: fc.boolean(),
    snapshot: fc.nat({ max: 30 }),
  }),
  { maxLength: 1500, size: 'max' },
);

describe('BTree', () => {
  test('holds what a plain sorted set holds, and its snapshots never change', () => {
    fc.assert(
      fc.property(steps, (changes) => {
        const tree = new BTree<number>(ascending);
        const model = new Set<number>();
        const snapshots: { tree: BTree<number>; numbers: number[] }[] = [];
        for (const { number, remove, snapshot } of changes) {
          if (remove) assert.equal(tree.delete(number), model.delete(number));
          else tree.set(number);
          if (!remove) model.add(number);
          if (snapshot === 0) snapshots.push({ tree: tree.snapshot(), numbers: sorted(model) });
        }
        assert.deepEqual([...tree.ascending()], sorted(model));
        assert.equal(tree.size, model.size);
        for (const { tree: frozen, numbers } of snapshots) assert.deepEqual([...frozen.ascending()], numbers);
      }),
      { numRuns: 60 },
    );
  });

  test('walks from any place in both directions and counts what lies before it', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { maxLength: 700, size: 'max' });
    fc.assert(
      fc.property(numbers, fc.integer({ min: -1, max: 5001 }), fc.boolean(), (given, place, bulk) => {
        const order = sorted(given);
        let tree = new BTree<number>(ascending);
        if (bulk) tree = BTree.ofSorted(ascending, order);
        else for (const number of given) tree.set(number);
        const position = (entry: number) => entry < place;
        expect([...tree.ascending(position)]).toEqual(order.filter((n) => n >= place));
        expect([...tree.descending(position)]).toEqual(order.filter((n) => n < place).reverse());
        expect(tree.rank(position)).toBe(order.filter((n) => n < place).length);
        expect([...tree.descending()]).toEqual([...order].reverse());
      }),
      { numRuns: 60 },
    );
  });

  test('finds and replaces an entry that compares equal', () => {
    const tree = new BTree<{ id: number; text: string }>((a, b) => a.id - b.id);
    for (let id = 0; id < 1000; id++) tree.set({ id, text: 'old' });
    tree.set({ id: 500, text: 'new' });
    expect(tree.size).toBe(1000);
    expect(tree.get({ id: 500, text: '' })).toEqual({ id: 500, text: 'new' });
    expect(tree.get({ id: 1000, text: '' })).toBeUndefined();
  });

  test('is empty again once everything is deleted, and takes new entries', () => {
    const tree = BTree.ofSorted(
      ascending,
      Array.from({ length: 3000 }, (_, i) => i),
    );
    for (let i = 0; i < 3000; i++) assert.ok(tree.delete(i));
    expect([tree.size, [...tree.ascending()], [...tree.descending()]]).toEqual([0, [], []]);
    tree.set(7);
    expect([...tree.ascending()]).toEqual([7]);
  });
});
