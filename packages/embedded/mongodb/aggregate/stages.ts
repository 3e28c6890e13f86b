// The one table of every stage.
import { location } from '../errors.ts';
import { compileBucket } from './bucket.ts';
import { compileBucketAuto } from './bucket-auto.ts';
import { compileDensify } from './densify.ts';
import { compileFacet } from './facet.ts';
import { compileFill } from './fill.ts';
import { compileGraphLookup } from './graph-lookup.ts';
import { compileGroup } from './group.ts';
import { compileLookup } from './lookup.ts';
import { compileRedact } from './redact.ts';
import { refusedStages } from './refused.ts';
import {
  compileAddFields,
  compileProject,
  compileReplaceRoot,
  compileReplaceWith,
  compileUnset,
} from './reshape.ts';
import { compileSetWindowFields } from './set-window-fields.ts';
import {
  compileCount,
  compileLimit,
  compileMatch,
  compileSample,
  compileSkip,
  compileSortByCount,
} from './simple-stages.ts';
import { compileSortStage } from './sort.ts';
import { compileCollStats, compileDocuments, compileIndexStats } from './sources.ts';
import type { StageCompiler } from './stage.ts';
import { compileUnionWith } from './union-with.ts';
import { compileUnwind } from './unwind.ts';

/** splitOutput takes them off the end: one that is left stands elsewhere. */
const misplacedOutput: StageCompiler = (_spec, _context, { name }) => {
  throw location(40601, `${name} can only be the final stage in the pipeline`);
};

/** A map, not an object: `constructor` is no stage. */
export const stageCompilers: ReadonlyMap<string, StageCompiler> = new Map(
  Object.entries({
    $match: compileMatch,
    $project: compileProject,
    $addFields: compileAddFields,
    $set: compileAddFields,
    $unset: compileUnset,
    $replaceRoot: compileReplaceRoot,
    $replaceWith: compileReplaceWith,
    $group: compileGroup,
    $sort: compileSortStage,
    $limit: compileLimit,
    $skip: compileSkip,
    $unwind: compileUnwind,
    $count: compileCount,
    $sortByCount: compileSortByCount,
    $bucket: compileBucket,
    $bucketAuto: compileBucketAuto,
    $facet: compileFacet,
    $lookup: compileLookup,
    $graphLookup: compileGraphLookup,
    $unionWith: compileUnionWith,
    $redact: compileRedact,
    $sample: compileSample,
    $setWindowFields: compileSetWindowFields,
    $densify: compileDensify,
    $fill: compileFill,
    $documents: compileDocuments,
    $collStats: compileCollStats,
    $indexStats: compileIndexStats,
    $out: misplacedOutput,
    $merge: misplacedOutput,
    ...refusedStages,
  }),
);
