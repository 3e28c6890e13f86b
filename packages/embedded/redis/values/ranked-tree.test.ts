import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RankedTree } from './ranked-tree.ts';

type Change = { insert: number } | { deleteAt: number };

const changes = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ insert: fc.nat(5000) }) },
    { weight: 2, arbitrary: fc.record({ deleteAt: fc.nat(5000) }) },
  ),
  { minLength: 100, maxLength: 3000 },
);

function apply(tree: RankedTree<number>, model: number[], change: Change): void {
  if ('insert' in change) {
    if (model.includes(change.insert)) return;
    tree.insert(change.insert);
    model.push(change.insert);
    model.sort((a, b) => a - b);
  } else if (model.length > 0) {
    const rank = change.deleteAt % model.length;
    tree.deleteAt(rank);
    model.splice(rank, 1);
  }
}

test('a tree holds what a sorted array holds, at the same ranks', () => {
  fc.assert(
    fc.property(changes, fc.nat(5000), fc.nat(3000), fc.nat(3000), (steps, probe, start, end) => {
      const tree = new RankedTree<number>((a, b) => a - b);
      const model: number[] = [];
      for (const step of steps) apply(tree, model, step);
      expect(tree.slice()).toEqual(model);
      expect(tree.size).toBe(model.length);
      expect(tree.slice(start, end)).toEqual(model.slice(start, Math.max(start, end)));
      expect(tree.countWhile((element) => element < probe)).toBe(model.filter((each) => each < probe).length);
      expect(tree.at(start)).toBe(model[start]);
      for (const [rank, element] of model.entries()) expect(tree.rankOf(element)).toBe(rank);
    }),
    { numRuns: 30 },
  );
});

test('a hundred thousand elements come and go in any order', () => {
  const tree = new RankedTree<number>((a, b) => a - b);
  const count = 100_000;
  for (let index = 0; index < count; index++) tree.insert((index * 7919) % count);
  expect(tree.at(77_777)).toBe(77_777);
  expect(tree.rankOf(12_345)).toBe(12_345);
  for (let index = 0; index < count; index += 2) tree.delete(index);
  expect(tree.size).toBe(count / 2);
  expect(tree.at(100)).toBe(201);
  while (tree.size > 0) tree.deleteAt(0);
  expect(tree.slice()).toEqual([]);
  tree.insert(1);
  expect(tree.slice()).toEqual([1]);
});
