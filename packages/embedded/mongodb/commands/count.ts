import { Collection } from '../storage/collection.ts';
import { countByIndex } from '../storage/count-by-index.ts';
import { planQuery } from '../storage/planner.ts';
import { runPlan } from '../storage/run-plan.ts';
import { docFrom } from '../values/fields.ts';
import { type Call, command } from './command.ts';
import { type Args, anything, doc, hint, number, required, size } from './fields.ts';
import { runView } from './pipeline-run.ts';
import { collectionName, entryNamed, languageOf } from './target.ts';
import { countPipeline } from './views.ts';

export const countFields = {
  count: required(collectionName),
  query: doc,
  limit: number,
  skip: size,
  hint,
  collation: doc,
  fields: anything,
};

export type CountArgs = Args<typeof countFields>;

export const count = command({
  names: ['count'],
  help: 'counts documents',
  fields: countFields,
  run(args, call) {
    const { entry } = entryNamed(call, args.count);
    if (entry && !(entry instanceof Collection)) {
      const [result] = runView(entry, countPipeline(args), args, call);
      return { fields: docFrom([['n', result?.n ?? 0]]) };
    }
    return { fields: docFrom([['n', countDocuments(args, entry, call)]]) };
  },
});

export function countQuery(args: CountArgs, call: Call, collection: Collection | undefined) {
  return {
    language: languageOf(call, args, collection),
    filter: args.query ?? {},
    skip: args.skip,
    // Here a negative limit is as good as a positive one.
    limit: Math.abs(args.limit ?? 0),
    hint: args.hint,
  };
}

function countDocuments(args: CountArgs, collection: Collection | undefined, call: Call): number {
  const query = countQuery(args, call, collection);
  const plan = planQuery(collection, query);
  const all = countByIndex(plan);
  if (all !== undefined) return Math.min(Math.max(all - plan.skip, 0), plan.limit);
  let n = 0;
  for (const _ of runPlan(plan, { deadline: call.deadline })) n++;
  return n;
}
