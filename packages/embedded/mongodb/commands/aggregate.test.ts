import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Collection, Document } from 'mongodb';
import { startTestServer, type TestServer } from './tests/test-server.ts';

let shop: TestServer;
let things: Collection<Document>;
let target: Collection<Document>;
beforeAll(async () => {
  shop = await startTestServer();
});
afterAll(() => shop.stop());
beforeEach(async () => {
  await shop.db.dropDatabase();
  things = shop.db.collection('things');
  target = shop.db.collection('target');
  await things.insertMany([1, 2, 3, 4].map((n) => ({ _id: n as never, n, kind: n % 2 })));
});

const run = (...pipeline: Document[]) => things.aggregate(pipeline).toArray();
const targets = () => target.find().sort({ _id: 1 }).toArray();

describe('aggregate', () => {
  test('reads the front of a pipeline along an index', async () => {
    await things.createIndex({ kind: 1, n: -1 });
    const pipeline = [
      { $match: { kind: 1 } },
      { $match: { n: { $lt: 9 } } },
      { $sort: { n: -1 } },
      { $skip: 1 },
      { $limit: 1 },
      { $project: { n: 1 } },
    ];
    expect(await run(...pipeline)).toEqual([{ _id: 1, n: 1 }]);
    const explained = await things.aggregate(pipeline).explain('executionStats');
    const { queryPlanner, executionStats } = explained.stages[0].$cursor;
    expect(JSON.stringify(queryPlanner.winningPlan)).toContain('"indexName":"kind_1_n_-1"');
    expect(JSON.stringify(queryPlanner.winningPlan)).not.toContain('"SORT"');
    expect(executionStats.totalDocsExamined).toBe(2);
    const whole = await things.aggregate([{ $match: { kind: 1 } }]).explain('queryPlanner');
    expect(whole.queryPlanner.winningPlan.stage).toBe('FETCH');
  });

  test('begins with documents of its own, and has variables', async () => {
    const pipeline = [{ $documents: [{ a: 1 }, { a: '$$x' }] }];
    expect(await shop.db.aggregate(pipeline, { let: { x: 5 } }).toArray()).toEqual([{ a: 1 }, { a: 5 }]);
  });

  test('answers what its prototype died of', async () => {
    await expect(run({ $project: { x: { $arrayToObject: [[{ k: 'a\0b', v: 1 }]] } } })).rejects.toThrow();
    await expect(
      run({ $replaceWith: { $setField: { field: { $literal: 'a\0b' }, input: '$$ROOT', value: 1 } } }),
    ).rejects.toThrow();
    await expect(run({ $project: { x: { $range: [0, 2147483647] } } })).rejects.toMatchObject({ code: 146 });
    expect(
      await run({ $limit: 1 }, { $project: { _id: 0, x: { $regexFindAll: { input: 'ab', regex: '' } } } }),
    ).toMatchObject([{ x: expect.any(Array) }]);
    await expect(run({ $sample: { size: -1 } })).rejects.toThrow();
    expect(await shop.db.command({ ping: 1 })).toEqual({ ok: 1 });
  });

  test('explains through its own option', async () => {
    const reply = await shop.db.command({
      aggregate: 'things',
      pipeline: [{ $match: { n: 1 } }],
      explain: true,
    });
    expect(reply.queryPlanner.winningPlan.stage).toBe('COLLSCAN');
  });
});

