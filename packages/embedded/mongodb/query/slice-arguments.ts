/** The arguments of find's $slice: a count, or how many to skip and a count. */
import { location } from '../errors.ts';
import { describeValue } from '../values/describe.ts';
import { isNumber } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';

export function sliceArguments(argument: Value): { skip: number | undefined; limit: number } {
  if (isNumber(argument)) return { skip: undefined, limit: clampToInt(toNumber(argument)) };
  if (!Array.isArray(argument))
    throw location(31273, '$slice only supports numbers and [skip, limit] arrays');
  if (argument.length !== 2) throw location(31272, '$slice array argument should be of form [skip, limit]');
  const [skip, limit] = argument as [Value, Value];
  if (!isNumber(skip)) {
    throw location(31257, `$slice expects the skip argument to be a number, got ${describeValue(skip)}`);
  }
  if (!isNumber(limit)) {
    throw location(31258, `$slice expects the limit argument to be a number, got ${describeValue(limit)}`);
  }
  const count = clampToInt(toNumber(limit));
  if (count <= 0) throw location(31259, `$slice limit must be positive, got ${count}`);
  return { skip: clampToInt(toNumber(skip)), limit: count };
}

function clampToInt(n: number): number {
  return Number.isNaN(n) ? 0 : Math.max(-0x80000000, Math.min(0x7fffffff, Math.trunc(n)));
}
