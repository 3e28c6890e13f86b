/** The keys a document gives for several paths at once, element by element of an array they share. */
import { badValue } from '../errors.ts';
import { getField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import { arrayIndex } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';

type Key = (Value | undefined)[];

/** How far a path has been followed: to an array that is still to be spread, or to its end. */
interface Walker {
  segments: readonly string[];
  at: number;
  value: Value | undefined;
  array: Value[] | undefined;
}

export function compoundKeys(doc: Doc, paths: readonly (readonly string[])[]): Key[] {
  const keys: Key[] = [];
  spread(
    paths.map((segments) => follow(doc, segments, 0)),
    keys,
  );
  return keys;
}

function follow(value: Value | undefined, segments: readonly string[], from: number): Walker {
  let current = value;
  let at = from;
  for (;;) {
    if (Array.isArray(current)) {
      const index = at < segments.length ? arrayIndex(segments[at]!) : -1;
      if (index < 0) return { segments, at, value: undefined, array: current };
      current = current[index];
    } else if (at === segments.length) {
      return { segments, at, value: current === undefined ? null : current, array: undefined };
    } else if (isDoc(current)) {
      current = getField(current, segments[at]!);
    } else {
      return { segments, at, value: null, array: undefined };
    }
    at += 1;
  }
}

function spread(walkers: readonly Walker[], keys: Key[]): void {
  const array = walkers.find((walker) => walker.array)?.array;
  if (!array) {
    keys.push(walkers.map(({ value }) => value));
    return;
  }
  if (walkers.some((walker) => walker.array && walker.array !== array)) {
    throw badValue('cannot sort with keys that are parallel arrays');
  }
  // An empty array stands for itself at the end of a path, below null, and for nothing before.
  const elements = array.length === 0 ? [undefined] : array;
  for (const element of elements) {
    spread(
      walkers.map((walker) => (walker.array ? enter(walker, element) : walker)),
      keys,
    );
  }
}

/** An array directly inside the array is not spread again. */
function enter({ segments, at }: Walker, element: Value | undefined): Walker {
  if (at === segments.length) return { segments, at, value: element, array: undefined };
  if (isDoc(element)) return follow(element, segments, at);
  return { segments, at, value: null, array: undefined };
}
