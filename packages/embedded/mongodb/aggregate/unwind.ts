// $unwind: one document for each element of an array.
import { location } from '../errors.ts';
import { parseFieldPath } from '../expressions/field-path.ts';
import { copyDoc, getField, newDoc, setField } from '../values/fields.ts';
import { isDoc, isNullish, kindOf } from '../values/kind.ts';
import { makeLong } from '../values/numbers.ts';
import { getPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import type { StageCompiler } from './stage.ts';

interface Unwind {
  path: string[];
  indexPath?: string[];
  keepEmpty: boolean;
}

export const compileUnwind: StageCompiler = (spec) => {
  const unwind = parseUnwind(spec);
  return function* unwindArray(input) {
    for (const doc of input) yield* unwound(doc, unwind);
  };
};

function parseUnwind(spec: Value): Unwind {
  if (typeof spec === 'string') return { path: prefixedPath(spec), keepEmpty: false };
  if (!isDoc(spec)) {
    throw location(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${kindOf(spec)}`,
    );
  }
  const unwind: Unwind = { path: [], keepEmpty: false };
  for (const name of Object.keys(spec)) {
    const value = spec[name] as Value;
    if (name === 'path') unwind.path = prefixedPath(pathText(value));
    else if (name === 'preserveNullAndEmptyArrays') unwind.keepEmpty = keepEmptyOf(value);
    else if (name === 'includeArrayIndex') unwind.indexPath = indexPathOf(value);
    else throw location(28811, `unrecognized option to $unwind stage: ${name}`);
  }
  if (unwind.path.length === 0) throw location(28812, 'no path specified to $unwind stage');
  return unwind;
}

function pathText(value: Value): string {
  if (typeof value === 'string') return value;
  throw location(28808, `expected a string as the path for $unwind stage, got ${kindOf(value)}`);
}

function prefixedPath(text: string): string[] {
  if (text === '') throw location(28812, 'no path specified to $unwind stage');
  if (text.startsWith('$')) return parseFieldPath(text.slice(1));
  throw location(28818, `path option to $unwind stage should be prefixed with a '$': ${text}`);
}

function keepEmptyOf(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw location(
    28809,
    `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${kindOf(value)}`,
  );
}

function indexPathOf(value: Value): string[] {
  if (typeof value !== 'string' || value === '') {
    throw location(
      28810,
      `expected a non-empty string for the includeArrayIndex  option to $unwind stage, got ${kindOf(value)}`,
    );
  }
  if (!value.startsWith('$')) return parseFieldPath(value);
  throw location(
    28822,
    `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${value}`,
  );
}

function* unwound(doc: Doc, { path, indexPath, keepEmpty }: Unwind): Iterable<Doc> {
  const value = getPath(doc, path);
  const withIndex = (changed: Doc, index: Value) =>
    indexPath ? withPath(changed, indexPath, index) : changed;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      yield withIndex(withPath(doc, path, value[i]), makeLong(i));
    }
    // An empty array leaves no trace of the field.
    if (value.length === 0 && keepEmpty) yield withIndex(withPath(doc, path, undefined), null);
  } else if (!isNullish(value) || keepEmpty) {
    yield withIndex(doc, null);
  }
}

/** A copy of the document with another value at a path of documents; only what lies on the path is copied. */
export function withPath(doc: Doc, path: readonly string[], value: Value | undefined, from = 0): Doc {
  const name = path[from] as string;
  const changed = copyDoc(doc);
  if (from === path.length - 1) {
    if (value === undefined) delete changed[name];
    else setField(changed, name, value);
    return changed;
  }
  const inner = getField(doc, name);
  setField(changed, name, withPath(isDoc(inner) ? inner : newDoc(), path, value, from + 1));
  return changed;
}
