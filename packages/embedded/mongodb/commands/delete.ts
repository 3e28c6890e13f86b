import { failedToParse } from '../errors.ts';
import { planQuery } from '../storage/planner.ts';
import { runPlan } from '../storage/run-plan.ts';
import { docFrom } from '../values/fields.ts';
import { command } from './command.ts';
import { anything, doc, docOrText, flag, list, number, required, struct } from './fields.ts';
import { collectionName, languageOf, targetNamed } from './target.ts';
import { checkBatchSize, runBatch } from './write-batch.ts';

export const deleteFields = {
  delete: required(collectionName),
  deletes: required(
    list(struct({ q: required(doc), limit: required(number), collation: doc, hint: docOrText })),
  ),
  ordered: flag,
  let: doc,
  comment: anything,
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
      if (limit !== 0 && limit !== 1) {
        throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${limit}`);
      }
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
