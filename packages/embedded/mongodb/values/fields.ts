/** Documents with any field name whatever: `__proto__` and `constructor` are ordinary fields here. */
import type { Doc, Value } from './types.ts';

/**
 * Documents inherit from an empty object: nothing can be read from Object.prototype by mistake, assigning
 * `__proto__` makes a plain field, and V8 still gives them fast shapes (unlike Object.create(null)).
 */
export const docPrototype: object = Object.freeze(Object.create(null));

const DocConstructor = function DocConstructor() {} as unknown as new () => Doc;
DocConstructor.prototype = docPrototype;

/** An empty document in which any field name can be assigned. */
export function newDoc(): Doc {
  return new DocConstructor();
}

/** The document's own field, `undefined` when missing; safe on object literals too. */
export function getField(doc: Doc, name: string): Value | undefined {
  const value: unknown = doc[name];
  // No BSON value is a function: this one is inherited from Object.prototype.
  if (typeof value === 'function') return undefined;
  if (name === '__proto__' && !Object.hasOwn(doc, name)) return undefined;
  return value as Value | undefined;
}

export function hasField(doc: Doc, name: string): boolean {
  return Object.hasOwn(doc, name);
}

/** Sets a field of a document being built; `undefined` (missing) adds nothing. */
export function setField(doc: Doc, name: string, value: Value | undefined): void {
  if (value === undefined) return;
  if (name === '__proto__') {
    Object.defineProperty(doc, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    doc[name] = value;
  }
}

/** A shallow copy that may be changed. */
export function copyDoc(doc: Doc): Doc {
  const copy = newDoc();
  for (const name of Object.keys(doc)) copy[name] = doc[name]!;
  return copy;
}

/** Builds a document out of pairs; later pairs win, missing values are left out. */
export function docFrom(entries: Iterable<readonly [string, Value | undefined]>): Doc {
  const doc = newDoc();
  for (const [name, value] of entries) setField(doc, name, value);
  return doc;
}

export function isEmptyDoc(doc: Doc): boolean {
  for (const _ in doc) return false;
  return true;
}
