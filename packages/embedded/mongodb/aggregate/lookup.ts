// $lookup: by equal fields, by a pipeline with variables, or by both.
import { failedToParse, location } from '../errors.ts';
import { parseFieldPath } from '../expressions/field-path.ts';
import { describeField, describeValue } from '../values/describe.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { foreignCollection } from './foreign-collection.ts';
import { localValues } from './join-keys.ts';
import { bytesOf, MEMORY_LIMIT } from './memory.ts';
import { isConstantPipeline, readerFor } from './pipeline-reads.ts';
import type { Stage, StageCompiler, StageContext } from './stage.ts';
import { withPath } from './unwind.ts';
import { compileLet } from './variables.ts';

interface LookupSpec {
  from?: string;
  as?: string;
  localField?: string;
  foreignField?: string;
  let?: Value;
  pipeline?: Value[];
}

export const compileLookup: StageCompiler = (spec, context) => {
  const lookup = parseLookup(spec);
  const as = parseFieldPath(lookup.as as string);
  const find = lookup.pipeline ? byPipeline(lookup, lookup.pipeline, context) : byFields(lookup, context);
  return function* lookUp(input) {
    for (const doc of input) yield withPath(doc, as, limited(find(doc), lookup));
  };
};

function tooLarge({ from = '', pipeline = [] }: LookupSpec) {
  return location(
    4568,
    `Total size of documents in ${from} matching pipeline's $lookup stage exceeds ${MEMORY_LIMIT} bytes: ${describeValue(pipeline)}`,
  );
}

function parseLookup(spec: Value): LookupSpec {
  if (!isDoc(spec)) {
    throw failedToParse(`the $lookup stage specification must be an object, but found ${kindOf(spec)}`);
  }
  const lookup: LookupSpec = {};
  for (const name of Object.keys(spec)) readArgument(lookup, name, spec[name] as Value);
  const { from, as, localField, foreignField, pipeline } = lookup;
  if (from === undefined && !startsWithDocuments(pipeline)) {
    throw failedToParse(`missing 'from' option to $lookup stage specification: ${describeValue(spec)}`);
  }
  if (as === undefined || as === '') throw failedToParse("must specify 'as' field for a $lookup");
  if (pipeline) {
    if ((localField === undefined) !== (foreignField === undefined)) {
      throw failedToParse(
        "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
      );
    }
  } else if (localField === undefined || foreignField === undefined) {
    throw failedToParse(
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  } else if (lookup.let !== undefined) {
    throw failedToParse("$lookup with a 'let' argument must also specify 'pipeline'");
  }
  return lookup;
}

function readArgument(lookup: LookupSpec, name: string, value: Value): void {
  switch (name) {
    case 'pipeline':
      if (!Array.isArray(value)) throw failedToParse("'pipeline' option must be specified as an array");
      lookup.pipeline = value;
      return;
    case 'let':
      lookup.let = value;
      return;
    case 'from':
    case 'as':
    case 'localField':
    case 'foreignField':
      if (typeof value !== 'string') {
        throw failedToParse(
          `$lookup argument '${name}' must be a string, found ${describeField(name, value)}: ${kindOf(value)}`,
        );
      }
      lookup[name] = value;
      return;
    default:
      throw failedToParse(`unknown argument to $lookup: ${name}`);
  }
}

export function startsWithDocuments(pipeline: readonly Value[] | undefined): boolean {
  const first = pipeline?.[0];
  return isDoc(first) && Object.hasOwn(first, '$documents');
}

type Find = (doc: Doc) => Iterable<Doc>;

function byFields(
  { from = '', localField = '', foreignField = '' }: LookupSpec,
  context: StageContext,
): Find {
  const local = parseFieldPath(localField);
  const foreign = foreignCollection(from, foreignField, context);
  return (doc) => foreign.find(localValues(doc, local));
}

function byPipeline(lookup: LookupSpec, pipeline: Value[], context: StageContext): Find {
  const { from, localField, foreignField } = lookup;
  const letVariables = compileLet(lookup.let, context);
  const run: Stage = context.compile(pipeline, 'lookup', letVariables.context);
  const join = localField !== undefined && foreignField !== undefined ? byFields(lookup, context) : undefined;
  if (join) {
    return (doc) => {
      letVariables.bind(doc);
      return run(join(doc));
    };
  }
  const read = from === undefined ? () => [] : readerFor(from, pipeline, letVariables.context);
  // What does not depend on the outer document is found once.
  let found: Doc[] | undefined;
  if (isConstantPipeline(pipeline)) return () => (found ??= limited(run(read()), lookup));
  return (doc) => {
    letVariables.bind(doc);
    return run(read());
  };
}

function limited(docs: Iterable<Doc>, lookup: LookupSpec): Doc[] {
  const found: Doc[] = [];
  let bytes = 0;
  for (const doc of docs) {
    bytes += bytesOf(doc);
    if (bytes > MEMORY_LIMIT) throw tooLarge(lookup);
    found.push(doc);
  }
  return found;
}
