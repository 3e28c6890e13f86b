import { failedToParse } from '../errors.ts';
import { planQuery } from '../storage/planner.ts';
import { docOf } from '../storage/record.ts';
import { runPlan } from '../storage/run-plan.ts';
import { docFrom, getField } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { readUpdate, updaterFor } from './apply-update.ts';
import { type Call, command } from './command.ts';
import { type Args, anything, doc, flag, hint, list, required, strictFlag, struct } from './fields.ts';
import { collectionName, ensureCollection, languageOf, type Target, targetNamed } from './target.ts';
import { checkBatchSize, runBatch } from './write-batch.ts';

const statementFields = {
  q: required(doc),
  u: required(anything),
  c: doc,
  multi: strictFlag,
  upsert: strictFlag,
  collation: doc,
  arrayFilters: list(doc),
  hint,
};

export const updateFields = {
  update: required(collectionName),
  updates: required(list(struct(statementFields))),
  ordered: strictFlag,
  bypassDocumentValidation: flag,
  let: doc,
};

type UpdateArgs = Args<typeof updateFields>;
type Statement = Args<typeof statementFields>;

interface Outcome {
  matched: number;
  modified: number;
  upsertedId?: Doc[string];
}

export const update = command({
  names: ['update'],
  help: 'updates documents',
  writes: true,
  counter: 'update',
  fields: updateFields,
  run(args, call) {
    const target = targetNamed(call, args.update);
    checkBatchSize(args.updates.length);
    let n = 0;
    let nModified = 0;
    const upserted: Doc[] = [];
    const failures = runBatch(args.updates, args.ordered ?? true, (statement, index) => {
      const outcome = updateOne(statement, args, target, call);
      n += outcome.matched;
      nModified += outcome.modified;
      if (outcome.upsertedId === undefined) return;
      n++;
      upserted.push(
        docFrom([
          ['index', index],
          ['_id', outcome.upsertedId],
        ]),
      );
    });
    return {
      fields: docFrom([
        ['n', n],
        ['nModified', nModified],
        ['upserted', upserted.length > 0 ? upserted : undefined],
        ...Object.entries(failures),
      ]),
    };
  },
});

function updateOne(statement: Statement, args: UpdateArgs, target: Target, call: Call): Outcome {
  // An upsert in front of this statement may have made the collection.
  const { collection } = targetNamed(call, target.name);
  const language = languageOf(call, { collation: statement.collation, let: args.let }, collection);
  const updater = updaterFor(
    {
      filter: statement.q,
      update: readUpdate(statement.u),
      arrayFilters: statement.arrayFilters,
      bypassValidation: args.bypassDocumentValidation,
    },
    language,
  );
  if (updater.isReplacement && statement.multi) {
    throw failedToParse('multi update is not supported for replacement-style update');
  }
  const plan = planQuery(collection, {
    language,
    filter: statement.q,
    hint: statement.hint,
    limit: statement.multi ? undefined : 1,
  });
  // All that match are found first: a document that moves in the index must not be met again.
  const records = [...runPlan(plan, { deadline: call.deadline })];
  if (records.length === 0 && statement.upsert) {
    const record = updater.insert(ensureCollection({ ...target, collection }, call));
    return { matched: 0, modified: 0, upsertedId: getField(docOf(record), '_id')! };
  }
  let modified = 0;
  for (const record of records) {
    call.deadline.check();
    if (updater.change(collection!, record) !== record) modified++;
  }
  return { matched: records.length, modified };
}
