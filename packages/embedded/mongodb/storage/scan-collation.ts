/** Whether an index that was ordered by one collation answers a query under another. */
import type { Interval } from '../query/bounds.ts';
import { equalValues } from '../values/compare.ts';
import { typeRank } from '../values/kind.ts';
import type { Doc } from '../values/types.ts';
import type { Index } from './index.ts';

const STRING_RANK = 15;
const ARRAY_RANK = 25;

/** With another collation the index serves only where no string, and nothing that may hold one, is looked for. */
export function collationFits(
  index: Index,
  collation: Doc | undefined,
  intervals: readonly (readonly Interval[])[] | 'any',
): boolean {
  const own = index.spec.collation;
  if (own === undefined ? collation === undefined : collation !== undefined && equalValues(own, collation))
    return true;
  if (intervals === 'any') return false;
  return intervals.every((here) => here.every(isFreeOfStrings));
}

function isFreeOfStrings({ low, high }: Interval): boolean {
  return typeRank(high) < STRING_RANK || typeRank(low) > ARRAY_RANK;
}
