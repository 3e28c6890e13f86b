// Stages that this server, a standalone one without search, refuses as MongoDB would, or says it lacks.
import { location, MongoError } from '../errors.ts';
import type { StageCompiler } from './stage.ts';

function refused(code: number, codeName: string, message: string): StageCompiler {
  return () => {
    throw new MongoError(code, codeName, message);
  };
}

function numbered(code: number, message: string): StageCompiler {
  return () => {
    throw location(code, message);
  };
}

const NO_ATLAS =
  'Using $search and $vectorSearch aggregation stages requires additional configuration. ' +
  'Please connect to Atlas or an AtlasCLI local deployment to enable.';

export const refusedStages: Readonly<Record<string, StageCompiler>> = {
  $changeStream: numbered(40573, 'The $changeStream stage is only supported on replica sets'),
  $changeStreamSplitLargeEvent: numbered(
    7182802,
    '$changeStreamSplitLargeEvent can only be used in a $changeStream pipeline',
  ),
  $geoNear: refused(27, 'IndexNotFound', '$geoNear requires a 2d or 2dsphere index, but none were found'),
  $search: refused(31082, 'SearchNotEnabled', NO_ATLAS),
  $searchMeta: refused(31082, 'SearchNotEnabled', NO_ATLAS),
  $vectorSearch: refused(31082, 'SearchNotEnabled', NO_ATLAS),
  $listSearchIndexes: refused(31082, 'SearchNotEnabled', NO_ATLAS),
  $shardedDataDistribution: numbered(6789100, 'The $shardedDataDistribution stage can only be run on mongoS'),
  $currentOp: refused(238, 'NotImplemented', '$currentOp is not supported'),
  $listSessions: refused(238, 'NotImplemented', '$listSessions is not supported'),
  $listLocalSessions: refused(238, 'NotImplemented', '$listLocalSessions is not supported'),
  $planCacheStats: refused(238, 'NotImplemented', '$planCacheStats is not supported'),
  $queryStats: refused(238, 'NotImplemented', '$queryStats is not supported'),
  $listSampledQueries: refused(238, 'NotImplemented', '$listSampledQueries is not supported'),
};
