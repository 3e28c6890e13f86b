// Which values two documents are joined by: the semantics of $lookup's localField and foreignField.
import { getField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import { arrayIndex } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';

/** What a local document looks for: the elements of arrays one by one; null when there is nothing at all. */
export function localValues(doc: Doc, path: readonly string[]): Value[] {
  const found: Value[] = [];
  collectLocal(doc, path, 0, found);
  return found.length === 0 ? [null] : found;
}

function collectLocal(value: Value | undefined, path: readonly string[], at: number, found: Value[]): void {
  if (at === path.length) {
    if (Array.isArray(value)) for (const element of value) found.push(element);
    else if (value !== undefined) found.push(value);
    return;
  }
  const name = path[at] as string;
  if (Array.isArray(value)) {
    const indexed = value[arrayIndex(name)];
    if (indexed !== undefined) collectLocal(indexed, path, at + 1, found);
    for (const element of value) if (isDoc(element)) collectLocal(element, path, at, found);
  } else if (isDoc(value)) {
    const inner = getField(value, name);
    if (inner !== undefined) collectLocal(inner, path, at + 1, found);
  }
}

/** What a foreign document is found by: elements of arrays and the arrays themselves; null for what is missing. */
export function foreignValues(doc: Doc, path: readonly string[]): Value[] {
  const found: Value[] = [];
  collectForeign(doc, path, 0, found);
  return found;
}

function collectForeign(value: Value | undefined, path: readonly string[], at: number, found: Value[]): void {
  if (at === path.length) {
    if (Array.isArray(value)) for (const element of value) found.push(element);
    found.push(value ?? null);
    return;
  }
  const name = path[at] as string;
  if (Array.isArray(value)) collectForeignArray(value, path, at, found);
  else if (isDoc(value)) collectForeign(getField(value, name), path, at + 1, found);
  else found.push(null);
}

function collectForeignArray(array: Value[], path: readonly string[], at: number, found: Value[]): void {
  const index = arrayIndex(path[at] as string);
  if (index >= 0) {
    // The element that a path ends at by its position is taken as it is.
    if (at === path.length - 1) found.push(array[index] ?? null);
    else collectForeign(array[index], path, at + 1, found);
    for (const element of array) {
      if (isDoc(element) && getField(element, path[at] as string) !== undefined) {
        collectForeign(element, path, at, found);
      }
    }
    return;
  }
  // Scalars, and arrays directly inside an array, hold no such field: they count as missing.
  for (const element of array) {
    if (isDoc(element)) collectForeign(element, path, at, found);
    else found.push(null);
  }
  if (array.length === 0) found.push(null);
}
