/** explain: how a command would be run, and with executionStats how it went; nothing is changed. */
import { hostname } from 'node:os';
import { MongoError } from '../errors.ts';
import { Collection } from '../storage/collection.ts';
import { countByIndex } from '../storage/count-by-index.ts';
import { accessTree, stageTree } from '../storage/explain.ts';
import type { Plan, Query } from '../storage/plan.ts';
import { planQuery } from '../storage/planner.ts';
import { newStats, type RunStats, runPlan } from '../storage/run-plan.ts';
import { docFrom, getField, isEmptyDoc } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';
import { aggregateFields } from './aggregate-fields.ts';
import { type Call, command } from './command.ts';
import { isCommonField } from './common-fields.ts';
import { countFields, countQuery } from './count.ts';
import { deleteFields } from './delete.ts';
import { distinctFields, distinctQuery } from './distinct.ts';
import { doc, oneOf, readFields, required } from './fields.ts';
import { FIND_ERROR_NAME, findFields, findQuery } from './find.ts';
import { findAndModifyFields, findAndModifyQuery } from './find-and-modify.ts';
import { SERVER_VERSION } from './handshake.ts';
import { prepare } from './pipeline-run.ts';
import type { Reply } from './reply.ts';
import { entryNamed, firstGiven, languageOf, type Target } from './target.ts';
import { updateFields } from './update.ts';
import { resolveView, viewPipelineOfFind } from './views.ts';

type Verbosity = 'queryPlanner' | 'executionStats' | 'allPlansExecution';

/** A plan, and the stage that stands around it. */
interface Explained {
  collection: Collection | undefined;
  namespace: string;
  plan: Plan;
  wrap?: (tree: Doc, stats: RunStats | undefined) => Doc;
  /** Stages of a pipeline that the plan does not do. */
  rest?: readonly Value[];
}

export const explain = command({
  names: ['explain'],
  help: 'tells how a command would be run',
  fields: {
    explain: required(doc),
    verbosity: oneOf<Verbosity>('queryPlanner', 'executionStats', 'allPlansExecution'),
  },
  run: (args, call) => explainReply(args.explain, args.verbosity ?? 'allPlansExecution', call),
});

export function explainReply(asked: Doc, verbosity: Verbosity, call: Call): Reply {
  const explained = explainers[Object.keys(asked)[0] ?? '']?.(asked, call);
  if (!explained) {
    const name = Object.keys(asked)[0] ?? '';
    throw new MongoError(59, 'CommandNotFound', `Explain failed due to unknown command: ${name}`);
  }
  const planned = planFields(explained, verbosity, call);
  const fields =
    explained.rest && explained.rest.length > 0
      ? docFrom([['stages', [docFrom([['$cursor', docFrom(planned)]]), ...explained.rest]]])
      : docFrom(planned);
  return {
    fields: docFrom([
      ['explainVersion', '1'],
      ...(Object.entries(fields) as [string, Value][]),
      ['command', asked],
      [
        'serverInfo',
        docFrom([
          ['host', hostname()],
          ['port', call.server.port()],
          ['version', SERVER_VERSION],
          ['gitVersion', 'souk-embedded'],
        ]),
      ],
      ['serverParameters', docFrom([])],
    ]),
  };
}

function planFields(explained: Explained, verbosity: Verbosity, call: Call): [string, Value][] {
  const { plan, namespace, wrap = (tree) => tree } = explained;
  const queryPlanner = docFrom([
    ['namespace', namespace],
    ['indexFilterSet', false],
    ['parsedQuery', plan.filter],
    ['maxIndexedOrSolutionsReached', false],
    ['maxIndexedAndSolutionsReached', false],
    ['maxScansToExplodeReached', false],
    ['winningPlan', wrap(stageTree(plan), undefined)],
    ['rejectedPlans', plan.rejected.map((access) => wrap(accessTree(access, plan), undefined))],
  ]);
  if (verbosity === 'queryPlanner') return [['queryPlanner', queryPlanner]];
  const stats = newStats();
  const started = performance.now();
  for (const _ of runPlan(plan, { deadline: call.deadline, stats }));
  const tree = wrap(stageTree(plan, stats), stats);
  const executionStats = docFrom([
    ['executionSuccess', true],
    ['nReturned', (getField(tree, 'nReturned') as number | undefined) ?? stats.returned],
    ['executionTimeMillis', Math.round(performance.now() - started)],
    ['totalKeysExamined', stats.keysExamined],
    ['totalDocsExamined', stats.docsExamined],
    ['executionStages', tree],
    ['allPlansExecution', verbosity === 'allPlansExecution' ? [] : undefined],
  ]);
  return [
    ['queryPlanner', queryPlanner],
    ['executionStats', executionStats],
  ];
}

