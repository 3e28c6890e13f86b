/** Carries out $out and $merge: writes what a pipeline gives into a collection. */
import { randomUUID } from 'node:crypto';
import { ObjectId } from 'bson';
import type { MergeStage, OutputStage, OutStage } from '../aggregate/output.ts';
import { location, MongoError } from '../errors.ts';
import { compileExpression, scopeOf } from '../expressions/compile.ts';
import { Collection } from '../storage/collection.ts';
import type { Language } from '../storage/plan.ts';
import { planQuery } from '../storage/planner.ts';
import type { StoredRecord } from '../storage/record.ts';
import { runPlan } from '../storage/run-plan.ts';
import { equalValues } from '../values/compare.ts';
import { docFrom, getField, hasField, setField } from '../values/fields.ts';
import { isNullish } from '../values/kind.ts';
import { getPath, splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { updaterFor } from './apply-update.ts';
import type { Call } from './command.ts';
import { newDocument, withIdFirst } from './new-document.ts';
import { notOnView } from './target.ts';
import { validatorOf } from './validator.ts';

interface OutputOptions {
  language: Language;
  bypassDocumentValidation?: boolean | undefined;
}

export function writeOutput(
  output: OutputStage,
  documents: Iterable<Doc>,
  options: OutputOptions,
  call: Call,
): void {
  if (output.kind === '$out') writeOut(output, documents, options, call);
  else merge(output, documents, options, call);
}

function existing(output: OutputStage, call: Call): { database: string; collection: Collection | undefined } {
  const database = output.database ?? call.database;
  const entry = call.server.store.catalog.get(database, output.collection);
  if (entry && !(entry instanceof Collection)) throw notOnView(`${database}.${output.collection}`);
  return { database, collection: entry };
}

/** The new collection takes the old one's place, options and indexes when it is complete, or not at all. */
function writeOut(output: OutStage, documents: Iterable<Doc>, options: OutputOptions, call: Call): void {
  const { store } = call.server;
  const { database, collection: old } = existing(output, call);
  if (old?.info.options.capped) {
    throw location(17152, `namespace '${old.namespace}' is capped so it can't be used for $out`);
  }
  const next = store.createCollection(database, `tmp.agg_out.${randomUUID()}`, old?.info.options);
  try {
    for (const index of old?.indexes.slice(1) ?? []) store.createIndex(next, index.spec);
    const check = validatorOf(next, options.bypassDocumentValidation);
    for (const given of documents) {
      const document = newDocument(given);
      check?.(document);
      next.insert(document);
    }
    store.rename(next, database, output.collection);
  } catch (error) {
    store.drop(next);
    throw error;
  }
}

function merge(stage: MergeStage, documents: Iterable<Doc>, options: OutputOptions, call: Call): void {
  const { database, collection } = existing(stage, call);
  const target = collection ?? call.server.store.createCollection(database, stage.collection);
  checkJoinFields(stage.on, target, options.language);
  const joinsById = stage.on.includes('_id');
  for (const given of documents) mergeOne(stage, joinsById ? withId(given) : given, target, options);
}

/** Two documents must never be found for one. */
function checkJoinFields(on: readonly string[], target: Collection, { collation }: Language): void {
  const wanted = [...on].sort();
  const isUnique = target.indexes.some(({ spec }) => {
    const paths = spec.fields.map(({ path }) => path).sort();
    const sameCollation =
      spec.collation === undefined
        ? collation === undefined
        : collation !== undefined && equalValues(spec.collation, collation);
    return spec.unique && !spec.partialFilter && sameCollation && equalValues(paths, wanted);
  });
  if (!isUnique) throw location(51183, 'Cannot find index to verify that join fields will be unique');
}

function withId(document: Doc): Doc {
  return hasField(document, '_id') ? document : withIdFirst(document, new ObjectId());
}

function mergeOne(stage: MergeStage, document: Doc, target: Collection, options: OutputOptions): void {
  const filter = joinFilter(stage.on, document);
  const plan = planQuery(target, { language: options.language, filter, limit: 1 });
  const [found] = runPlan(plan, { deadline: { check: () => {} } });
  if (found && stage.whenMatched !== 'fail') {
    if (stage.whenMatched !== 'keepExisting') change(stage, document, found, filter, target, options);
    return;
  }
  // With 'fail' the insert itself tells which key was there.
  if (stage.whenNotMatched === 'insert') insert(document, target, options);
  else if (stage.whenNotMatched === 'fail') {
    throw new MongoError(
      13113,
      'MergeStageNoMatchingDocument',
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    );
  }
}

function joinFilter(on: readonly string[], document: Doc): Doc {
  const filter = docFrom([]);
  for (const path of on) {
    const value = getPath(document, splitPath(path));
    if (isNullish(value)) {
      throw location(51132, "$merge write error: 'on' field cannot be missing, null, undefined or an array");
    }
    if (Array.isArray(value)) throw location(51185, "$merge write error: 'on' field cannot be an array");
    setField(filter, path, docFrom([['$eq', value]]));
  }
  return filter;
}

function insert(document: Doc, target: Collection, { bypassDocumentValidation }: OutputOptions): void {
  const ready = newDocument(document);
  validatorOf(target, bypassDocumentValidation)?.(ready);
  target.insert(ready);
}

function change(
  stage: MergeStage,
  document: Doc,
  found: StoredRecord,
  filter: Doc,
  target: Collection,
  options: OutputOptions,
): void {
  const { language, bypassDocumentValidation } = options;
  const variables = stage.let ? valuesOf(stage.let, document, language) : language.variables;
  const updater = updaterFor(
    { filter, update: updateFor(stage, document), bypassValidation: bypassDocumentValidation },
    { ...language, variables },
  );
  updater.change(target, found);
}

function updateFor({ whenMatched }: MergeStage, document: Doc): Doc | Doc[] {
  if (typeof whenMatched === 'object') return whenMatched.pipeline as Doc[];
  return whenMatched === 'replace' ? document : docFrom([['$set', document]]);
}

/** The stage's own variables, computed from the new document; those of the command stay in reach. */
function valuesOf(given: Doc, document: Doc, language: Language): Record<string, Value> {
  const values: Record<string, Value> = { ...language.variables };
  const context = {
    variables: new Set(Object.keys(language.variables)),
    now: language.now,
    ...(language.collator && { collator: language.collator }),
  };
  for (const name of Object.keys(given)) {
    const evaluate = compileExpression(getField(given, name)!, context);
    values[name] = evaluate(scopeOf(document, language.variables)) ?? null;
  }
  return values;
}
