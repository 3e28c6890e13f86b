import { test } from '@jest/globals';
import fc from 'fast-check';
import { MongoError } from '../errors.ts';
import { makeCollator } from '../values/collation.ts';
import { docFrom } from '../values/fields.ts';
import { doc, scalar } from '../values/tests/arbitraries.ts';
import type { Doc, Value } from '../values/types.ts';
import { fieldBounds } from './bounds.ts';
import { compileFilter } from './filter.ts';
import { compileProjection } from './projection.ts';
import { compileSort } from './sort.ts';

/** Documents made of operators and names in any wrong order; most are mistakes. */
const name = fc.constantFrom(
  ...['a', 'b', 'a.b', 'a.0', '', '_id', '__proto__', 'constructor.prototype', 'a.$', '$', 'a..b', '.'],
  ...['$eq', '$gt', '$in', '$nin', '$not', '$and', '$or', '$nor', '$exists', '$type', '$regex', '$options'],
  ...[
    '$elemMatch',
    '$all',
    '$size',
    '$mod',
    '$bitsAllSet',
    '$expr',
    '$jsonSchema',
    '$sampleRate',
    '$ref',
    '$id',
  ],
  ...['$slice', '$meta', '$add', '$comment', '$where', '$text', '$near', '$alwaysTrue'],
  ...['bsonType', 'properties', 'items', 'enum', 'minimum', 'multipleOf', 'pattern', 'required'],
);
const spec: fc.Arbitrary<Doc> = fc.letrec<{ value: Value; spec: Doc }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.constantFrom<Value>('^(a|b)*$', '[', 'string', 'i', 1, 0),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('spec'),
  ),
  spec: fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map(docFrom),
})).spec;

function mongoErrorOr<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    // A refusal is an answer.
    if (!(error instanceof MongoError)) throw error;
    return undefined;
  }
}

const collator = makeCollator({ locale: 'en', strength: 1 })!;

test.each<[string, (given: Doc, target: Doc) => unknown]>([
  ['filters', (given, target) => compileFilter(given, {})(target)],
  ['filters with a collation', (given, target) => compileFilter(given, { collator })(target)],
  ['bounds', (given) => fieldBounds(given, {})],
  ['projections', (given, target) => compileProjection(given, { filter: {} })(target)],
  ['sort patterns', (given, target) => compileSort(given, {})(target, {})],
])('%s from a hostile client give a result or an error of MongoDB', (_, run) => {
  fc.assert(
    fc.property(spec, doc, (given, target) => {
      mongoErrorOr(() => run(given, target));
    }),
    { numRuns: process.env.SOUK_LONG_TESTS ? 3_000 : 1_000 },
  );
});
