// $unionWith: the documents of another collection, or of a pipeline over it, after those of this one.
import { failedToParse } from '../errors.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import { checkedFields } from './fields.ts';
import { startsWithDocuments } from './lookup.ts';
import { readerFor } from './pipeline-reads.ts';
import type { StageCompiler } from './stage.ts';

export const compileUnionWith: StageCompiler = (spec, context) => {
  const { coll, pipeline } = parseUnion(spec);
  const run = context.compile(pipeline, 'union');
  const read = coll === undefined ? () => [] : readerFor(coll, pipeline, context);
  return function* unionWith(input) {
    yield* input;
    yield* run(read());
  };
};

function parseUnion(spec: Value): { coll?: string; pipeline: Value[] } {
  if (typeof spec === 'string') return { coll: spec, pipeline: [] };
  if (!isDoc(spec)) {
    throw failedToParse(
      `the $unionWith stage specification must be an object or string, but found ${kindOf(spec)}`,
    );
  }
  const fields = checkedFields(spec, '$unionWith', {
    coll: { kinds: ['string'] },
    pipeline: { kinds: ['array'] },
  });
  const pipeline = (fields.pipeline ?? []) as Value[];
  if (fields.coll !== undefined) return { coll: fields.coll as string, pipeline };
  if (startsWithDocuments(pipeline)) return { pipeline };
  throw failedToParse(
    '$unionWith stage without explicit collection must have a pipeline with $documents as first stage',
  );
}
