/**
 * Which key of a database expires next: a binary heap. A key stands in it once, at the earliest time it was given;
 * when that comes and the key has been given a later one, it is put back. Thus EXPIRE again and again costs nothing.
 */
import type { Entry } from './entry.ts';

interface Due {
  at: number;
  entry: Entry;
}

export class ExpiryQueue {
  #heap: Due[] = [];

  get nextAt(): number | undefined {
    return this.#heap[0]?.at;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(entry: Entry): void {
    if (entry.queuedFor <= entry.expireAt) return;
    entry.queuedFor = entry.expireAt;
    this.#push({ at: entry.expireAt, entry });
  }

  /** Takes out the first key whose time is before now; undefined when there is none. */
  takeDue(now: number): Entry | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (!first || first.at >= now) return undefined;
      this.#dropFirst();
      const { entry } = first;
      if (entry.queuedFor !== first.at) continue; // it was queued again for an earlier time
      entry.queuedFor = Infinity;
      if (entry.expireAt < now) return entry;
      if (entry.expireAt !== Infinity) this.add(entry);
    }
  }

  /** Forgets the keys that are gone or have lost their expiry, once they may be most of the heap. */
  compact(isLive: (entry: Entry) => boolean): void {
    const queued = this.#heap.filter(({ at, entry }) => entry.queuedFor === at);
    this.#heap = [];
    for (const due of queued) {
      if (due.entry.expireAt !== Infinity && isLive(due.entry)) this.#push(due);
      else due.entry.queuedFor = Infinity;
    }
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(due);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (heap[parent]!.at <= due.at) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = due;
  }

  #dropFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
      if (heap[child]!.at >= last.at) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
  }
}
