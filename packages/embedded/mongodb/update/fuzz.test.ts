import assert from 'node:assert/strict';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MongoError } from '../errors.ts';
import { encodeDoc } from '../values/codec.ts';
import { docFrom } from '../values/fields.ts';
import { identical } from '../values/identical.ts';
import { doc, scalar, value } from '../values/tests/arbitraries.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileUpdate } from './update.ts';

const RUNS = process.env.SOUK_LONG_TESTS ? 5_000 : 2_000;

const operator = fc.constantFrom(
  ...['$set', '$unset', '$inc', '$mul', '$min', '$max', '$rename', '$currentDate', '$setOnInsert', '$push'],
  ...['$pull', '$pullAll', '$addToSet', '$pop', '$bit', '$foo', 'a'],
);
const path = fc.constantFrom(
  ...['a', 'b', 'c', 'a.b', 'a.0', 'a.0.b', 'b.$', 'b.$[]', 'b.$[x]', 'b.$[x].c', '_id', '_id.a', '', 'a..b'],
  ...['__proto__', '__proto__.a', 'constructor', '$x', 'a.99', '$[]'],
);
const operand: fc.Arbitrary<Value> = fc.oneof(
  scalar,
  value,
  fc.constantFrom<Value>(
    'a',
    'b',
    'c.d',
    1,
    -1,
    { and: 1 },
    { $each: [1, 2], $slice: 1, $sort: -1 },
    { $gt: 1 },
  ),
);
const update = fc
  .array(fc.tuple(operator, fc.array(fc.tuple(path, operand), { maxLength: 3 }).map(docFrom)), {
    maxLength: 3,
  })
  .map(docFrom);
const filter = fc.constantFrom<Doc>({}, { b: 1 }, { 'b.c': { $gt: 0 } }, { _id: 5, a: 1 });
const arrayFilters = fc.constantFrom<Doc[] | undefined>(undefined, [{ x: 1 }], [{ 'x.c': { $gt: 1 } }]);
const target = doc.map((fields) => docFrom([['_id', 5], ['b', [1, { c: 2 }, 3]], ...Object.entries(fields)]));

function mongoErrorOr<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    // A refusal is an answer.
    if (!(error instanceof MongoError)) throw error;
    return undefined;
  }
}

test('updates from a hostile client give a document that can be stored or an error of MongoDB', () => {
  let changed = 0;
  fc.assert(
    fc.property(update, filter, arrayFilters, target, (change, query, filters, before) => {
      const bytes = encodeDoc(before);
      const options = filters ? { filter: query, arrayFilters: filters } : { filter: query };
      const compiled = mongoErrorOr(() => compileUpdate(change, options));
      if (!compiled) return;
      const after = mongoErrorOr(() => compiled.apply(before));
      mongoErrorOr(() => compiled.upsert());
      // Neither changed in place, nor copied without a change.
      assert.ok(Buffer.from(encodeDoc(before)).equals(bytes));
      if (!after || after === before) return;
      changed += 1;
      encodeDoc(after);
      assert.ok(identical(after._id, before._id));
      assert.equal(Object.keys(after)[0], '_id');
    }),
    { numRuns: RUNS },
  );
  expect(changed).toBeGreaterThan(0.06 * RUNS);
});
