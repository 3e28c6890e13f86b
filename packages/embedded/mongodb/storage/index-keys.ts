/**
 * The keys under which an index holds a document. A field that is an array gives a key for each element; two fields
 * of a compound index may only be arrays if they share the array.
 */
import { MongoError } from '../errors.ts';
import { getField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import { arrayIndex } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';

/** One value per field of the index. `undefined` stands for an empty array and sorts below null. */
export type Key = readonly (Value | undefined)[];

export interface DocumentKeys {
  keys: Key[];
  /** False when the document has none of the fields: a sparse index leaves it out. */
  hasAny: boolean;
  /** Paths in this document, or beginnings of paths, that lead to an array. */
  arrayPaths: readonly string[];
}

const MISSING = Symbol('missing');
type Found = Value | undefined | typeof MISSING;

/** How far one field's path has been followed: to an array, or to its end. */
interface Step {
  segments: readonly string[];
  followed: number;
  found: Found;
  /** An array is spread at most once at a place: this one was reached by going into an array. */
  settled: boolean;
}

const NO_PATHS: readonly string[] = [];

export function documentKeys(doc: Doc, paths: readonly (readonly string[])[]): DocumentKeys {
  if (paths.length === 1 && paths[0]!.length === 1) {
    const value = getField(doc, paths[0]![0]!);
    if (!Array.isArray(value)) {
      return {
        keys: [[value === undefined ? null : value]],
        hasAny: value !== undefined,
        arrayPaths: NO_PATHS,
      };
    }
  }
  const keys: Key[] = [];
  const arrayPaths: string[] = [];
  let hasAny = false;
  spread(
    paths.map((segments) => follow(doc, segments, 0)),
    (found) => {
      if (found.some((value) => value !== MISSING)) hasAny = true;
      keys.push(found.map((value) => (value === MISSING ? null : value)));
    },
    (path) => {
      if (!arrayPaths.includes(path)) arrayPaths.push(path);
    },
  );
  return { keys, hasAny, arrayPaths };
}

/** The values that are there along a path, elements of arrays one by one: what `distinct` gathers. */
export function valuesAlong(doc: Doc, segments: readonly string[]): Value[] {
  const values: Value[] = [];
  spread(
    [follow(doc, segments, 0)],
    ([value]) => {
      if (value !== MISSING && value !== undefined) values.push(value);
    },
    () => {},
  );
  return values;
}

function follow(value: Value | undefined, segments: readonly string[], from: number): Step {
  let found = value;
  let followed = from;
  while (followed < segments.length && !Array.isArray(found)) {
    if (!isDoc(found)) return { segments, followed: segments.length, found: MISSING, settled: true };
    found = getField(found, segments[followed]!);
    followed++;
  }
  const isMissing = found === undefined;
  return { segments, followed, found: isMissing ? MISSING : found, settled: !Array.isArray(found) };
}

function spread(
  steps: readonly Step[],
  emit: (found: readonly Found[]) => void,
  meetArray: (path: string) => void,
): void {
  const pending = steps.filter((step) => !step.settled);
  if (pending.length === 0) {
    emit(steps.map(({ found }) => found));
    return;
  }
  const [first] = pending as [Step];
  const path = pathSoFar(first);
  // By path, not by identity: an update may have put one array into two fields.
  for (const other of pending) if (pathSoFar(other) !== path) throw parallelArrays(other, first);
  const array = first.found as Value[];
  meetArray(path);
  const go = (next: (step: Step) => Step) => spread(replaceSteps(steps, next), emit, meetArray);
  if (array.length === 0) go(emptyArray);
  for (const element of array) go((step) => enter(step, element));
  for (const index of indexesNamed(pending, array.length)) go((step) => enterAt(step, index, array));
}

const pathSoFar = ({ segments, followed }: Step): string => segments.slice(0, followed).join('.');

function replaceSteps(steps: readonly Step[], next: (step: Step) => Step): Step[] {
  return steps.map((step) => (step.settled ? step : next(step)));
}

const settledAt = ({ segments }: Step, found: Found): Step => ({
  segments,
  followed: segments.length,
  found,
  settled: true,
});

function emptyArray(step: Step): Step {
  return settledAt(step, step.followed === step.segments.length ? undefined : MISSING);
}

function enter(step: Step, element: Value): Step {
  if (step.followed === step.segments.length) return settledAt(step, element);
  return isDoc(element) ? follow(element, step.segments, step.followed) : settledAt(step, MISSING);
}

/** A number in a path may be a field's name or an array's index: the keys of both are held. */
function indexesNamed(pending: readonly Step[], length: number): number[] {
  const indexes = new Set<number>();
  for (const { segments, followed } of pending) {
    const index = followed < segments.length ? arrayIndex(segments[followed]!) : -1;
    if (index >= 0 && index < length) indexes.add(index);
  }
  return [...indexes];
}

function enterAt(step: Step, index: number, array: readonly Value[]): Step {
  const named = step.followed < step.segments.length && arrayIndex(step.segments[step.followed]!) === index;
  if (!named) return settledAt(step, MISSING);
  return follow(array[index]!, step.segments, step.followed + 1);
}

function parallelArrays(a: Step, b: Step): MongoError {
  const names = [a, b].map(({ segments, followed }) => `[${segments[followed - 1]}]`).join(' ');
  return new MongoError(171, 'CannotIndexParallelArrays', `cannot index parallel arrays ${names}`);
}
