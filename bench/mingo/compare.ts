/** `npm run bench:mingo`: the same table through mingo and through the embedded MongoDB; the evidence of ADR 6. */
import { isDeepStrictEqual, styleText } from 'node:util';
import { Double, EJSON, Int32 } from 'bson';
import { Aggregator, Query, update } from 'mingo';
import { compilePipeline } from '../../packages/embedded/mongodb/aggregate/pipeline.ts';
import { compileFilter } from '../../packages/embedded/mongodb/query/filter.ts';
import { type Case, cases } from '../../packages/embedded/mongodb/tests/manual-cases.ts';
import { compileUpdate } from '../../packages/embedded/mongodb/update/update.ts';
import { decodeDoc, encodeDoc } from '../../packages/embedded/mongodb/values/codec.ts';
import type { Doc } from '../../packages/embedded/mongodb/values/types.ts';

type Plain = Record<string, unknown>;

/** What a client would send and see: BSON in, canonical Extended JSON out. */
const fromJson = (value: unknown): Plain =>
  plainNumbers(EJSON.parse(JSON.stringify(value), { relaxed: false })) as Plain;
const toJson = (value: unknown) => JSON.parse(EJSON.stringify(value, { relaxed: false })) as unknown;

/** Int32 and Double as the JavaScript numbers that both engines expect; Int64 and Decimal128 stay what they are. */
function plainNumbers(value: unknown): unknown {
  if (value instanceof Int32 || value instanceof Double) return value.valueOf();
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value as Plain).map(([key, part]) => [key, plainNumbers(part)]));
}

function withMingo({ docs, filter, pipeline, update: change }: Case): unknown[] {
  const input = docs.map(fromJson);
  if (filter) return input.filter((doc) => new Query(fromJson(filter)).test(doc));
  if (pipeline) return new Aggregator(pipeline.map(fromJson)).run(input);
  for (const doc of input) update(doc, fromJson(change) as never);
  return input;
}

const toDoc = (value: object): Doc => decodeDoc(encodeDoc(fromJson(value) as Doc));

function withOurs({ docs, filter, pipeline, update: change }: Case): unknown[] {
  const input = docs.map(toDoc);
  if (filter) return input.filter(compileFilter(toDoc(filter), {}));
  if (pipeline) {
    const context = { variables: {}, now: new Date(), databaseName: 'bench', readCollection: () => [] };
    return [...compilePipeline(pipeline.map(toDoc), context)(input)];
  }
  const { apply } = compileUpdate(toDoc(change!), { filter: {} });
  return input.map((doc) => apply(doc));
}

function outcome(run: (example: Case) => unknown[], example: Case): unknown {
  try {
    return toJson(run(example));
  } catch {
    return 'an error'; // which one is not compared: mingo has no codes
  }
}

const counts = { mingo: 0, ours: 0 };
for (const example of cases) {
  const expected = example.expected === 'an error' ? 'an error' : toJson(example.expected.map(fromJson));
  const mingo = isDeepStrictEqual(outcome(withMingo, example), expected);
  const ours = isDeepStrictEqual(outcome(withOurs, example), expected);
  counts.mingo += Number(mingo);
  counts.ours += Number(ours);
  const mark = (right: boolean) =>
    right ? styleText('green', 'as MongoDB') : styleText('red', 'otherwise ');
  console.log(`${mark(mingo)}   ${mark(ours)}   ${example.name}`);
}
console.log(
  `\nmingo 7.2.6: ${counts.mingo} of ${cases.length} as MongoDB; embedded: ${counts.ours} of ${cases.length}`,
);
