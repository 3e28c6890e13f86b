// $densify: documents for the values that are missing from a sequence.
import { failedToParse, location, type MongoError } from '../errors.ts';
import { parseFieldPath } from '../expressions/field-path.ts';
import { compareValues } from '../values/compare.ts';
import { newDoc } from '../values/fields.ts';
import { hashKey } from '../values/hash-key.ts';
import { isDoc, isNullish, kindOf } from '../values/kind.ts';
import { getPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { checkDensifiable, type DensifyRange, parseRange, stepAfter } from './densify-range.ts';
import { checkedFields } from './fields.ts';
import { bytesOf, memoryAccount, noDiskUse } from './memory.ts';
import type { StageCompiler } from './stage.ts';
import { withPath } from './unwind.ts';

const MOST_GENERATED = 500_000;

interface Densify {
  field: string[];
  partitionBy: string[][];
  range: DensifyRange;
}

interface Partition {
  /** What generated documents hold besides the value. */
  template: Doc;
  entries: { doc: Doc; value: Value }[];
}

export const compileDensify: StageCompiler = (spec, _context, { name }) => {
  const densify = parseDensify(spec, name);
  return function* densified(input) {
    const memory = memoryAccount(() => noDiskUse('Exceeded memory limit for $densify.'));
    const partitions = new Map<string, Partition>();
    for (const doc of input) {
      const value = getPath(doc, densify.field);
      if (isNullish(value)) {
        // Without a place in the sequence it goes through as it is.
        yield doc;
        continue;
      }
      checkDensifiable(value, densify.range);
      memory.add(bytesOf(doc) + 32);
      partitionOf(doc, densify, partitions).entries.push({ doc, value });
    }
    if (
      partitions.size === 0 &&
      densify.partitionBy.length === 0 &&
      typeof densify.range.bounds === 'object'
    ) {
      partitions.set('', { template: newDoc(), entries: [] });
    }
    yield* filled([...partitions.values()], densify);
  };
};

function parseDensify(spec: Value, name: string): Densify {
  if (!isDoc(spec)) {
    throw failedToParse(`The ${name} stage specification must be an object, found ${kindOf(spec)}`);
  }
  const fields = checkedFields(spec, name, {
    field: { required: true, kinds: ['string'] },
    partitionByFields: { kinds: ['array'] },
    range: { required: true, kinds: ['object'] },
  });
  const range = parseRange(fields.range as Value);
  const partitionBy = ((fields.partitionByFields ?? []) as Value[]).map((path) => {
    if (typeof path === 'string') return parseFieldPath(path);
    throw failedToParse("'partitionByFields' must be an array of strings");
  });
  if (range.bounds === 'partition' && partitionBy.length === 0) {
    throw location(
      5733408,
      "One cannot specify the bounds as 'partition' without specifying a non-empty array of partitionByFields. You may have meant to specify 'full' bounds.",
    );
  }
  return { field: parseFieldPath(fields.field as string), partitionBy, range };
}

function partitionOf(doc: Doc, { partitionBy }: Densify, partitions: Map<string, Partition>): Partition {
  const values = partitionBy.map((path) => getPath(doc, path));
  const key = values.map((value) => hashKey(value)).join('');
  const known = partitions.get(key);
  if (known) return known;
  let template = newDoc();
  partitionBy.forEach((path, i) => {
    if (values[i] !== undefined) template = withPath(template, path, values[i]);
  });
  const partition = { template, entries: [] };
  partitions.set(key, partition);
  return partition;
}

function* filled(partitions: Partition[], { field, range }: Densify): Iterable<Doc> {
  const all = partitions.flatMap(({ entries }) => entries.map(({ value }) => value));
  const full = extent(all);
  let generated = 0;
  for (const { template, entries } of partitions) {
    entries.sort((a, b) => compareValues(a.value, b.value));
    const bounds = boundsOf(
      range,
      full,
      entries.map(({ value }) => value),
    );
    let next = bounds.from;
    for (const { doc, value } of entries) {
      while (isBefore(next, value) && bounds.holds(next)) {
        yield generate(next);
        next = stepAfter(next, range);
      }
      yield doc;
      if (compareValues(next, value) === 0) next = stepAfter(next, range);
    }
    for (; bounds.holds(next); next = stepAfter(next, range)) yield generate(next);

    function generate(value: Value): Doc {
      generated += 1;
      if (generated > MOST_GENERATED) throw tooMany(generated);
      return withPath(template, field, value);
    }
  }
}

function isBefore(a: Value, b: Value): boolean {
  return compareValues(a, b) < 0;
}

function extent(values: readonly Value[]): { from: Value; to: Value } {
  let from = values[0] ?? null;
  let to = from;
  for (const value of values) {
    if (compareValues(value, from) < 0) from = value;
    if (compareValues(value, to) > 0) to = value;
  }
  return { from, to };
}

/** Explicit bounds leave out their upper end, the others reach to the last value there is. */
function boundsOf({ bounds }: DensifyRange, full: { from: Value; to: Value }, own: Value[]) {
  if (typeof bounds === 'object') {
    return { from: bounds.from, holds: (value: Value) => compareValues(value, bounds.to) < 0 };
  }
  const { from, to } = bounds === 'full' ? full : extent(own);
  return { from, holds: (value: Value) => compareValues(value, to) <= 0 };
}

function tooMany(generated: number): MongoError {
  return location(
    5897900,
    `Generated ${generated} documents in $densify, which is over the limit of ${MOST_GENERATED}. Increase the 'internalQueryMaxAllowedDensifyDocs' parameter to allow more generated documents`,
  );
}
