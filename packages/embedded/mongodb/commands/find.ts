/** find: from the command to a plan, and from its records to encoded documents. */

import { Long } from 'bson';
import { badValue, failedToParse } from '../errors.ts';
import { compileProjection } from '../query/projection.ts';
import { Collection } from '../storage/collection.ts';
import type { Index } from '../storage/index.ts';
import { keysIn } from '../storage/index.ts';
import type { Plan, Query } from '../storage/plan.ts';
import { planQuery, queryOptions } from '../storage/planner.ts';
import { docOf, type StoredRecord } from '../storage/record.ts';
import { runPlan } from '../storage/run-plan.ts';
import { copyDoc, docFrom, isEmptyDoc, setField } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { type Call, command } from './command.ts';
import { CursorTime, DEFAULT_FIRST_BATCH } from './cursors.ts';
import { type Args, doc, flag, hint, ownDoc, ownFlag, required, size } from './fields.ts';
import { aggregateView } from './pipeline-run.ts';
import type { Reply } from './reply.ts';
import { encodeResult } from './result.ts';
import { tailOf } from './tail.ts';
import { collectionName, entryNamed, languageOf } from './target.ts';
import { viewPipelineOfFind } from './views.ts';

/** A 7.0 names the fields of find after the class that parses them. */
export const FIND_ERROR_NAME = 'FindCommandRequest';

export const findFields = {
  find: required(collectionName),
  filter: ownDoc,
  sort: ownDoc,
  projection: ownDoc,
  hint,
  skip: size,
  limit: size,
  batchSize: size,
  singleBatch: ownFlag,
  let: doc,
  min: ownDoc,
  max: ownDoc,
  returnKey: ownFlag,
  showRecordId: ownFlag,
  tailable: ownFlag,
  awaitData: ownFlag,
  oplogReplay: flag,
  noCursorTimeout: ownFlag,
  allowPartialResults: ownFlag,
  allowDiskUse: ownFlag,
  readOnce: ownFlag,
  collation: ownDoc,
};

export type FindArgs = Args<typeof findFields>;

export const find = command({
  names: ['find'],
  help: 'finds documents',
  fields: findFields,
  counter: 'query',
  errorName: FIND_ERROR_NAME,
  run: runFind,
});

function runFind(args: FindArgs, call: Call): Reply {
  const { namespace, entry } = entryNamed(call, args.find);
  checkOptions(args);
  if (entry && !(entry instanceof Collection))
    return aggregateView(entry, viewPipelineOfFind(args), args, call);
  const time = new CursorTime(call.maxTimeMS);
  const batchSize = args.batchSize ?? DEFAULT_FIRST_BATCH;
  const source = {
    namespace,
    time,
    session: call.session,
    collection: entry,
    ...(args.noCursorTimeout && { noTimeout: true }),
  };
  const query = findQuery(args, call, entry);
  const plan = planQuery(entry, query);
  const encode = encoderFor(args, query, plan, entry);
  if (args.tailable && entry) {
    return call.server.cursors.reply(
      {
        ...source,
        ...tailOf(entry, plan, encode, time),
        tail: { awaitsData: args.awaitData === true, collection: entry },
      },
      batchSize,
    );
  }
  const documents = encoded(runPlan(plan, { deadline: time }), encode);
  return call.server.cursors.reply({ ...source, documents }, batchSize, {
    singleBatch: args.singleBatch === true,
  });
}

export function findQuery(args: FindArgs, call: Call, collection: Collection | undefined): Query {
  const language = languageOf(call, args, collection);
  return {
    language,
    filter: args.filter ?? {},
    sort: args.sort && !isEmptyDoc(args.sort) ? args.sort : undefined,
    skip: args.skip,
    limit: args.limit,
    hint: args.hint,
    min: args.min && !isEmptyDoc(args.min) ? args.min : undefined,
    max: args.max && !isEmptyDoc(args.max) ? args.max : undefined,
  };
}

function checkOptions(args: FindArgs): void {
  if (args.awaitData && !args.tailable) throw failedToParse('Cannot set awaitData without tailable');
  if (args.tailable && args.sort && !isEmptyDoc(args.sort) && !('$natural' in args.sort)) {
    throw badValue('cannot use tailable option with a sort other than {$natural: 1}');
  }
  if (args.tailable && args.singleBatch)
    throw badValue('cannot use tailable option with the singleBatch option');
}

type Encode = (record: StoredRecord) => Uint8Array;

function* encoded(records: Iterable<StoredRecord>, encode: Encode): IterableIterator<Uint8Array> {
  for (const record of records) yield encode(record);
}

/** Documents that are returned whole are never decoded. */
function encoderFor(args: FindArgs, query: Query, plan: Plan, collection: Collection | undefined): Encode {
  const project =
    args.projection && !isEmptyDoc(args.projection)
      ? compileProjection(args.projection, { ...queryOptions(query.language), filter: query.filter })
      : undefined;
  if (args.returnKey) {
    const index = indexOf(plan);
    return (record) => encodeResult(index ? firstKey(index, docOf(record)) : {});
  }
  if (args.showRecordId && collection) {
    return (record) => {
      const shown = project ? copyDoc(project(docOf(record))) : copyDoc(docOf(record));
      setField(shown, '$recordId', Long.fromNumber(record.id));
      return encodeResult(shown);
    };
  }
  if (!project) return (record) => record.bytes;
  return (record) => encodeResult(project(docOf(record)));
}

function indexOf({ access }: Plan): Index | undefined {
  switch (access.stage) {
    case 'IXSCAN':
    case 'SORT_MERGE':
      return access.scan.index;
    case 'IDHACK':
    case 'KEY_BOUNDS':
      return access.index;
    default:
      return undefined;
  }
}

function firstKey(index: Index, document: Doc): Doc {
  const [key = []] = keysIn(index, document).keys;
  return docFrom(index.spec.fields.map(({ path }, i) => [path, key[i]]));
}
