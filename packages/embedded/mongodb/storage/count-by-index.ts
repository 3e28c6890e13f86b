/** Counts without looking at documents, where the collection or one index alone knows the number. */
import { parseFilter } from '../query/parse-filter.ts';
import type { Predicate } from '../query/predicate.ts';
import { isNumber, kindOf } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import { countKeys } from './index-scan.ts';
import type { Plan } from './plan.ts';

/** What matches, before skip and limit; undefined when the documents have to be looked at. */
export function countByIndex({ view, access, matches, filter, collator }: Plan): number | undefined {
  if (!view) return 0;
  if (access.stage === 'COLLSCAN' && !matches) return view.records.size;
  if (access.stage !== 'IXSCAN') return undefined;
  const { index, intervals } = access.scan;
  // A document under several keys would be counted for each.
  if (index.arrayPaths.size > 0 || index.spec.sparse || index.partial) return undefined;
  const predicate = parseFilter(filter, collator ? { collator } : {});
  if (intervals.length !== 1 || !saysAll(predicate, index.spec.fields[0]!.path)) return undefined;
  return countKeys(access.scan, view.trees.get(index)!);
}

/** Whether the bounds of the path hold exactly what matches. */
function saysAll(predicate: Predicate, path: string): boolean {
  if (predicate.kind === 'and') {
    return predicate.children.length > 0 && predicate.children.every((child) => saysAll(child, path));
  }
  if (predicate.kind !== 'field' || predicate.path !== path) return false;
  const { condition } = predicate;
  switch (condition.operator) {
    case '$in':
      return condition.regexes.length === 0 && condition.values.every(isPlain);
    case '$eq':
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return isPlain(condition.value);
    default:
      return false;
  }
}

/** Null is also found where nothing is, and what has parts has an order of its own. */
function isPlain(value: Value): boolean {
  if (isNumber(value)) return !Number.isNaN(toNumber(value));
  return ['string', 'objectId', 'date', 'bool'].includes(kindOf(value));
}
