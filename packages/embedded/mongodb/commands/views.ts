/** Views are read by putting their pipeline in front of what is asked of them. */

import { splitOutput } from '../aggregate/output.ts';
import { compilePipeline } from '../aggregate/pipeline.ts';
import { MongoError } from '../errors.ts';
import type { Catalog } from '../storage/catalog.ts';
import { Collection } from '../storage/collection.ts';
import type { View } from '../storage/view.ts';
import { docFrom, isEmptyDoc } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import type { Call } from './command.ts';

const MAX_DEPTH = 20;

export interface ResolvedView {
  /** The collection at the bottom, if there is one. */
  collection: Collection | undefined;
  collectionName: string;
  pipeline: Doc[];
  collation: Doc | undefined;
}

export function resolveView(view: View, catalog: Catalog): ResolvedView {
  let pipeline = [...view.pipeline];
  let name = view.viewOn;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const entry = catalog.get(view.info.database, name);
    if (!entry || entry instanceof Collection) {
      return { collection: entry, collectionName: name, pipeline, collation: view.collation };
    }
    pipeline = [...entry.pipeline, ...pipeline];
    name = entry.viewOn;
  }
  throw new MongoError(
    165,
    'ViewDepthLimitExceeded',
    `View depth too deep or view cycle detected; maximum depth is ${MAX_DEPTH}`,
  );
}

export function checkViewPipeline(pipeline: Doc[], call: Call): void {
  const { stages, output } = splitOutput(pipeline);
  if (output) {
    throw new MongoError(
      20,
      'IllegalOperation',
      'The aggregation stage that writes its result is not allowed in a view',
    );
  }
  compilePipeline(stages, {
    variables: {},
    now: call.now,
    databaseName: call.database,
    readCollection: () => [],
  });
}

const stage = (name: string, operand: Doc[string]): Doc => docFrom([[name, operand]]);

/** What a find asks for, as stages. */
export function viewPipelineOfFind(args: {
  filter?: Doc | undefined;
  sort?: Doc | undefined;
  skip?: number | undefined;
  limit?: number | undefined;
  projection?: Doc | undefined;
}): Doc[] {
  const stages: Doc[] = [];
  if (args.filter && !isEmptyDoc(args.filter)) stages.push(stage('$match', args.filter));
  if (args.sort && !isEmptyDoc(args.sort)) stages.push(stage('$sort', args.sort));
  if (args.skip) stages.push(stage('$skip', args.skip));
  if (args.limit) stages.push(stage('$limit', args.limit));
  if (args.projection && !isEmptyDoc(args.projection)) stages.push(stage('$project', args.projection));
  return stages;
}

export function countPipeline(args: {
  query?: Doc | undefined;
  skip?: number | undefined;
  limit?: number | undefined;
}): Doc[] {
  const limit = Math.abs(args.limit ?? 0);
  return [...viewPipelineOfFind({ filter: args.query, skip: args.skip, limit }), stage('$count', 'n')];
}
