/**
 * Chooses how to read a collection. The filter is always tested again on what an index gives, so a choice can make a
 * query slow but never wrong. As in MongoDB an index that can be used is used; among several, the one that has the
 * fewest keys to look at, which the trees tell exactly.
 */
import { badValue } from '../errors.ts';
import { type Bounds, boundsOf } from '../query/bounds.ts';
import { contains, isPoint } from '../query/intervals.ts';
import { docMatcher } from '../query/match.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { allOf, type Predicate, type QueryOptions } from '../query/predicate.ts';
import { parseSort, type SortPart } from '../query/sort.ts';
import { getField } from '../values/fields.ts';
import { kindOf } from '../values/kind.ts';
import type { Doc } from '../values/types.ts';
import type { Collection } from './collection.ts';
import { readHint } from './hint.ts';
import type { Index } from './index.ts';
import { countKeys, type IndexScan, isEverything, isMultikeyPath, makeScan } from './index-scan.ts';
import { keyBounds } from './key-bounds.ts';
import { staysWithin } from './partial-filter.ts';
import { encodeNames } from './pick-fields.ts';
import type { Access, Language, Plan, Query } from './plan.ts';
import { predicateFields } from './predicate-fields.ts';
import { collationFits } from './scan-collation.ts';

/** More pieces than this are sorted instead of merged. */
const MAX_MERGED_RANGES = 200;

interface Candidate {
  access: Access;
  gives: 'order' | 'documents';
  keys: () => number;
}

interface Context {
  collection: Collection;
  query: Query;
  predicate: Predicate;
  sort: readonly SortPart[];
}

export function planQuery(collection: Collection | undefined, query: Query): Plan {
  const predicate = parseFilter(query.filter, queryOptions(query.language));
  const sort = query.sort ? parseSort(withoutNatural(query.sort)) : [];
  const { access, ordered, rejected } = collection
    ? choose({ collection, query, predicate, sort })
    : { access: { stage: 'EOF' as const }, ordered: true, rejected: [] };
  // What was found by its whole _id needs no second look.
  const isAnswer = access.stage === 'IDHACK' || (predicate.kind === 'and' && predicate.children.length === 0);
  return {
    view: collection?.view(),
    access,
    testedFields: isAnswer ? [] : testedFields(predicate),
    matches: isAnswer ? undefined : docMatcher(predicate),
    filter: query.filter,
    sort: ordered || sort.length === 0 ? undefined : { parts: sort, spec: query.sort! },
    skip: query.skip ?? 0,
    limit: query.limit || Number.POSITIVE_INFINITY,
    collator: query.language.collator,
    rejected,
  };
}

function testedFields(predicate: Predicate): Uint8Array[] | undefined {
  const names = predicateFields(predicate);
  return names && encodeNames(names);
}

export function queryOptions({ collator, variables, now }: Language): QueryOptions {
  return collator ? { collator, variables, now } : { variables, now };
}

interface Choice {
  access: Access;
  ordered: boolean;
  rejected: readonly Access[];
}

const only = (access: Access, ordered: boolean): Choice => ({ access, ordered, rejected: [] });

function choose(context: Context): Choice {
  const { collection, query, sort } = context;
  const natural = query.sort && getField(query.sort, '$natural');
  const hint = readHint(query.hint, collection);
  if (query.min || query.max) return only(keyBounds(query, hint, collection), false);
  if (natural !== undefined) {
    return only({ stage: 'COLLSCAN', direction: Number(natural) < 0 ? -1 : 1 }, true);
  }
  if (hint?.natural) return only({ stage: 'COLLSCAN', direction: hint.natural }, sort.length === 0);
  const id = !hint && idAsked(context);
  if (id) return only(id, true);
  const candidates = hint?.index ? [hinted(context, hint.index)] : findCandidates(context);
  if (candidates.length === 0) return only({ stage: 'COLLSCAN', direction: 1 }, sort.length === 0);
  const [best, ...others] = cheapestFirst(candidates, query);
  const isEmpty = best!.access.stage === 'IXSCAN' && best!.access.scan.ranges.length === 0;
  return {
    access: isEmpty ? { stage: 'EOF' } : best!.access,
    ordered: best!.gives === 'order',
    rejected: others.map(({ access }) => access),
  };
}

