// Compiles aggregation pipelines: every stage is checked before the first document is read.
import { location, MongoError, typeMismatch } from '../errors.ts';
import { isStackOverflow, tooDeep } from '../expressions/meter.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import type { PipelineContext, Place, Stage, StageContext } from './stage.ts';
import { checkPlace } from './stage-places.ts';
import { stageCompilers } from './stages.ts';

export type { PipelineContext, Stage } from './stage.ts';

const LONGEST_PIPELINE = 1000;
/** How deep $lookup, $unionWith and $facet may stand in one another. */
const DEEPEST_NESTING = 20;

/** Gives a function from the documents of the collection to the documents of the result. */
export function compilePipeline(stages: Value[], context: PipelineContext): Stage {
  const run = compileStages(stages, context, 'command', 0);
  return (input) => withoutOverflow(run(input));
}

/** Stages can nest documents deeper than any walk over them can follow; the server must outlive that. */
function* withoutOverflow(docs: Iterable<Doc>): Iterable<Doc> {
  try {
    yield* docs;
  } catch (failure) {
    // Everything else is told to the client as it is.
    throw isStackOverflow(failure) ? tooDeep() : failure;
  }
}

/** The pipeline of an update: only stages that change one document by itself. */
export function compileUpdatePipeline(stages: Value[], context: PipelineContext): (doc: Doc) => Doc {
  const run = compileStages(stages, context, 'update', 0);
  return (doc) => {
    const [changed] = run([doc]);
    return changed as Doc;
  };
}

function compileStages(stages: Value[], context: PipelineContext, place: Place, depth: number): Stage {
  if (stages.length > LONGEST_PIPELINE) {
    throw location(7749501, `Pipeline length must be no longer than ${LONGEST_PIPELINE} stages`);
  }
  if (depth > DEEPEST_NESTING) {
    throw new MongoError(
      232,
      'MaxSubPipelineDepthExceeded',
      `Maximum number of nested sub-pipelines exceeded. Limit is ${DEEPEST_NESTING}`,
    );
  }
  const checked = stages.map(checkStage);
  const stageContext: StageContext = {
    ...context,
    place,
    depth,
    compile: (nested, nestedPlace, nestedContext = context) =>
      compileStages(nested, nestedContext, nestedPlace, depth + 1),
  };
  const compiled = checked.map((stage, index) => compileStage(stage, index, checked, stageContext));
  return (input) => compiled.reduce((docs, run) => run(docs), input);
}

function checkStage(stage: Value): Doc {
  if (!isDoc(stage)) throw typeMismatch("Each element of the 'pipeline' array must be an object");
  if (Object.keys(stage).length === 1) return stage;
  throw location(40323, 'A pipeline stage specification object must contain exactly one field.');
}

function compileStage(stage: Doc, index: number, stages: readonly Doc[], context: StageContext): Stage {
  const name = Object.keys(stage)[0] as string;
  const compile = stageCompilers.get(name);
  if (!compile) throw location(40324, `Unrecognized pipeline stage name: '${name}'`);
  checkPlace(name, index, context.place);
  return compile(stage[name] as Value, context, { name, index, following: stages.slice(index + 1) });
}
