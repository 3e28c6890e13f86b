// $min, $max and their n-fold kin; null and missing do not count.
import type { Collator } from '../../values/collation.ts';
import { compareValues } from '../../values/compare.ts';
import { isNullish } from '../../values/kind.ts';
import type { Value } from '../../values/types.ts';
import { sizeWithin } from '../meter.ts';
import type { Accumulator } from './accumulator.ts';

/** -1 for the least, 1 for the greatest. */
export type Direction = 1 | -1;

export function extreme(direction: Direction, collator: Collator | undefined): Accumulator {
  let best: Value | undefined;
  let bytes = 16;
  return {
    get bytes() {
      return bytes;
    },
    add(value) {
      if (isNullish(value)) return;
      if (best !== undefined && compareValues(value, best, collator) * direction <= 0) return;
      best = value;
      bytes = sizeWithin(value, Number.POSITIVE_INFINITY);
    },
    result: () => best ?? null,
  };
}

/** The n best, best first; of equal ones those that came first. */
export function extremes(n: number, direction: Direction, collator: Collator | undefined): Accumulator {
  const best = keepingBest<Value>(n, (a, b) => compareValues(a, b, collator) * -direction);
  return {
    get bytes() {
      return best.bytes;
    },
    add(value) {
      if (!isNullish(value)) best.offer(value, sizeWithin(value, Number.POSITIVE_INFINITY));
    },
    result: () => best.inOrder(),
  };
}

export interface Best<T> {
  readonly bytes: number;
  offer(item: T, bytes: number): void;
  inOrder(): T[];
}

interface Entry<T> {
  item: T;
  bytes: number;
  arrival: number;
}

/** Keeps the n first items by `compare` in a heap whose top is the worst of them; ties go to the earlier. */
export function keepingBest<T>(n: number, compare: (a: T, b: T) => number): Best<T> {
  const heap: Entry<T>[] = [];
  let arrivals = 0;
  let held = 0;
  const order = (a: Entry<T>, b: Entry<T>) => compare(a.item, b.item) || a.arrival - b.arrival;
  return {
    get bytes() {
      return held;
    },
    offer(item, bytes) {
      const entry = { item, bytes, arrival: arrivals++ };
      const worst = heap[0];
      if (heap.length >= n && worst && order(entry, worst) >= 0) return;
      held += bytes;
      if (heap.length < n) {
        heap.push(entry);
        siftUp(heap, heap.length - 1, order);
      } else {
        held -= worst?.bytes ?? 0;
        heap[0] = entry;
        siftDown(heap, 0, order);
      }
    },
    inOrder: () => heap.toSorted(order).map(({ item }) => item),
  };
}

function siftUp<T>(heap: T[], from: number, order: (a: T, b: T) => number): void {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (order(heap[at] as T, heap[parent] as T) <= 0) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function siftDown<T>(heap: T[], from: number, order: (a: T, b: T) => number): void {
  let at = from;
  for (;;) {
    let worst = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && order(heap[child] as T, heap[worst] as T) > 0) worst = child;
    }
    if (worst === at) return;
    swap(heap, at, worst);
    at = worst;
  }
}

function swap<T>(heap: T[], a: number, b: number): void {
  const held = heap[a] as T;
  heap[a] = heap[b] as T;
  heap[b] = held;
}
