/** Updates as functions of a document: operators, replacements and pipelines. */
import { failedToParse, MongoError } from '../errors.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { matchPosition } from '../query/position.ts';
import type { Predicate, QueryOptions } from '../query/predicate.ts';
import { getField } from '../values/fields.ts';
import { identical } from '../values/identical.ts';
import type { Doc } from '../values/types.ts';
import { applyToDoc } from './apply-tree.ts';
import { parseArrayFilters } from './array-filters.ts';
import { pipelineTransform } from './pipeline-update.ts';
import { removePath } from './rename-modifier.ts';
import { replacementTransform } from './replacement.ts';
import { checkId, immutableField, withIdFirst } from './storable.ts';
import { buildUpdateTree, type UpdateTree } from './update-tree.ts';
import { docFromFilter } from './upsert.ts';

export interface UpdateOptions extends QueryOptions {
  arrayFilters?: Doc[];
  /** The filter that found the documents: `$` and upserts look at it. */
  filter: Doc;
}

export interface CompiledUpdate {
  /** The updated document: the very same object when nothing changed. */
  apply(doc: Doc): Doc;
  /** The document to insert when none was found; it has no `_id` unless filter or update name one. */
  upsert(): Doc;
  isReplacement: boolean;
}

type Transform = (doc: Doc, insert: boolean) => Doc;

export function compileUpdate(update: Doc | Doc[], options: UpdateOptions): CompiledUpdate {
  const predicate = parseFilter(options.filter, options);
  const isPipeline = Array.isArray(update);
  const isReplacement = !isPipeline && !(Object.keys(update)[0] ?? '').startsWith('$');
  const transform = compileTransform(update, options, predicate);
  return {
    isReplacement,
    apply: (doc) => transform(doc, false),
    upsert() {
      refuseExpr(predicate);
      const start = docFromFilter(predicate, isReplacement);
      const doc = withIdFirst(transform(start, true));
      const id = getField(doc, '_id');
      if (id !== undefined) checkId(id);
      return doc;
    },
  };
}

function compileTransform(update: Doc | Doc[], options: UpdateOptions, predicate: Predicate): Transform {
  const arrayFilters = options.arrayFilters ?? [];
  if (Array.isArray(update)) {
    if (arrayFilters.length > 0) {
      throw failedToParse('arrayFilters may not be specified for pipeline-style updates');
    }
    return pipelineTransform(update, options);
  }
  if (!(Object.keys(update)[0] ?? '').startsWith('$')) {
    if (arrayFilters.length > 0) {
      throw failedToParse('arrayFilters may not be specified for replacement-style updates');
    }
    return replacementTransform(update);
  }
  return operatorTransform(update, options, predicate);
}

function operatorTransform(update: Doc, options: UpdateOptions, predicate: Predicate): Transform {
  const arrayFilters = parseArrayFilters(options.arrayFilters ?? [], options);
  const tree = buildUpdateTree(update, options, new Set(arrayFilters.keys()));
  return (doc, insert) => {
    const matchedIndex = tree.isPositional && !insert ? matchPosition(predicate, doc).index : undefined;
    let result = applyToDoc(doc, tree.root, { root: doc, insert, matchedIndex, arrayFilters });
    for (const { from } of tree.renames) result = removePath(result, from);
    checkIdUnchanged(doc, result, tree);
    return withIdFirst(result);
  };
}

function checkIdUnchanged(before: Doc, after: Doc, tree: UpdateTree): void {
  const id = getField(before, '_id');
  if (id === undefined || identical(id, getField(after, '_id'))) return;
  const culprit = tree.paths.find(({ path }) => path === '_id' || path.startsWith('_id.'))!;
  const action =
    culprit.operator === '$rename' && tree.renames.some(({ from }) => from.join('.') === culprit.path)
      ? `Unsetting the path '${culprit.path}' using $rename`
      : `Performing an update on the path '${culprit.path}'`;
  throw immutableField(`${action} would modify the immutable field '_id'`);
}

/** What an expression asks for can not be turned into fields of a new document. */
function refuseExpr(predicate: Predicate): void {
  if (predicate.kind === 'document' && predicate.operator === '$expr') {
    throw new MongoError(
      224,
      'QueryFeatureNotAllowed',
      '$expr is not allowed in the query predicate for an upsert',
    );
  }
  if (predicate.kind === 'and' || predicate.kind === 'or' || predicate.kind === 'nor') {
    predicate.children.forEach(refuseExpr);
  }
}
