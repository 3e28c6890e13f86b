import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Collection, Document } from 'mongodb';
import { startTestServer, type TestServer } from './tests/test-server.ts';

let shop: TestServer;
let things: Collection<Document>;
beforeAll(async () => {
  shop = await startTestServer();
  things = shop.db.collection('things');
  await things.insertMany(
    Array.from({ length: 100 }, (_, n) => ({ _id: n as never, n, kind: n % 5, tags: [n % 3] })),
  );
  await things.createIndexes([{ key: { kind: 1, n: 1 } }, { key: { tags: 1 } }, { key: { n: -1 } }]);
});
afterAll(() => shop.stop());

/** Names of the stages from the outside in. */
function stages(plan: Document | undefined): string[] {
  if (!plan) return [];
  return [plan.stage, ...(plan.inputStages ? [plan.inputStages.length] : stages(plan.inputStage))];
}

const plans: [string, () => Promise<Document>, unknown[]][] = [
  ['a look at everything', () => things.find({ other: 1 }).explain(), ['COLLSCAN']],
  ['an _id', () => things.find({ _id: 5 as never }).explain(), ['IDHACK']],
  ['an indexed field', () => things.find({ kind: 1 }).explain(), ['FETCH', 'IXSCAN']],
  [
    'an order that the index gives',
    () => things.find({ kind: 1 }).sort({ n: -1 }).explain(),
    ['FETCH', 'IXSCAN'],
  ],
  [
    'an order that it does not give',
    () => things.find({ kind: 1 }).sort({ other: 1 }).explain(),
    ['SORT', 'FETCH', 'IXSCAN'],
  ],
  [
    'skip and limit',
    () => things.find({ other: 1 }).skip(2).limit(3).explain(),
    ['LIMIT', 'SKIP', 'COLLSCAN'],
  ],
  [
    'merged pieces',
    () =>
      things
        .find({ kind: { $in: [1, 2] } })
        .sort({ n: 1 })
        .explain(),
    ['FETCH', 'SORT_MERGE', 2],
  ],
  ['alternatives', () => things.find({ $or: [{ kind: 1 }, { tags: 2 }] }).explain(), ['FETCH', 'OR', 2]],
  ['a contradiction', () => things.find({ n: { $gt: 5, $lt: 4 } }).explain(), ['EOF']],
  [
    'a projection',
    () => things.find({ kind: 1 }, { projection: { n: 1 } }).explain(),
    ['PROJECTION_SIMPLE', 'FETCH', 'IXSCAN'],
  ],
  [
    'min and max',
    () => things.find({}, { hint: { n: -1 }, min: { n: 50 }, max: { n: 40 } }).explain(),
    ['FETCH', 'IXSCAN'],
  ],
  ['no collection', () => shop.db.collection('nowhere').find({}).explain(), ['EOF']],
  [
    'a count of all',
    () => shop.db.command({ explain: { count: 'things' } }),
    ['RECORD_STORE_FAST_COUNT', 'COLLSCAN'],
  ],
  [
    'a count',
    () => shop.db.command({ explain: { count: 'things', query: { kind: 1 } } }),
    ['COUNT', 'FETCH', 'IXSCAN'],
  ],
  [
    'distinct values',
    () => shop.db.command({ explain: { distinct: 'things', key: 'n', query: { kind: 1 } } }),
    ['FETCH', 'IXSCAN'],
  ],
  [
    'an update',
    () =>
      shop.db.command({
        explain: { update: 'things', updates: [{ q: { kind: 1 }, u: { $inc: { x: 1 } }, multi: true }] },
      }),
    ['UPDATE', 'FETCH', 'IXSCAN'],
  ],
  [
    'a delete',
    () => shop.db.command({ explain: { delete: 'things', deletes: [{ q: { _id: 1 }, limit: 1 }] } }),
    ['DELETE', 'LIMIT', 'IDHACK'],
  ],
  [
    'a findAndModify',
    () => shop.db.command({ explain: { findAndModify: 'things', query: { _id: 1 }, remove: true } }),
    ['DELETE', 'LIMIT', 'IDHACK'],
  ],
];

test.each(plans)('explain shows %s', async (_what, explain, expected) => {
  const { queryPlanner, executionStats } = await explain();
  expect(stages(queryPlanner.winningPlan)).toEqual(expected);
  expect(stages(executionStats.executionStages)).toEqual(expected);
});

describe('explain', () => {
  test('tells bounds, direction and kind of the index', async () => {
    const { queryPlanner } = await things
      .find({ kind: 1, n: { $gt: 5, $lte: 7.5 } })
      .sort({ n: -1 })
      .explain('queryPlanner');
    expect(queryPlanner.winningPlan.inputStage).toMatchObject({
      indexName: 'kind_1_n_1',
      keyPattern: { kind: 1, n: 1 },
      direction: 'backward',
      isMultiKey: false,
      isUnique: false,
      indexBounds: { kind: ['[1, 1]'], n: ['[7.5, 5)'] },
    });
    const multikey = await things.find({ tags: 1 }).explain('queryPlanner');
    expect(multikey.queryPlanner.winningPlan.inputStage).toMatchObject({
      isMultiKey: true,
      multiKeyPaths: { tags: ['tags'] },
    });
    expect(multikey).not.toHaveProperty('executionStats');
  });

  test('counts what was looked at', async () => {
    const { executionStats } = await things
      .find({ kind: 1, other: { $exists: false }, n: { $lt: 50 } })
      .limit(4)
      .explain('executionStats');
    expect(executionStats).toMatchObject({
      executionSuccess: true,
      nReturned: 4,
      totalKeysExamined: 4,
      totalDocsExamined: 4,
    });
    const scan = await things.find({ other: 1 }).explain('executionStats');
    expect(scan.executionStats).toMatchObject({ nReturned: 0, totalKeysExamined: 0, totalDocsExamined: 100 });
  });

  test('changes nothing', async () => {
    const before = await things.find().toArray();
    await shop.db.command({ explain: { delete: 'things', deletes: [{ q: {}, limit: 0 }] } });
    await shop.db.command({
      explain: { update: 'things', updates: [{ q: {}, u: { $set: { x: 1 } }, multi: true }] },
    });
    await expect(shop.db.command({ explain: { delete: 'things', deletes: [] } })).rejects.toMatchObject({
      code: 72,
    });
    expect(await things.find().toArray()).toEqual(before);
  });
});
