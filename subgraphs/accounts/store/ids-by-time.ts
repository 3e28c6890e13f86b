/** Bounds of ids by time: an id holds the instant it was made, so a span of time is a span of the primary key. */
import { createIdMaker } from '@souk/kit/values/ids';

export function lowestIdAt(prefix: string, instant: Date): string {
  // Ids begin in 1970: what is earlier excludes nothing.
  const time = Math.max(0, instant.getTime());
  return createIdMaker({ now: () => time, fillRandom: (bytes) => bytes.fill(0) })(prefix);
}
