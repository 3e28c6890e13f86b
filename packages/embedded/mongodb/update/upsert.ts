/** The document an upsert starts from: what the filter says equals. */
import { MongoError } from '../errors.ts';
import type { FieldPredicate, Predicate } from '../query/predicate.ts';
import { docFrom, newDoc } from '../values/fields.ts';
import { compareStrings } from '../values/strings.ts';
import type { Doc, Value } from '../values/types.ts';
import { applyToDoc } from './apply-tree.ts';
import { buildUpdateTree } from './update-tree.ts';

/** All equalities, or (for a replacement) those on `_id` only, as fields of a new document. */
export function docFromFilter(predicate: Predicate, idOnly: boolean): Doc {
  const equalities = new Map<string, Value>();
  collect(predicate, idOnly, equalities);
  const paths = [...equalities.keys()].sort(compareStrings);
  let doc = newDoc();
  for (const path of paths) doc = setPath(doc, path, equalities.get(path)!);
  return doc;
}

function collect(predicate: Predicate, idOnly: boolean, equalities: Map<string, Value>): void {
  if (predicate.kind === 'and') {
    for (const child of predicate.children) collect(child, idOnly, equalities);
  } else if (predicate.kind === 'or') {
    // A choice of one is no choice.
    if (predicate.children.length === 1) collect(predicate.children[0]!, idOnly, equalities);
  } else if (predicate.kind === 'field') {
    const value = equalValue(predicate);
    if (value !== undefined) addEquality(predicate.path, value, idOnly, equalities);
  }
}

function equalValue({ condition }: FieldPredicate): Value | undefined {
  if (condition.operator === '$eq') return condition.value;
  if (condition.operator !== '$in' || condition.regexes.length > 0) return undefined;
  return condition.values.length === 1 ? condition.values[0] : undefined;
}

function addEquality(path: string, value: Value, idOnly: boolean, equalities: Map<string, Value>): void {
  if (idOnly) {
    if (path.startsWith('_id.')) {
      throw new MongoError(
        111,
        'NotExactValueField',
        `field at '_id' must be exactly specified, field at sub-path '${path}'found`,
      );
    }
    if (path !== '_id') return;
  }
  for (const known of equalities.keys()) {
    if (known === path) throw ambiguous(`path '${path}' is matched twice`);
    if (path.startsWith(`${known}.`)) throw ambiguous(`both paths '${path}' and '${known}' are matched`);
    if (known.startsWith(`${path}.`)) throw ambiguous(`both paths '${known}' and '${path}' are matched`);
  }
  equalities.set(path, value);
}

function ambiguous(reason: string): MongoError {
  return new MongoError(54, 'NotSingleValueField', `cannot infer query fields to set, ${reason}`);
}

/** Sets one path as $set would, save that a field of a filter may have any name. */
function setPath(doc: Doc, path: string, value: Value): Doc {
  const update = docFrom([['$set', docFrom([[path, value]])]]);
  const { root } = buildUpdateTree(update, {}, new Set());
  return applyToDoc(doc, root, { root: doc, insert: true, matchedIndex: undefined, arrayFilters: new Map() });
}
