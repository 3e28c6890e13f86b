// The head of a pipeline that storage can answer by itself: filters, a sort, how many to skip and to give.
import { docFrom } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { checkMatch, limitOf, skipOf } from './simple-stages.ts';
import { checkSort } from './sort.ts';

export interface LeadingStages {
  filter?: Doc;
  sort?: Doc;
  skip?: number;
  limit?: number;
  /** What is left to do; the rest has to be compiled before the head is run, so that errors come first. */
  rest: Value[];
}

/**
 * Takes $match, $sort, $skip and $limit off the head, as far as they mean the same before the rest: filters
 * may be moved ahead of a sort, nothing may be moved ahead of $skip or $limit, and $limit comes after $skip.
 */
export function leadingMatch(stages: Value[]): LeadingStages {
  const leading: LeadingStages = { rest: stages };
  const filters: Doc[] = [];
  let taken = 0;
  for (const stage of stages) {
    if (!isDoc(stage) || Object.keys(stage).length !== 1 || !take(leading, filters, stage)) break;
    taken += 1;
  }
  if (filters.length > 0)
    leading.filter = filters.length === 1 ? (filters[0] as Doc) : docFrom([['$and', filters]]);
  leading.rest = stages.slice(taken);
  return leading;
}

function take(leading: LeadingStages, filters: Doc[], stage: Doc): boolean {
  const { $match, $sort, $skip, $limit } = stage as Partial<Record<string, Value>>;
  const isCut = leading.skip !== undefined || leading.limit !== undefined;
  if ($match !== undefined && !isCut) {
    filters.push(checkMatch($match));
    return true;
  }
  if ($sort !== undefined && !isCut && leading.sort === undefined) {
    checkSort($sort);
    leading.sort = $sort as Doc;
    return true;
  }
  if ($skip !== undefined && !isCut) {
    leading.skip = skipOf($skip);
    return true;
  }
  if ($limit !== undefined && leading.limit === undefined) {
    leading.limit = limitOf($limit);
    return true;
  }
  return false;
}
