/** Errors of a subgraph, told at every place of the answer that they belong to. */
import type { Path } from '../../plan/plan.ts';
import type { AnswerError } from '../executor.ts';
import { fromWire } from '../wire-text.ts';
import { isRow, List, type Place, type Row, TYPENAME, type Value } from './values.ts';

/** What the reference executor does not get over: it answers with this alone. */
export class Incomplete extends Error {
  override name = 'Incomplete';
}

type AnswerPath = readonly (string | number)[];
const ENTITIES = '_entities';

/** Objects at one path for which a subgraph was asked. */
export interface AskedObjects {
  path: Path;
  place: Place;
  rows: readonly Row[];
  /** Of each row: which representation stood for it. */
  indexes: readonly number[];
}

/** Of a fetch that asks for fields of a root type. */
export function rootErrors(errors: readonly AnswerError[], path: Path): AnswerError[] {
  const below = plainPath(path);
  return errors.map((error) =>
    error.path ? { ...error, path: [...below, ...error.path] } : withPlace(error, below),
  );
}

/** Of one `_entities` whose errors these are, for all the paths that it was asked for. */
export function entityErrors(
  errors: readonly AnswerError[],
  asked: readonly AskedObjects[],
  root: Row,
): AnswerError[] {
  let places: Map<number, AnswerPath[]> | undefined;
  return errors.flatMap((error) => {
    const { path } = error;
    if (!path) return asked.map((one) => withPlace(error, plainPath(one.path)));
    const [, index, ...rest] = path;
    if (typeof index !== 'number') {
      return asked.map((one) => ({
        ...error,
        path: [...plainPath(one.path), ...(path.length > 0 ? [ENTITIES, ...path.slice(1)] : [])],
      }));
    }
    places ??= placesOf(asked, root);
    return (places.get(index) ?? [[]]).map((place) => ({ ...error, path: [...place, ...rest] }));
  });
}

/** A fetch that fails as a whole says below which field; beyond the first list that would be many. */
function withPlace(error: AnswerError, below: AnswerPath): AnswerError {
  const list = below.indexOf('@');
  const path = list < 0 ? below : below.slice(0, list);
  return path.length === 0 ? error : { ...error, path };
}

/** By the number of their representation. */
function placesOf(asked: readonly AskedObjects[], root: Row): Map<number, AnswerPath[]> {
  const places = new Map<number, AnswerPath[]>();
  for (const { path, place, rows, indexes } of asked) {
    const indexOf = new Map(rows.map((row, at) => [row, indexes[at]!]));
    walk(root, rootOf(place), path, (row, at) => {
      const index = indexOf.get(row);
      if (index === undefined) return;
      const known = places.get(index);
      if (known) known.push([...at]);
      else places.set(index, [[...at]]);
    });
  }
  return places;
}

/** Visits every object at a path, once for each place where it stands. */
export function walk(
  root: Row,
  rootPlace: Place,
  path: Path,
  visit: (row: Row, at: readonly (string | number)[]) => void,
): void {
  const at: (string | number)[] = [];
  step(root, rootPlace, 0);

  function step(value: Value, place: Place, index: number): void {
    if (value === undefined || value === null) return;
    if (value instanceof List) {
      const next = path[index] === '@' ? index + 1 : index;
      value.items.forEach((item, position) => {
        at.push(position);
        step(item, place, next);
        at.pop();
      });
      return;
    }
    if (!isRow(value)) return;
    const part = path[index];
    if (part === undefined) visit(value, at);
    else if (typeof part !== 'string') {
      if (part.types.includes(nameOf(value[TYPENAME]))) step(value, place, index + 1);
    } else if (place.slots.has(part)) {
      at.push(part);
      step(value[place.slots.get(part)!], place.below(part), index + 1);
      at.pop();
    }
  }
}

/** Throws where lists are in other places than the plan says: the reference executor goes no further then. */
export function checkPath(value: Value, place: Place, path: Path, level = 1): void {
  const [part, ...rest] = path;
  if (value === undefined || value === null || part === undefined) return;
  if (typeof part !== 'string') {
    checkPath(value, place, rest);
  } else if (part === '@') {
    if (!(value instanceof List)) throw new Incomplete('No list where the plan says that one is');
    for (const item of value.items) {
      // The native planner writes one `@` for lists in lists.
      const isInner = item instanceof List && rest[0] !== '@' && level < place.depth;
      checkPath(item, place, isInner ? path : rest, level + 1);
    }
  } else {
    if (value instanceof List) throw new Incomplete('A list where the plan says that none is');
    const slot = place.slots.get(part);
    if (isRow(value) && slot !== undefined) checkPath(value[slot], place.below(part), rest);
  }
}

function nameOf(typename: Value): string {
  return typeof typename === 'string' ? fromWire(typename.slice(1, -1)) : '';
}

export function rootOf(place: Place): Place {
  return place.parent ? rootOf(place.parent) : place;
}

function plainPath(path: Path): string[] {
  return path.filter((part): part is string => typeof part === 'string');
}
