// $bucket: documents by the half-open range [boundary, next boundary) their value lies in.
import { location } from '../errors.ts';
import { compileExpression } from '../expressions/compile.ts';
import { constantOf } from '../expressions/expression.ts';
import { compareValues } from '../values/compare.ts';
import { describeValue } from '../values/describe.ts';
import { docFrom } from '../values/fields.ts';
import { isDoc, kindOf, typeRank } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { type AccumulatedField, compileAccumulatedField } from './accumulators.ts';
import { compileOver, expressionContext } from './evaluate.ts';
import { grouping } from './group.ts';
import type { PipelineContext, Stage, StageCompiler } from './stage.ts';

const OPTIONS = new Set(['groupBy', 'boundaries', 'default', 'output']);

export const compileBucket: StageCompiler = (spec, context) => {
  if (!isDoc(spec))
    throw location(40201, `Argument to $bucket stage must be an object, but found type: ${kindOf(spec)}.`);
  const unknown = Object.keys(spec).find((name) => !OPTIONS.has(name));
  if (unknown !== undefined) throw location(40197, `Unrecognized option to $bucket: ${unknown}.`);
  const { groupBy, boundaries: boundarySpec, output } = spec as Partial<Record<string, Value>>;
  if (groupBy !== undefined) checkGroupBy(groupBy, '$bucket', 40202);
  const boundaries = boundarySpec === undefined ? [] : readBoundaries(boundarySpec, context);
  const fallback = readDefault(spec, context);
  const fields = outputFields(output, '$bucket', 40196, context);
  if (groupBy === undefined || boundaries.length === 0) {
    throw location(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  checkDefault(fallback, boundaries, context);
  const value = compileOver(groupBy, context);
  const bucketOf = (doc: Doc) => {
    const bucket = lowerBoundary(value(doc), boundaries, context) ?? fallback?.value;
    if (bucket !== undefined) return bucket;
    throw location(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
  return sortedById(grouping(bucketOf, fields, context), context);
};

export function checkGroupBy(groupBy: Value, name: string, code: number): void {
  if (typeof groupBy === 'string' && groupBy.startsWith('$')) return;
  if (isDoc(groupBy) && Object.keys(groupBy)[0]?.startsWith('$')) return;
  throw location(
    code,
    `The ${name} 'groupBy' field must be defined as a $-prefixed path or an expression, but found: ${describeValue(groupBy)}.`,
  );
}

/** Without an output the documents are counted. */
export function outputFields(
  output: Value | undefined,
  name: string,
  code: number,
  context: PipelineContext,
): AccumulatedField[] {
  if (output !== undefined && !isDoc(output)) {
    throw location(code, `The ${name} 'output' field must be an object, but found type: ${kindOf(output)}.`);
  }
  const spec = output ?? docFrom([['count', docFrom([['$sum', 1]])]]);
  return Object.keys(spec).map((field) => compileAccumulatedField(field, spec[field] as Value, context));
}

function constantValue(spec: Value, context: PipelineContext): Value | undefined {
  const compiled = compileExpression(spec, expressionContext(context));
  const known = constantOf(compiled);
  if (known) return known.value;
  // MongoDB folds expressions of constants, such as a date made of parts.
  return isFoldable(spec) ? compiled({ root: docFrom([]), current: docFrom([]), variables: {} }) : undefined;
}

/** Whether an expression reads neither fields nor variables. */
function isFoldable(spec: Value): boolean {
  if (typeof spec === 'string') return !spec.startsWith('$') || spec === '$$NOW';
  if (Array.isArray(spec)) return spec.every(isFoldable);
  if (!isDoc(spec)) return true;
  return Object.keys(spec).every(
    (name) => name === '$literal' || (name !== '$rand' && isFoldable(spec[name] as Value)),
  );
}

function readBoundaries(spec: Value, context: PipelineContext): Value[] {
  if (!Array.isArray(spec)) {
    throw location(
      40200,
      `The $bucket 'boundaries' field must be an array, but found type: ${kindOf(spec)}.`,
    );
  }
  const boundaries = spec.map((element) => {
    const value = constantValue(element, context);
    if (value !== undefined) return value;
    throw location(
      40191,
      `The $bucket 'boundaries' field must be an array of constant values, but found value: ${describeValue(element)}.`,
    );
  });
  if (boundaries.length < 2) {
    throw location(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${boundaries.length} value(s).`,
    );
  }
  checkOrder(boundaries, context);
  return boundaries;
}

function checkOrder(boundaries: Value[], { collator }: PipelineContext): void {
  for (let i = 1; i < boundaries.length; i++) {
    const [lower, upper] = [boundaries[i - 1] as Value, boundaries[i] as Value];
    if (typeRank(lower) !== typeRank(upper)) {
      throw location(
        40193,
        `All values in the the 'boundaries' option to $bucket must have the same type. Found conflicting types ${kindOf(lower)} and ${kindOf(upper)}.`,
      );
    }
    if (compareValues(lower, upper, collator) >= 0) {
      throw location(
        40194,
        `The 'boundaries' option to $bucket must be sorted, but elements ${i - 1} and ${i} are not in ascending order (${describeValue(lower)} is not less than ${describeValue(upper)}).`,
      );
    }
  }
}

function readDefault(spec: Doc, context: PipelineContext): { value: Value } | undefined {
  if (!Object.hasOwn(spec, 'default')) return undefined;
  const value = constantValue(spec.default as Value, context);
  if (value !== undefined) return { value };
  throw location(
    40195,
    `The $bucket 'default' field must be a constant expression, but found: ${describeValue(spec.default)}.`,
  );
}

function checkDefault(
  fallback: { value: Value } | undefined,
  boundaries: Value[],
  { collator }: PipelineContext,
): void {
  if (!fallback) return;
  const belowAll = compareValues(fallback.value, boundaries[0], collator) < 0;
  if (belowAll || compareValues(fallback.value, boundaries.at(-1), collator) >= 0) return;
  throw location(
    40199,
    "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
  );
}

/** The boundary at or below the value, by binary search; undefined outside of all of them. */
function lowerBoundary(
  value: Value | undefined,
  boundaries: Value[],
  { collator }: PipelineContext,
): Value | undefined {
  let low = 0;
  let high = boundaries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareValues(boundaries[middle], value, collator) <= 0) low = middle + 1;
    else high = middle;
  }
  return low === 0 || low === boundaries.length ? undefined : boundaries[low - 1];
}

function sortedById(stage: Stage, { collator }: PipelineContext): Stage {
  return (input) => [...stage(input)].sort((a, b) => compareValues(a._id, b._id, collator));
}
