/** Updates that are pipelines: stages that change one document by itself. */
import { compileUpdatePipeline } from '../aggregate/pipeline.ts';
import type { QueryOptions } from '../query/predicate.ts';
import { identical } from '../values/identical.ts';
import type { Doc } from '../values/types.ts';
import { replaceContent } from './replacement.ts';

export function pipelineTransform(stages: Doc[], options: QueryOptions): (doc: Doc) => Doc {
  const { collator, variables = {}, now = new Date() } = options;
  const run = compileUpdatePipeline(stages, {
    variables,
    now,
    databaseName: '',
    // None of the stages that updates may have reads another collection.
    readCollection: () => [],
    ...(collator && { collator }),
  });
  return (doc) => {
    // A result without an _id keeps the old one.
    const result = replaceContent(doc, run(doc));
    return identical(result, doc) ? doc : result;
  };
}