/** `{_id: value}` and nothing else: at most one document, found by its key. */
function idAsked({ collection, predicate, query }: Context): Access | undefined {
  if (predicate.kind !== 'field' || predicate.path !== '_id' || predicate.condition.operator !== '$eq')
    return undefined;
  const { value } = predicate.condition;
  if (['array', 'regex'].includes(kindOf(value))) return undefined;
  const bounds = boundsOf(predicate, query.language.collator).get('_id');
  if (!bounds || !collationFits(collection.idIndex, query.language.collation, [bounds.intervals]))
    return undefined;
  return { stage: 'IDHACK', index: collection.idIndex, id: value };
}

function hinted(context: Context, index: Index): Candidate {
  const { query, predicate } = context;
  if (index.partial && !staysWithin(predicate, index.partial, query.language.collator)) {
    throw badValue('error processing query: planner returned error: hinted index can not answer the query');
  }
  const bounds = boundsOf(predicate, query.language.collator);
  const scan = makeScan(index, bounds);
  if (collationFits(index, query.language.collation, scan.intervals)) return candidateFor(scan, context);
  return candidateFor(makeScan(index, new Map()), { ...context, sort: [] });
}

function findCandidates(context: Context): Candidate[] {
  const { collection, predicate, query } = context;
  const bounds = boundsOf(predicate, query.language.collator);
  const candidates: Candidate[] = [];
  for (const index of collection.indexes) {
    const mayServe = context.sort.length > 0 || bounds.has(index.spec.fields[0]!.path);
    const scan = mayServe ? usableScan(index, bounds, predicate, query) : undefined;
    if (!scan) continue;
    const candidate = candidateFor(scan, context);
    if (!isEverything(scan.intervals[0]!) || candidate.gives === 'order') candidates.push(candidate);
  }
  const alternatives = orCandidate(context);
  if (alternatives) candidates.push(alternatives);
  return candidates;
}

function usableScan(
  index: Index,
  bounds: ReadonlyMap<string, Bounds>,
  predicate: Predicate,
  query: Query,
): IndexScan | undefined {
  if (index.spec.hidden) return undefined;
  if (index.partial && !staysWithin(predicate, index.partial, query.language.collator)) return undefined;
  if (index.spec.sparse && !excludesMissing(index, bounds, query)) return undefined;
  const scan = makeScan(index, bounds);
  return collationFits(index, query.language.collation, scan.intervals) ? scan : undefined;
}

/** A sparse index has every document that has one of its fields. */
function excludesMissing(index: Index, bounds: ReadonlyMap<string, Bounds>, query: Query): boolean {
  return index.spec.fields.some(({ path }) => {
    const found = bounds.get(path);
    return found !== undefined && !contains(found.multikeySafe, null, query.language.collator);
  });
}

function candidateFor(scan: IndexScan, context: Context): Candidate {
  const { collection, sort, query } = context;
  const tree = collection.view().trees.get(scan.index)!;
  const keys = () => countKeys(scan, tree);
  const sortable = sort.length > 0 && sameCollation(scan.index, query);
  const direction = sortable ? sortDirection(scan, sort, (field) => isFixed(scan, field)) : undefined;
  if (direction) return { access: { stage: 'IXSCAN', scan, direction }, gives: 'order', keys };
  const merged = sortable ? mergeFor(scan, sort) : undefined;
  if (merged) return { access: merged, gives: 'order', keys };
  const gives = sort.length === 0 ? 'order' : 'documents';
  return { access: { stage: 'IXSCAN', scan, direction: 1 }, gives, keys };
}

function sameCollation(index: Index, query: Query): boolean {
  return collationFits(index, query.language.collation, 'any');
}

function isFixed(scan: IndexScan, field: number): boolean {
  const intervals = scan.intervals[field]!;
  return intervals.length === 1 && isPoint(intervals[0]!, scan.index.collator);
}

