/** A pipeline on its way: the front of it becomes a plan that may use indexes, the rest runs on what that gives. */
import { type LeadingStages, leadingMatch } from '../aggregate/leading.ts';
import { type OutputStage, splitOutput } from '../aggregate/output.ts';
import { compilePipeline, type PipelineContext } from '../aggregate/pipeline.ts';
import { Collection } from '../storage/collection.ts';
import { countByIndex } from '../storage/count-by-index.ts';
import type { Deadline } from '../storage/deadline.ts';
import type { Index } from '../storage/index.ts';
import type { Language, Plan, Query } from '../storage/plan.ts';
import { planQuery } from '../storage/planner.ts';
import { docOf, type StoredRecord } from '../storage/record.ts';
import { runPlan } from '../storage/run-plan.ts';
import { collationFits } from '../storage/scan-collation.ts';
import type { View } from '../storage/view.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';
import { collectionStats } from './collection-stats.ts';
import type { Call } from './command.ts';
import { countingPipeline } from './count-stage.ts';
import { CursorTime, DEFAULT_FIRST_BATCH } from './cursors.ts';
import { indexStats } from './index-stats.ts';
import type { Reply } from './reply.ts';
import { encodeResult } from './result.ts';
import { languageOf } from './target.ts';
import { resolveView } from './views.ts';
import { writeOutput } from './write-output.ts';

export interface AggregateOptions {
  hint?: Value | undefined;
  collation?: Doc | undefined;
  let?: Doc | undefined;
  bypassDocumentValidation?: boolean | undefined;
}

/** Also for a find on a view. */
export function aggregateView(
  view: View,
  pipeline: readonly Doc[],
  options: AggregateOptions & { batchSize?: number | undefined },
  call: Call,
): Reply {
  const resolved = resolveView(view, call.server.store.catalog);
  const namespace = `${view.info.database}.${view.info.name}`;
  const all = [...resolved.pipeline, ...pipeline];
  const withCollation = { ...options, collation: options.collation ?? resolved.collation };
  return runAggregate(
    namespace,
    resolved.collection,
    all,
    withCollation,
    call,
    options.batchSize ?? DEFAULT_FIRST_BATCH,
  );
}

/** All documents that a pipeline gives on a view, for count and distinct. */
export function runView(
  view: View,
  pipeline: readonly Doc[],
  options: AggregateOptions,
  call: Call,
): Iterable<Doc> {
  const resolved = resolveView(view, call.server.store.catalog);
  const withCollation = { ...options, collation: options.collation ?? resolved.collation };
  const run = prepare(
    resolved.collection,
    [...resolved.pipeline, ...pipeline],
    withCollation,
    call,
    call.deadline,
  );
  return run.documents();
}

export function runAggregate(
  namespace: string,
  collection: Collection | undefined,
  pipeline: readonly Doc[],
  options: AggregateOptions,
  call: Call,
  batchSize: number,
): Reply {
  const time = new CursorTime(call.maxTimeMS);
  const run = prepare(collection, pipeline, options, call, time);
  if (run.output) {
    const { output } = run;
    call.server.store.write(() =>
      writeOutput(output, run.documents(), { ...options, language: run.language }, call),
    );
    return { fields: {}, cursor: { batchName: 'firstBatch', id: 0n, namespace, documents: [] } };
  }
  const documents = run.isPlanAlone ? storedBytes(run.records()) : encoded(run.documents());
  return call.server.cursors.reply(
    { namespace, documents, time, session: call.session, collection },
    batchSize,
  );
}

export interface PreparedPipeline {
  plan: Plan;
  /** Stages that the plan does not do. */
  rest: LeadingStages['rest'];
  language: Language;
  output: OutputStage | undefined;
  /** The whole pipeline is in the plan: what is stored goes out as it is. */
  isPlanAlone: boolean;
  records(): IterableIterator<StoredRecord>;
  documents(): Iterable<Doc>;
}

export function prepare(
  collection: Collection | undefined,
  pipeline: readonly Doc[],
  options: AggregateOptions,
  call: Call,
  deadline: Deadline,
): PreparedPipeline {
  const language = languageOf(call, options, collection);
  const { stages: reading, output } = splitOutput([...pipeline]);
  const context = contextFor(call, language, collection, deadline);
  // Compiled as a whole first: whatever is wrong with any stage is told before anything runs.
  compilePipeline(reading, context);
  const front = leadingMatch(reading);
  const query: Query = {
    language,
    filter: front.filter ?? docFrom([]),
    sort: front.sort,
    skip: front.skip,
    limit: front.limit,
    hint: options.hint,
  };
  const plan = planQuery(collection, query);
  const rest = compilePipeline(front.rest, context);
  const records = () => runPlan(plan, { deadline });
  const counting = countingPipeline(front.rest);
  return {
    plan,
    rest: front.rest,
    language,
    output,
    isPlanAlone: front.rest.length === 0,
    records,
    documents: () => (counting ? counted(plan, records(), counting) : rest(decoded(records()))),
  };
}

function contextFor(
  call: Call,
  language: Language,
  collection: Collection | undefined,
  deadline: Deadline,
): PipelineContext {
  const { catalog } = call.server.store;
  return {
    ...(language.collator && { collator: language.collator }),
    variables: language.variables,
    now: language.now,
    databaseName: call.database,
    collectionStats: () => collectionStats(collection, collection?.namespace ?? call.database),
    indexStats: () => indexStats(collection, call.server),
    checkDeadline: () => deadline.check(),
    hasIndexOn: (name, path) => {
      const indexes = catalog.collection(call.database, name)?.indexes ?? [];
      return indexes.some((index) => answersPath(index, path, language));
    },
    *readCollection(name, filter = docFrom([])) {
      const entry = catalog.get(call.database, name);
      if (entry && !(entry instanceof Collection)) {
        yield* runView(entry, [docFrom([['$match', filter]])], {}, call);
        return;
      }
      // What is compared inside is compared as the command says, not as the other collection would.
      const query = { language, filter };
      yield* decoded(runPlan(planQuery(entry, query), { deadline }));
    },
  };
}

function* counted(
  plan: Plan,
  records: Iterable<StoredRecord>,
  result: (count: number) => Doc,
): IterableIterator<Doc> {
  let count = countByIndex(plan);
  if (count !== undefined) count = Math.min(Math.max(count - plan.skip, 0), plan.limit);
  else {
    count = 0;
    for (const _ of records) count++;
  }
  if (count > 0) yield result(count);
}

/** Whether any value at the path can be looked up in the index. */
function answersPath(index: Index, path: string, { collation }: Language): boolean {
  const { fields, hidden, sparse, partialFilter } = index.spec;
  if (hidden || sparse || partialFilter) return false;
  return fields[0]!.path === path && collationFits(index, collation, 'any');
}

function* decoded(records: Iterable<StoredRecord>): IterableIterator<Doc> {
  for (const record of records) yield docOf(record);
}

function* storedBytes(records: Iterable<StoredRecord>): IterableIterator<Uint8Array> {
  for (const record of records) yield record.bytes;
}

function* encoded(documents: Iterable<Doc>): IterableIterator<Uint8Array> {
  for (const document of documents) yield encodeResult(document);
}
