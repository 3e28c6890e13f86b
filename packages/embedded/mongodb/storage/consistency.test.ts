import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeValue } from '../values/describe.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';
import type { Collection } from './collection.ts';
import { keysIn } from './index.ts';
import { readIndexSpec } from './index-spec.ts';
import { docOf } from './record.ts';
import { Store } from './store.ts';

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: 0, max: 6 }),
  fc.constantFrom<Value>(null, 'x', []),
  fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }),
);
const document = fc.record({ a: value, b: value }, { requiredKeys: [] }) as fc.Arbitrary<Doc>;
const options = fc.constantFrom<Doc>(
  {},
  { unique: true },
  { unique: true, sparse: true },
  { partialFilterExpression: { a: { $gt: 2 } } },
);
const key = fc.constantFrom<Doc>({ a: 1 }, { b: -1 }, { a: 1, b: -1 }, { b: 1, a: 1 });

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('insert' as const), document }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('replace' as const), at: fc.nat(), document }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('index' as const), key, options }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unindex' as const), at: fc.nat() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Duplicates and two arrays in one key: whatever is refused must leave no trace. */
const EXPECTED = [11000, 171];

function carryOut(each: Step, collection: Collection, store: Store, id: number): void {
  const records = [...collection.view().records.ascending()];
  switch (each.kind) {
    case 'insert':
      collection.insert(docFrom([['_id', id], ...Object.entries(each.document)]));
      break;
    case 'replace': {
      const record = records[each.at % (records.length || 1)];
      if (record)
        collection.replace(record, docFrom([['_id', docOf(record)._id!], ...Object.entries(each.document)]));
      break;
    }
    case 'remove': {
      const record = records[each.at % (records.length || 1)];
      if (record) collection.remove(record);
      break;
    }
    case 'index': {
      const name = JSON.stringify([each.key, each.options]);
      if (collection.indexes.some(({ spec }) => spec.name === name)) return;
      store.createIndex(collection, readIndexSpec({ key: each.key, name, ...each.options }, undefined));
      break;
    }
    case 'unindex': {
      const index = collection.indexes.slice(1)[each.at % 4];
      if (index) store.dropIndex(collection, index);
    }
  }
}

/** Documents and the entries of every index, as text. */
function contents(collection: Collection) {
  const records = [...collection.view().records.ascending()];
  return {
    documents: records.map((record) => [record.id, describeValue(docOf(record))]),
    bytes: collection.dataBytes,
    indexes: collection.indexes.map((index) => ({
      name: index.spec.name,
      entries: [...index.tree.ascending()].map(
        (entry) => `${describeValue([...entry.key] as Value[])} ${entry.recordId}`,
      ),
    })),
  };
}

test('indexes and log follow random writes, whatever of them is refused', async () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const dir = mkdtempSync(join(tmpdir(), 'souk-consistency-'));
      const store = new Store({ dir });
      const collection = store.createCollection('shop', 'things');
      given.forEach((each, id) => {
        try {
          store.write(() => carryOut(each, collection, store, id));
        } catch (error) {
          // Refused, as it should be.
          expect(EXPECTED).toContain((error as { code?: number }).code);
        }
      });
      for (const index of collection.indexes) {
        const wanted = [...collection.view().records.ascending()].flatMap((record) =>
          keysIn(index, docOf(record)).keys.map(
            (each) => `${describeValue([...each] as Value[])} ${record.id}`,
          ),
        );
        const held = [...index.tree.ascending()].map(
          (entry) => `${describeValue([...entry.key] as Value[])} ${entry.recordId}`,
        );
        expect([...held].sort()).toEqual([...wanted].sort());
      }
      const before = contents(collection);
      await store.close();
      const again = new Store({ dir });
      expect(contents(again.catalog.collection('shop', 'things')!)).toEqual(before);
      await again.close();
      rmSync(dir, { recursive: true });
    }),
    { numRuns: process.env.SOUK_LONG_TESTS ? 60 : 30 },
  );
});
