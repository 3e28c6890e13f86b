/** Filters as functions of a document. */
import type { Doc } from '../values/types.ts';
import { docMatcher } from './match.ts';
import { parseFilter } from './parse-filter.ts';
import type { QueryOptions } from './predicate.ts';

export type { QueryOptions } from './predicate.ts';

/** Refuses a bad filter at once, with MongoDB's code and words. */
export function compileFilter(filter: Doc, options: QueryOptions): (doc: Doc) => boolean {
  return docMatcher(parseFilter(filter, options));
}
