/** Predicates into functions that test documents or single array elements. */
import { getField, newDoc } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import { someAtPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import type { ElementTest, FieldPredicate, Predicate } from './predicate.ts';

export type DocMatcher = (doc: Doc) => boolean;

export function docMatcher(predicate: Predicate): DocMatcher {
  switch (predicate.kind) {
    case 'and':
    case 'or':
    case 'nor':
      return combine(predicate.kind, predicate.children.map(docMatcher));
    case 'not': {
      const child = docMatcher(predicate.child);
      return (doc) => !child(doc);
    }
    case 'always':
      return () => predicate.value;
    case 'document':
      return predicate.test;
    case 'field':
      return fieldMatcher(predicate);
  }
}

function fieldMatcher({ segments, spreadLeaf, test }: FieldPredicate): DocMatcher {
  const [name, ...rest] = segments;
  if (rest.length > 0) return (doc) => someAtPath(doc, segments, spreadLeaf, test);
  return (doc) => {
    const value = getField(doc, name!);
    if (spreadLeaf && Array.isArray(value) && value.some(test)) return true;
    return test(value);
  };
}

/** For conditions on an element itself: what matches is the value, no path is followed. */
export function elementMatcher(predicate: Predicate): ElementTest {
  switch (predicate.kind) {
    case 'and':
    case 'or':
    case 'nor':
      return combine(predicate.kind, predicate.children.map(elementMatcher));
    case 'not': {
      const child = elementMatcher(predicate.child);
      return (value) => !child(value);
    }
    case 'always':
      return () => predicate.value;
    case 'field':
      return predicate.test;
    case 'document':
      return (value) => isDoc(value) && predicate.test(value);
  }
}

/** For a filter on elements: documents, and arrays too, whose fields are their indexes. */
export function elementDocMatcher(predicate: Predicate): ElementTest {
  const matches = docMatcher(predicate);
  return (value) => {
    if (isDoc(value)) return matches(value);
    return Array.isArray(value) && matches(arrayAsDoc(value));
  };
}

function arrayAsDoc(array: Value[]): Doc {
  const doc = newDoc();
  array.forEach((item, i) => {
    doc[i] = item;
  });
  return doc;
}

function combine<T>(kind: 'and' | 'or' | 'nor', tests: ((input: T) => boolean)[]): (input: T) => boolean {
  const [only] = tests;
  if (tests.length === 1 && only && kind !== 'nor') return only;
  if (kind === 'and') {
    return (input) => {
      for (const test of tests) if (!test(input)) return false;
      return true;
    };
  }
  const found = kind === 'or';
  return (input) => {
    for (const test of tests) if (test(input)) return found;
    return !found;
  };
}