describe('$out', () => {
  test('replaces a collection and keeps its indexes', async () => {
    await target.insertOne({ _id: 9 as never });
    await target.createIndex({ n: 1 }, { unique: true });
    expect(await run({ $match: { n: { $gt: 2 } } }, { $out: 'target' })).toEqual([]);
    expect(await targets()).toEqual([
      { _id: 3, n: 3, kind: 1 },
      { _id: 4, n: 4, kind: 0 },
    ]);
    expect((await target.indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1']);
    await run({ $project: { n: 1 } }, { $out: 'things' });
    expect(await things.findOne()).toEqual({ _id: 1, n: 1 });
    await run({ $out: { db: 'elsewhere', coll: 'copy' } });
    expect(await shop.client.db('elsewhere').collection('copy').countDocuments()).toBe(4);
    await shop.client.db('elsewhere').dropDatabase();
  });

  test('that fails leaves what was there', async () => {
    await target.insertOne({ _id: 9 as never, kind: 7 });
    await target.createIndex({ kind: 1 }, { unique: true });
    await expect(run({ $out: 'target' })).rejects.toMatchObject({ code: 11000 });
    expect(await targets()).toEqual([{ _id: 9, kind: 7 }]);
    expect((await shop.db.listCollections().toArray()).length).toBe(2);
    await shop.db.createCollection('capped', { capped: true, size: 5000 });
    await expect(run({ $out: 'capped' })).rejects.toMatchObject({ code: 17152 });
  });
});

describe('$merge', () => {
  beforeEach(() =>
    target.insertMany([
      { _id: 1 as never, old: 1, n: 0 },
      { _id: 5 as never, old: 5 },
    ]),
  );
  const merge = (options: Document = {}) =>
    run({ $match: { n: { $lte: 2 } } }, { $merge: { into: 'target', ...options } });
  const second = { _id: 2, n: 2, kind: 0 };
  const fifth = { _id: 5, old: 5 };

  test.each([
    [{}, [{ _id: 1, old: 1, n: 1, kind: 1 }, second, fifth]],
    [{ whenMatched: 'replace' }, [{ _id: 1, n: 1, kind: 1 }, second, fifth]],
    [{ whenMatched: 'keepExisting' }, [{ _id: 1, old: 1, n: 0 }, second, fifth]],
    [{ whenNotMatched: 'discard' }, [{ _id: 1, old: 1, n: 1, kind: 1 }, fifth]],
    [
      { whenMatched: [{ $set: { n: { $add: ['$n', '$$new.n', '$$extra'] } } }], let: { extra: '$kind' } },
      [{ _id: 1, old: 1, n: 2 }, second, fifth],
    ],
  ])('with %j', async (options, expected) => {
    const { let: variables, ...rest } = options as Document;
    await merge({ ...rest, ...(variables && { let: { ...variables, new: '$$ROOT' } }) });
    expect(await targets()).toEqual(expected);
  });

  test('fails where it is told to', async () => {
    await expect(merge({ whenMatched: 'fail' })).rejects.toMatchObject({ code: 11000, keyValue: { _id: 1 } });
    await expect(merge({ whenNotMatched: 'fail' })).rejects.toMatchObject({ code: 13113 });
  });

  test('joins on other fields that a unique index covers', async () => {
    await target.createIndex({ kind: 1 }, { unique: true, sparse: true });
    await run(
      { $group: { _id: '$kind', total: { $sum: '$n' } } },
      { $project: { _id: 0, kind: '$_id', total: 1 } },
      { $merge: { into: 'target', on: 'kind' } },
    );
    await run(
      { $group: { _id: '$kind', count: { $sum: 1 } } },
      { $project: { _id: 0, kind: '$_id', count: 1 } },
      { $merge: { into: 'target', on: 'kind' } },
    );
    expect(
      await target.find({ kind: { $exists: true } }, { projection: { _id: 0 }, sort: { kind: 1 } }).toArray(),
    ).toEqual([
      { kind: 0, total: 6, count: 2 },
      { kind: 1, total: 4, count: 2 },
    ]);
    await expect(
      run({ $project: { _id: 0, n: 1 } }, { $merge: { into: 'target', on: 'kind' } }),
    ).rejects.toMatchObject({ code: 51132 });
    await expect(
      run({ $project: { kind: ['a'] } }, { $merge: { into: 'target', on: 'kind' } }),
    ).rejects.toMatchObject({ code: 51185 });
  });
});