/** 1 or -1 when walking the index that way gives the order asked for. Fields may be passed over where `skippable`. */
function sortDirection(
  { index }: IndexScan,
  sort: readonly SortPart[],
  skippable: (field: number) => boolean,
): 1 | -1 | undefined {
  let direction: 1 | -1 | undefined;
  let next = 0;
  for (let field = 0; field < index.spec.fields.length && next < sort.length; field++) {
    const { path, direction: indexDirection } = index.spec.fields[field]!;
    const part = sort[next]!;
    if (part.path === path && !isMultikeyPath(index, path)) {
      const way = part.direction === indexDirection ? 1 : -1;
      if (direction !== undefined && way !== direction) return undefined;
      direction = way;
      next++;
    } else if (!skippable(field)) {
      return undefined;
    }
  }
  return next === sort.length ? direction : undefined;
}

/** Where leading fields have several values each, every combination of them is a piece in order. */
function mergeFor(scan: IndexScan, sort: readonly SortPart[]): Access | undefined {
  if (scan.ranges.length > MAX_MERGED_RANGES || scan.ranges.length === 0) return undefined;
  const shortest = Math.min(...scan.ranges.map(({ prefix }) => prefix.length));
  const direction = sortDirection(scan, sort, (field) => field < shortest);
  if (!direction) return undefined;
  const { fields } = scan.index.spec;
  const sortFields = sort.map((part) => fields.findIndex(({ path }) => path === part.path));
  return { stage: 'SORT_MERGE', scan, direction, sortFields };
}

/** An $or is read by index only if each of its branches can be. */
function orCandidate(context: Context): Candidate | undefined {
  const { predicate, collection, query, sort } = context;
  const children = predicate.kind === 'and' ? predicate.children : [predicate];
  const or = children.find((child) => child.kind === 'or');
  if (or?.kind !== 'or') return undefined;
  const others = children.filter((child) => child !== or);
  const scans: IndexScan[] = [];
  for (const branch of or.children) {
    const whole = allOf([branch, ...others]);
    const found = bestScan(whole, collection, query);
    if (!found) return undefined;
    scans.push(found);
  }
  const { trees } = collection.view();
  return {
    access: { stage: 'OR', scans },
    gives: sort.length === 0 ? 'order' : 'documents',
    keys: () => scans.reduce((sum, scan) => sum + countKeys(scan, trees.get(scan.index)!), 0),
  };
}

function bestScan(predicate: Predicate, collection: Collection, query: Query): IndexScan | undefined {
  const bounds = boundsOf(predicate, query.language.collator);
  const { trees } = collection.view();
  let best: { scan: IndexScan; keys: number } | undefined;
  for (const index of collection.indexes) {
    const scan = usableScan(index, bounds, predicate, query);
    if (!scan || isEverything(scan.intervals[0]!)) continue;
    const keys = countKeys(scan, trees.get(index)!);
    if (!best || keys < best.keys) best = { scan, keys };
  }
  return best?.scan;
}

function cheapestFirst(candidates: Candidate[], query: Query): Candidate[] {
  if (candidates.length < 2) return candidates;
  const counted = candidates.map((candidate) => ({ candidate, keys: candidate.keys() }));
  const fewest = Math.max(1, Math.min(...counted.map(({ keys }) => keys)));
  const wanted = query.limit ? query.limit + (query.skip ?? 0) : Number.POSITIVE_INFINITY;
  const cost = ({ candidate, keys }: { candidate: Candidate; keys: number }) => {
    if (candidate.gives === 'documents') return keys * (1 + 0.2 * Math.log2(keys + 1));
    // No more documents match than the most selective index has keys: so many are passed over for each one found.
    return Math.min(keys, wanted * (keys / fewest));
  };
  return counted.sort((a, b) => cost(a) - cost(b)).map(({ candidate }) => candidate);
}

function withoutNatural(sort: Doc): Doc {
  if (getField(sort, '$natural') === undefined) return sort;
  if (Object.keys(sort).length > 1)
    throw badValue('$natural sort cannot be set to a value other than -1 or 1.');
  const direction = Number(getField(sort, '$natural'));
  if (direction !== 1 && direction !== -1) {
    throw badValue('$natural sort cannot be set to a value other than -1 or 1.');
  }
  return {};
}
