// How much one evaluation may build: a query must never take the process with it.
import { MongoError } from '../errors.ts';
import { isDoc } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import type { Evaluate, Scope } from './expression.ts';

/** What an evaluation may hold at once, in bytes; MongoDB allows the same for $range. */
const LIVE_LIMIT = 100 * 1024 * 1024;
/** Built since the last look at what is still in use; then dead intermediate values are forgotten. */
const SETTLE_AT = 128 * 1024 * 1024;
/** As MongoDB counts them. */
const BYTES_OF_ELEMENT = 16;
const STRING_LIMIT = 16 * 1024 * 1024;
const DEPTH_LIMIT = 200;

/** Results that running operators are filling, innermost last. */
const inProgress: (Value | undefined)[][] = [];
let allocated = 0;

/** Evaluates with a fresh account; evaluations do not overlap, but one may run inside another. */
export function metered(evaluate: Evaluate, scope: Scope): Value | undefined {
  const outer = allocated;
  const depth = inProgress.length;
  allocated = 0;
  try {
    const result = evaluate(scope);
    if (allocated > 0) refuseDeepNesting(result);
    return result;
  } catch (failure) {
    // Values nested beyond all measure end the recursion that walks them: that is the client's doing.
    throw isStackOverflow(failure) ? tooDeep() : failure;
  } finally {
    allocated = outer;
    inProgress.length = depth;
  }
}

/** Tells that `bytes` were built. */
export function charge(bytes: number): void {
  allocated += bytes;
  if (allocated <= SETTLE_AT) return;
  allocated = 0;
  for (const values of inProgress) allocated += sizeWithin(values as Value[], LIVE_LIMIT - allocated);
  if (allocated > LIVE_LIMIT) throw exceeded();
}

function exceeded(): MongoError {
  return new MongoError(
    146,
    'ExceededMemoryLimit',
    `Expression would use too much memory and cannot spill to disk. Memory limit: ${LIVE_LIMIT} bytes`,
  );
}

export function chargeArray(values: readonly unknown[]): void {
  refuseLength(values.length);
  charge(16 + 8 * values.length);
}

/** No array grows longer than what $range may make. */
export function refuseLength(elements: number): void {
  if (elements * BYTES_OF_ELEMENT > LIVE_LIMIT) throw exceeded();
}

/** Strings end up in documents, so one that fits none is refused as soon as it is built. */
export function chargeString(length: number): void {
  if (length > STRING_LIMIT) {
    throw new MongoError(
      10334,
      'BSONObjectTooLarge',
      `BSONObj size: ${length} is invalid. Size must be between 0 and ${STRING_LIMIT + 16 * 1024}(16MB)`,
    );
  }
  charge(16 + length);
}

/** Fills an array that counts as in use while `fill` runs. */
export function building<T extends Value | undefined>(fill: (values: T[]) => void): T[] {
  const values: T[] = [];
  inProgress.push(values);
  try {
    fill(values);
  } finally {
    inProgress.pop();
  }
  chargeArray(values);
  return values;
}

/** Approximate bytes of a value; it stops counting a little past `limit`. */
export function sizeWithin(value: Value | undefined, limit: number): number {
  if (typeof value === 'number' || typeof value === 'boolean') return 8;
  if (typeof value === 'string') return 16 + value.length;
  let size = 0;
  const waiting: (Value | undefined)[] = [value];
  while (waiting.length > 0 && size <= limit) {
    const next = waiting.pop();
    if (typeof next === 'string') size += 16 + next.length;
    else if (Array.isArray(next)) {
      size += 16 + 8 * next.length;
      if (size > limit) break;
      for (const element of next) {
        if (typeof element === 'number') size += 8;
        else waiting.push(element);
      }
    } else if (isDoc(next)) {
      size += 32;
      for (const name of Object.keys(next)) {
        size += 16 + name.length;
        waiting.push(next[name]);
      }
    } else size += sizeOfScalar(next);
  }
  return size;
}

function sizeOfScalar(value: Value | undefined): number {
  if (typeof value !== 'object' || value === null) return 8;
  const bytes = (value as { buffer?: { length?: unknown } }).buffer?.length;
  return typeof bytes === 'number' ? 32 + bytes : 32;
}

/** $reduce and $map can nest deeper than a document may; the walk itself must not recurse. */
export function refuseDeepNesting(value: Value | undefined): void {
  let level: (Value | undefined)[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_LIMIT) throw tooDeep();
    const next: (Value | undefined)[] = [];
    for (const container of level) {
      if (Array.isArray(container)) {
        for (const element of container) if (isContainer(element)) next.push(element);
      } else if (isDoc(container)) {
        for (const name of Object.keys(container)) {
          if (isContainer(container[name])) next.push(container[name]);
        }
      }
    }
    level = next;
  }
}

export function tooDeep(): MongoError {
  return new MongoError(
    15,
    'Overflow',
    `cannot convert document to BSON because it exceeds the limit of ${DEPTH_LIMIT} levels of nesting`,
  );
}

export function isStackOverflow(failure: unknown): boolean {
  return failure instanceof RangeError && failure.message.includes('call stack');
}

function isContainer(value: Value | undefined): boolean {
  return typeof value === 'object' && (Array.isArray(value) || isDoc(value));
}