const inside =
  (stage: string, ...extra: [string, Value][]) =>
  (tree: Doc, stats: RunStats | undefined): Doc =>
    docFrom([
      ['stage', stage],
      // What changes documents returns none.
      ['nReturned', stats && 0],
      ...extra,
      ['inputStage', tree],
    ]);

function planned(
  call: Call,
  name: string,
  makeQuery: (collection: Collection | undefined) => Query,
): Explained {
  const { namespace, entry } = entryNamed(call, name);
  const collection = entry instanceof Collection ? entry : undefined;
  return { namespace, collection, plan: planQuery(collection, makeQuery(collection)) };
}

const explainers: Record<string, (asked: Doc, call: Call) => Explained> = {
  find(asked, call) {
    const args = readFields(asked, findFields, FIND_ERROR_NAME, isCommonField);
    const { entry, namespace } = entryNamed(call, args.find);
    if (entry && !(entry instanceof Collection)) {
      const resolved = resolveView(entry, call.server.store.catalog);
      const pipeline = [...resolved.pipeline, ...viewPipelineOfFind(args)];
      const { plan, rest } = prepare(resolved.collection, pipeline, args, call, call.deadline);
      return { namespace, collection: resolved.collection, plan, rest };
    }
    const explained = planned(call, args.find, (collection) => findQuery(args, call, collection));
    const { projection } = args;
    if (!projection || isEmptyDoc(projection)) return explained;
    const wrap = (tree: Doc, stats: RunStats | undefined) =>
      docFrom([
        ['stage', 'PROJECTION_SIMPLE'],
        ['nReturned', stats?.returned],
        ['transformBy', projection],
        ['inputStage', tree],
      ]);
    return { ...explained, wrap };
  },
  aggregate(asked, call) {
    const args = readFields(asked, aggregateFields, 'aggregate', isCommonField);
    const name = args.aggregate ?? '$cmd.aggregate';
    const entry = args.aggregate === undefined ? undefined : entryNamed(call, name).entry;
    const view =
      entry && !(entry instanceof Collection) ? resolveView(entry, call.server.store.catalog) : undefined;
    const collection = view ? view.collection : (entry as Collection | undefined);
    const pipeline = [...(view?.pipeline ?? []), ...args.pipeline];
    const { plan, rest } = prepare(collection, pipeline, args, call, call.deadline);
    return { namespace: `${call.database}.${name}`, collection, plan, rest };
  },
  count(asked, call) {
    const args = readFields(asked, countFields, 'count', isCommonField);
    const explained = planned(call, args.count, (collection) => countQuery(args, call, collection));
    const byIndex = countByIndex(explained.plan) !== undefined;
    const stage = byIndex && explained.plan.access.stage === 'COLLSCAN' ? 'RECORD_STORE_FAST_COUNT' : 'COUNT';
    return { ...explained, wrap: inside(stage) };
  },
  distinct(asked, call) {
    const args = readFields(asked, distinctFields, 'distinct', isCommonField);
    return planned(call, args.distinct, (collection) => distinctQuery(args, call, collection));
  },
  update(asked, call) {
    const args = readFields(asked, updateFields, 'update', isCommonField);
    const [statement] = args.updates;
    if (!statement || args.updates.length > 1)
      throw new MongoError(72, 'InvalidOptions', 'explained write batches must be of size 1');
    const explained = planned(call, args.update, (collection) => ({
      language: languageOf(call, { collation: statement.collation, let: args.let }, collection),
      filter: statement.q,
      hint: statement.hint,
      limit: statement.multi ? undefined : 1,
    }));
    return {
      ...explained,
      wrap: (tree, stats) => inside('UPDATE', ['nMatched', stats?.returned ?? 0])(tree, stats),
    };
  },
  delete(asked, call) {
    const args = readFields(asked, deleteFields, 'delete', isCommonField);
    const [statement] = args.deletes;
    if (!statement || args.deletes.length > 1)
      throw new MongoError(72, 'InvalidOptions', 'explained write batches must be of size 1');
    const explained = planned(call, args.delete, (collection) => ({
      language: languageOf(call, { collation: statement.collation, let: args.let }, collection),
      filter: statement.q,
      hint: statement.hint,
      limit: statement.limit,
    }));
    return {
      ...explained,
      wrap: (tree, stats) => inside('DELETE', ['nWouldDelete', stats?.returned ?? 0])(tree, stats),
    };
  },
  findAndModify: explainFindAndModify,
  findandmodify: explainFindAndModify,
};

function explainFindAndModify(asked: Doc, call: Call): Explained {
  const args = readFields(asked, findAndModifyFields, 'findAndModify', isCommonField);
  const name = firstGiven(args.findAndModify, args.findandmodify);
  const explained = planned(call, name, (collection) => {
    const target: Target = { name, namespace: `${call.database}.${name}`, collection };
    return findAndModifyQuery(args, target, call).query;
  });
  return { ...explained, wrap: inside(args.remove ? 'DELETE' : 'UPDATE') };
}
