/** find's $slice and positional projection: both cut an array of the projected document. */
import { location } from '../errors.ts';
import { copyDoc, getField, setField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { matchPosition } from './position.ts';
import type { Predicate } from './predicate.ts';
import type { Positional, Slice } from './projection-tree.ts';

export function cutSlice(doc: Doc, slice: Slice): Doc {
  return sliceInDoc(doc, slice, 0);
}

function sliceInDoc(doc: Doc, slice: Slice, from: number): Doc {
  const name = slice.path[from]!;
  const value = getField(doc, name);
  const last = from === slice.path.length - 1;
  let next: Value | undefined;
  if (Array.isArray(value)) {
    next = last
      ? sliceArray(value, slice)
      : value.map((item) => (isDoc(item) ? sliceInDoc(item, slice, from + 1) : item));
  } else if (isDoc(value) && !last) {
    next = sliceInDoc(value, slice, from + 1);
  }
  if (next === undefined) return doc;
  const result = copyDoc(doc);
  setField(result, name, next);
  return result;
}

function sliceArray(array: Value[], { skip, limit }: Slice): Value[] {
  if (skip === undefined) return limit < 0 ? array.slice(limit) : array.slice(0, limit);
  const start = skip < 0 ? Math.max(0, array.length + skip) : skip;
  return array.slice(start, start + limit);
}

const PREFIX = 'Executor error during find command :: caused by ::';

/** Keeps, of the first array on the path, the element at which the filter matched the original. */
export function cutPositional(doc: Doc, original: Doc, predicate: Predicate, { path }: Positional): Doc {
  const { index } = matchPosition(predicate, original);
  return cutInDoc(doc, path, 0, index);
}

function cutInDoc(doc: Doc, path: string[], from: number, index: number | undefined): Doc {
  const name = path[from]!;
  const value = getField(doc, name);
  let next: Value | undefined;
  if (Array.isArray(value)) {
    if (index === undefined) {
      throw location(
        51246,
        `${PREFIX} positional operator '.$' couldn't find a matching element in the array`,
      );
    }
    const element = value[index];
    if (element === undefined) throw location(51247, `${PREFIX} positional operator '.$' element mismatch`);
    next = [element];
  } else if (isDoc(value) && from < path.length - 1) {
    next = cutInDoc(value, path, from + 1, index);
  }
  if (next === undefined) return doc;
  const result = copyDoc(doc);
  setField(result, name, next);
  return result;
}
