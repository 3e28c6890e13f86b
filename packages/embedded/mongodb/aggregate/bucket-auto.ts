// $bucketAuto: as many buckets as asked for, each with about as many documents; equal values stay together.
import { location, MongoError } from '../errors.ts';
import { compareValues } from '../values/compare.ts';
import { describeValue } from '../values/describe.ts';
import { docFrom } from '../values/fields.ts';
import { isDoc, isNumber, kindOf } from '../values/kind.ts';
import { INT_MAX, INT_MIN, integralValue } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import type { AccumulatedField } from './accumulators.ts';
import { checkGroupBy, outputFields } from './bucket.ts';
import { compileOver } from './evaluate.ts';
import { addToGroup, closeGroup, openGroup } from './group.ts';
import { bytesOf, memoryAccount, noDiskUse } from './memory.ts';
import type { PipelineContext, StageCompiler } from './stage.ts';

const OPTIONS = new Set(['groupBy', 'buckets', 'output', 'granularity']);

export const compileBucketAuto: StageCompiler = (spec, context) => {
  if (!isDoc(spec)) {
    throw location(40240, `The argument to $bucketAuto must be an object, but found type: ${kindOf(spec)}.`);
  }
  const unknown = Object.keys(spec).find((name) => !OPTIONS.has(name));
  if (unknown !== undefined) throw location(40245, `Unrecognized option to $bucketAuto: ${unknown}.`);
  const { groupBy, buckets, output, granularity } = spec as Partial<Record<string, Value>>;
  if (groupBy !== undefined) checkGroupBy(groupBy, '$bucketAuto', 40239);
  const count = buckets === undefined ? 0 : bucketCount(buckets);
  const fields = outputFields(output, '$bucketAuto', 40244, context);
  if (granularity !== undefined) refuseGranularity(granularity);
  if (groupBy === undefined || count === 0) {
    throw location(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
  }
  const value = compileOver(groupBy, context);
  return function* bucketAuto(input) {
    const memory = memoryAccount(() =>
      noDiskUse("Exceeded memory limit for $bucketAuto, but didn't allow external sort."),
    );
    const entries: Entry[] = [];
    for (const doc of input) {
      memory.add(bytesOf(doc) + 32);
      entries.push({ doc, value: value(doc) ?? null });
    }
    entries.sort((a, b) => compareValues(a.value, b.value, context.collator));
    for (const bucket of split(entries, count, context)) yield summarise(bucket, fields, memory);
  };
};

interface Entry {
  doc: Doc;
  value: Value;
}

interface Bucket {
  entries: Entry[];
  min: Value;
  max: Value;
}

function bucketCount(value: Value): number {
  if (!isNumber(value)) {
    throw location(
      40241,
      `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${kindOf(value)}.`,
    );
  }
  const count = integralValue(value);
  if (count === undefined || count > INT_MAX || count < INT_MIN) {
    throw location(
      40242,
      `The $bucketAuto 'buckets' field must be representable as a 32-bit integer, but found ${describeValue(value)}.`,
    );
  }
  if (count > 0) return Number(count);
  throw location(40243, `The $bucketAuto 'buckets' field must be greater than 0, but found: ${count}.`);
}

function refuseGranularity(value: Value): never {
  if (typeof value !== 'string') {
    throw location(
      40261,
      `The $bucketAuto 'granularity' field must be a string, but found type: ${kindOf(value)}.`,
    );
  }
  throw new MongoError(238, 'NotImplemented', "The $bucketAuto 'granularity' field is not supported");
}

function split(entries: Entry[], count: number, { collator }: PipelineContext): Bucket[] {
  const buckets: Bucket[] = [];
  const size = Math.max(1, Math.round(entries.length / count));
  let at = 0;
  for (let i = 0; i < count && at < entries.length; i++) {
    const isLast = i === count - 1;
    let end = isLast ? entries.length : Math.min(entries.length, at + size);
    // A value is not torn apart by the border of two buckets.
    while (end < entries.length && equal(entries[end - 1], entries[end], collator)) end += 1;
    const bucket = entries.slice(at, end);
    buckets.push({ entries: bucket, min: (bucket[0] as Entry).value, max: (bucket.at(-1) as Entry).value });
    at = end;
  }
  // A bucket reaches up to where the next one begins.
  buckets.forEach((bucket, i) => {
    bucket.max = buckets[i + 1]?.min ?? bucket.max;
  });
  return buckets;
}

function equal(a: Entry | undefined, b: Entry | undefined, collator: PipelineContext['collator']): boolean {
  return compareValues(a?.value, b?.value, collator) === 0;
}

function summarise(
  { entries, min, max }: Bucket,
  fields: AccumulatedField[],
  memory: ReturnType<typeof memoryAccount>,
) {
  const id = docFrom([
    ['min', min],
    ['max', max],
  ]);
  const group = openGroup(id, fields);
  for (const { doc } of entries) addToGroup(group, doc, memory);
  return closeGroup(id, fields, group.accumulators);
}
