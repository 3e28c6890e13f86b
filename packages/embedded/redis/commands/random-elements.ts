/** SRANDMEMBER, HRANDFIELD and ZRANDMEMBER: so many different elements, or as many as asked with repeats. */

import { parseInt64 } from '../numbers/int64.ts';
import { CommandError } from '../protocol/reply.ts';
import type { Indexed, IndexedMap } from '../values/indexed-map.ts';
import { integer } from './arguments.ts';

/** Redis would go on until its memory ends. */
const MOST_REPEATS = 1_000_000;

const LOWEST = -(2n ** 63n);

/** Negative when elements may come more than once. */
export function readPickCount(text: string): number {
  const count = integer(text);
  if (parseInt64(text) === LOWEST) {
    throw new CommandError(
      'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
    );
  }
  if (count < -MOST_REPEATS) throw new CommandError('ERR value is out of range');
  return count;
}

export function pick<E extends Indexed>(elements: IndexedMap<E>, count: number): E[] {
  if (elements.size === 0) return [];
  if (count < 0) return Array.from({ length: -count }, () => elements.random());
  if (count >= elements.size) return [...elements];
  return pickPlaces(elements.size, count).map((place) => elements.at(place));
}

/** So many different places below size, each set of them as likely as any other. (Floyd's algorithm.) */
function pickPlaces(size: number, count: number): number[] {
  const places = new Set<number>();
  for (let last = size - count; last < size; last++) {
    const place = Math.floor(Math.random() * (last + 1));
    places.add(places.has(place) ? last : place);
  }
  return [...places];
}
