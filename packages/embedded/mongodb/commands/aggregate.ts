import { failedToParse } from '../errors.ts';
import { Collection } from '../storage/collection.ts';
import { invalidNamespace } from '../storage/namespaces.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { aggregateFields } from './aggregate-fields.ts';
import { command } from './command.ts';
import { DEFAULT_FIRST_BATCH } from './cursors.ts';
import { explainReply } from './explain.ts';
import { aggregateView, runAggregate } from './pipeline-run.ts';
import { entryNamed } from './target.ts';

export const aggregate = command({
  names: ['aggregate'],
  help: 'runs a pipeline',
  fields: aggregateFields,
  run(args, call) {
    if (args.explain) {
      const asked = docFrom(Object.entries(call.body).filter(([name]) => name !== 'explain'));
      return explainReply(asked, 'queryPlanner', call);
    }
    if (!args.cursor) {
      throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
    }
    const batchSize = args.cursor.batchSize ?? DEFAULT_FIRST_BATCH;
    if (args.aggregate === undefined) {
      refuseWithoutCollection(args.pipeline);
      return runAggregate(`${call.database}.$cmd.aggregate`, undefined, args.pipeline, args, call, batchSize);
    }
    const { namespace, entry } = entryNamed(call, args.aggregate);
    if (!entry || entry instanceof Collection) {
      return runAggregate(namespace, entry, args.pipeline, args, call, batchSize);
    }
    return aggregateView(entry, args.pipeline, { ...args, batchSize }, call);
  },
});

const OWN_DOCUMENTS = new Set([
  '$documents',
  '$currentOp',
  '$listLocalSessions',
  '$listSessions',
  '$changeStream',
]);

function refuseWithoutCollection(pipeline: readonly Doc[]): void {
  const first = Object.keys(pipeline[0] ?? {})[0] ?? '';
  if (OWN_DOCUMENTS.has(first)) return;
  throw invalidNamespace(`{aggregate: 1} is not valid for '${first}'; a collection is required.`);
}
