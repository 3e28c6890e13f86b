/**
 * A Map whose elements also stand in an array, for a random element and for a SCAN in constant time.
 *
 * A scan walks the array from its end to its start. An element that is removed leaves its place to the last one, which
 * the scan has then either seen already or still has before it; new ones go to the end, behind the scan. So a full
 * scan gives every element that was there from its start to its end at least once, as Redis promises.
 */
export interface Indexed {
  readonly key: string;
  /** Where it stands in the array; the map keeps it. */
  index: number;
}

export class IndexedMap<E extends Indexed> {
  #byKey = new Map<string, E>();
  #places: E[] = [];

  get size(): number {
    return this.#places.length;
  }

  get(key: string): E | undefined {
    return this.#byKey.get(key);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** The key must not be there yet. */
  add(element: E): void {
    element.index = this.#places.length;
    this.#places.push(element);
    this.#byKey.set(element.key, element);
  }

  delete(key: string): E | undefined {
    const element = this.#byKey.get(key);
    if (!element) return undefined;
    this.#byKey.delete(key);
    const last = this.#places.pop()!;
    if (last !== element) {
      this.#places[element.index] = last;
      last.index = element.index;
    }
    return element;
  }

  /** In the order in which they came. */
  [Symbol.iterator](): IterableIterator<E> {
    return this.#byKey.values();
  }

  keys(): string[] {
    return [...this.#byKey.keys()];
  }

  /** The map must not be empty. */
  random(): E {
    return this.at(Math.floor(Math.random() * this.#places.length));
  }

  at(index: number): E {
    return this.#places[index]!;
  }

  /** Cursor 0 starts a scan, and ends it. */
  scan(cursor: number, count: number): { cursor: number; elements: E[] } {
    const from = cursor === 0 ? this.size : Math.min(cursor, this.size);
    const to = Math.max(0, from - count);
    return { cursor: to, elements: this.#places.slice(to, from).reverse() };
  }
}
