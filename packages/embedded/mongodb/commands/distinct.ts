import { location } from '../errors.ts';
import { Collection } from '../storage/collection.ts';
import { valuesAlong } from '../storage/index-keys.ts';
import { planQuery } from '../storage/planner.ts';
import { docOf, type StoredRecord } from '../storage/record.ts';
import { runPlan } from '../storage/run-plan.ts';
import { encodeDoc } from '../values/codec.ts';
import type { Collator } from '../values/collation.ts';
import { docFrom } from '../values/fields.ts';
import { hashKey } from '../values/hash-key.ts';
import { splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { type Call, command } from './command.ts';
import { type Args, doc, required, text } from './fields.ts';
import { runView } from './pipeline-run.ts';
import { collectionName, entryNamed, languageOf } from './target.ts';

export const distinctFields = {
  distinct: required(collectionName),
  key: required(text),
  query: doc,
  collation: doc,
};

export type DistinctArgs = Args<typeof distinctFields>;

const MAX_RESULT_BYTES = 16 * 1024 * 1024;

export const distinct = command({
  names: ['distinct'],
  help: 'lists the different values of a field',
  fields: distinctFields,
  run(args, call) {
    const { entry } = entryNamed(call, args.distinct);
    const collection = entry instanceof Collection ? entry : undefined;
    const language = languageOf(call, args, collection);
    const documents =
      entry && !collection
        ? runView(
            entry as Exclude<typeof entry, Collection>,
            [docFrom([['$match', args.query ?? {}]])],
            args,
            call,
          )
        : decoded(
            runPlan(planQuery(collection, distinctQuery(args, call, collection)), {
              deadline: call.deadline,
            }),
          );
    const values = differentValues(documents, splitPath(args.key), language.collator);
    const fields = docFrom([['values', values]]);
    if (encodeDoc(fields).length > MAX_RESULT_BYTES) throw location(17217, 'distinct too big, 16mb cap');
    return { fields };
  },
});

export function distinctQuery(args: DistinctArgs, call: Call, collection: Collection | undefined) {
  return { language: languageOf(call, args, collection), filter: args.query ?? {} };
}

function* decoded(records: Iterable<StoredRecord>): Iterable<Doc> {
  for (const record of records) yield docOf(record);
}

function differentValues(documents: Iterable<Doc>, path: string[], collator: Collator | undefined): Value[] {
  const seen = new Set<string>();
  const values: Value[] = [];
  for (const document of documents) {
    for (const value of valuesAlong(document, path)) {
      const key = hashKey(value, collator);
      if (seen.has(key)) continue;
      seen.add(key);
      values.push(value);
    }
  }
  return values;
}
