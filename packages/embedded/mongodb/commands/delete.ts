import { failedToParse } from '../errors.ts';
import { planQuery } from '../storage/planner.ts';
import { runPlan } from '../storage/run-plan.ts';
import { docFrom } from '../values/fields.ts';
import { isNumber } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import { command } from './command.ts';
import { doc, type FieldReader, hint, list, required, strictFlag, struct } from './fields.ts';
import { collectionName, languageOf, targetNamed } from './target.ts';
import { checkBatchSize, runBatch } from './write-batch.ts';

/** What is no number counts as 0, which means all: the real server's reading. */
const oneOrAll: FieldReader<number> = (value) => {
  const limit = isNumber(value) ? toNumber(value) : 0;
  if (limit === 0 || limit === 1) return limit;
  throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${limit}`);
};

export const deleteFields = {
  delete: required(collectionName),
  deletes: required(list(struct({ q: required(doc), limit: required(oneOrAll), collation: doc, hint }))),
  ordered: strictFlag,
  let: doc,
};

export const deleteCommand = command({
  names: ['delete'],
  help: 'deletes documents',
  writes: true,
  counter: 'delete',
  fields: deleteFields,
  run(args, call) {
    const { collection } = targetNamed(call, args.delete);
    checkBatchSize(args.deletes.length);
    let n = 0;
    const failures = runBatch(args.deletes, args.ordered ?? true, ({ q, limit, collation, hint }) => {
      const language = languageOf(call, { collation, let: args.let }, collection);
      const plan = planQuery(collection, { language, filter: q, hint, limit });
      for (const record of runPlan(plan, { deadline: call.deadline })) {
        collection!.remove(record);
        n++;
      }
    });
    return { fields: docFrom([['n', n], ...Object.entries(failures)]) };
  },
});
