/** Chance that is the same on every machine and in every order of asking. */

/** FNV-1a, then the last mix of MurmurHash3, since texts here often differ in their last letter alone. */
export function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** True for one in so many. */
export function oneIn(count: number, text: string): boolean {
  return hash(`one in ${text}`) % count === 0;
}

export function pick<Item>(items: readonly Item[], text: string): Item {
  return items[hash(text) % items.length]!;
}
