import { expect, test } from '@jest/globals';
import { Decimal128, Double, Long, MaxKey, ObjectId } from 'bson';
import fc from 'fast-check';
import { MongoError } from '../errors.ts';
import { encodeDoc } from '../values/codec.ts';
import { stageCompilers } from './stages.ts';
import { run } from './tests/run.ts';

const LONG = process.env.SOUK_LONG_TESTS;

const scalar = fc.constantFrom<unknown>(
  ...[
    null,
    true,
    false,
    0,
    1,
    -1,
    3,
    1.5,
    Number.NaN,
    Infinity,
    2147483647,
    '',
    'a',
    'b.c',
    'c',
    '$a',
    '$b.c',
  ],
  ...[
    '$$ROOT',
    '$$x',
    'unbounded',
    'current',
    'full',
    'partition',
    'day',
    'locf',
    'linear',
    'approximate',
    'more',
  ],
  Long.MAX_VALUE,
  new Double(2),
  Decimal128.fromString('1.50'),
  Decimal128.fromString('NaN'),
  new Date(0),
  new Date(8.64e15),
  new ObjectId('5ab9c3da31c2ab715d421285'),
  new MaxKey(),
);

const names = [
  ...['a', 'b', 'b.c', '_id', '__proto__', 'constructor', '$a', ''],
  ...[
    'from',
    'as',
    'localField',
    'foreignField',
    'let',
    'pipeline',
    'startWith',
    'connectFromField',
    'connectToField',
  ],
  ...[
    'maxDepth',
    'depthField',
    'restrictSearchWithMatch',
    'coll',
    'path',
    'includeArrayIndex',
    'size',
    'newRoot',
  ],
  ...['preserveNullAndEmptyArrays', 'groupBy', 'boundaries', 'default', 'output', 'buckets', 'granularity'],
  ...[
    'partitionBy',
    'partitionByFields',
    'sortBy',
    'window',
    'documents',
    'range',
    'unit',
    'bounds',
    'step',
    'field',
  ],
  ...['method', 'value', 'by', 'input', 'n', 'N', 'alpha', 'p'],
  ...[
    '$sum',
    '$avg',
    '$push',
    '$first',
    '$top',
    '$topN',
    '$firstN',
    '$rank',
    '$shift',
    '$locf',
    '$derivative',
  ],
  ...['$gt', '$in', '$expr', '$add', '$concat', '$cond', '$map', '$literal', '$median'],
];

const { spec } = fc.letrec<{ spec: unknown }>((tie) => ({
  spec: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('spec'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('spec'), { maxKeys: 5 }),
    fc
      .tuple(fc.constantFrom(...stageCompilers.keys()), tie('spec'))
      .map(([name, operand]) => [{ [name]: operand }]),
  ),
}));

const value = fc.oneof(
  { depthSize: 'small' },
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'b', 'c'), scalar),
);
const docs = fc.array(fc.dictionary(fc.constantFrom('_id', 'a', 'b', 'c'), value, { maxKeys: 4 }), {
  maxLength: 4,
});

function attempt(stages: unknown[], given: unknown[]): void {
  try {
    for (const doc of run(stages, {
      docs: given,
      collections: { more: given, a: given },
      variables: { x: 1 },
    }))
      encodeDoc(doc);
  } catch (failure) {
    // A refusal is an answer; anything else would end the server.
    if (!(failure instanceof MongoError)) throw failure;
  }
}

test('pipelines of any shape give documents that can be sent, or a MongoError', () => {
  const stage = fc
    .tuple(fc.constantFrom(...stageCompilers.keys()), spec)
    .map(([name, operand]) => ({ [name]: operand }));
  fc.assert(fc.property(fc.array(stage, { maxLength: 4 }), docs, attempt), { numRuns: LONG ? 3000 : 1500 });
});

/** Specifications that are nearly right reach further in than random ones. */
const nearlyRight: Record<string, fc.Arbitrary<unknown>> = {
  $group: fc.record({
    _id: spec,
    a: fc.dictionary(fc.constantFrom('$sum', '$push', '$topN', '$median', '$mergeObjects'), spec, {
      minKeys: 1,
      maxKeys: 1,
    }),
  }),
  $bucket: fc.record({
    groupBy: fc.constant('$a'),
    boundaries: fc.array(scalar, { minLength: 2, maxLength: 4 }),
    default: scalar,
  }),
  $bucketAuto: fc.record({ groupBy: fc.constant('$a'), buckets: scalar }),
  $unwind: fc.record(
    { path: fc.constantFrom('$a', '$b.c'), includeArrayIndex: scalar },
    { requiredKeys: ['path'] },
  ),
  $lookup: fc.record({
    from: fc.constant('more'),
    localField: fc.constantFrom('a', 'b.c'),
    foreignField: fc.constantFrom('a', 'b.0'),
    as: scalar,
  }),
  $graphLookup: fc.record(
    {
      from: fc.constant('more'),
      startWith: fc.constant('$a'),
      connectFromField: fc.constantFrom('a', 'b'),
      connectToField: fc.constantFrom('a', 'b.c'),
      as: fc.constant('d'),
      maxDepth: scalar,
    },
    { requiredKeys: ['from', 'startWith', 'connectFromField', 'connectToField', 'as'] },
  ),
  $densify: fc.record({
    field: fc.constant('a'),
    range: fc.record(
      { step: scalar, bounds: fc.oneof(scalar, fc.tuple(scalar, scalar)), unit: scalar },
      { requiredKeys: ['step', 'bounds'] },
    ),
  }),
  $setWindowFields: fc.record({
    sortBy: fc.constantFrom({ a: 1 }, { a: 1, b: -1 }),
    output: fc.record({
      v: fc.record(
        {
          $sum: spec,
          window: fc.oneof(
            fc.record({ documents: fc.tuple(scalar, scalar) }),
            fc.record({ range: fc.tuple(scalar, scalar), unit: scalar }, { requiredKeys: ['range'] }),
          ),
        },
        { requiredKeys: ['$sum'] },
      ),
    }),
  }),
  $fill: fc.record({
    sortBy: fc.constant({ a: 1 }),
    output: fc.record({ b: fc.record({ method: scalar }) }),
  }),
  $sample: fc.record({ size: scalar }),
  $addFields: fc.dictionary(fc.constantFrom('a', 'b.c', 'b', '__proto__.x'), spec, { minKeys: 1 }),
  $match: fc.record({ a: spec }),
  $sort: fc.dictionary(fc.constantFrom('a', 'b.c'), fc.constantFrom(1, -1), { minKeys: 1 }),
};

test.each(Object.keys(nearlyRight))('%s takes what is nearly right', (name) => {
  const operand = nearlyRight[name] as fc.Arbitrary<unknown>;
  fc.assert(
    fc.property(operand, docs, (given, found) => attempt([{ [name]: given }], found)),
    { numRuns: LONG ? 300 : 150 },
  );
  expect(stageCompilers.has(name)).toBe(true);
});
