import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Collection, Document } from 'mongodb';
import { startTestServer, type TestServer } from './tests/test-server.ts';

const MEGABYTE = 1024 * 1024;

let shop: TestServer;
let things: Collection<Document>;
beforeAll(async () => {
  shop = await startTestServer();
});
afterAll(() => shop.stop());
beforeEach(async () => {
  things = shop.db.collection('things');
  await things.drop();
});

describe('large documents', () => {
  test.each([60_000, 70_000, 500_000, 2 * MEGABYTE, 15 * MEGABYTE])(
    'of %i bytes are kept as they are',
    async (size) => {
      const document = {
        _id: 1 as never,
        before: [1, { a: 'b' }],
        filler: 'x'.repeat(size),
        after: { c: 2 },
      };
      await things.insertOne(document);
      expect(await things.findOne()).toEqual(document);
      await things.updateOne({}, { $set: { 'after.d': 3 } });
      expect(await things.findOne({ filler: document.filler })).toEqual({
        ...document,
        after: { c: 2, d: 3 },
      });
    },
  );

  test('may not grow beyond 16 MB', async () => {
    const half = 'x'.repeat(9 * MEGABYTE);
    await things.insertOne({ _id: 1 as never, a: half });
    await expect(things.updateOne({}, { $set: { b: half } })).rejects.toMatchObject({ code: 17419 });
    expect(Object.keys((await things.findOne())!)).toEqual(['_id', 'a']);
  });

  test('come in batches of at most 16 MB', async () => {
    const filler = 'x'.repeat(MEGABYTE);
    for (let i = 0; i < 40; i++) await things.insertOne({ _id: i as never, filler });
    const reply = await shop.db.command({ find: 'things', batchSize: 1000 });
    expect(reply.cursor.firstBatch.length).toBe(15);
    const found = await things.find({}, { batchSize: 1000 }).toArray();
    expect(found.map(({ _id }) => _id)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  test('that a pipeline makes too large are refused', async () => {
    await things.insertOne({ _id: 1 as never, a: 'x'.repeat(9 * MEGABYTE) });
    const doubled = things.aggregate([{ $project: { a: 1, b: '$a' } }]).toArray();
    await expect(doubled).rejects.toMatchObject({ code: 10334, codeName: 'BSONObjectTooLarge' });
    expect(await things.countDocuments()).toBe(1);
  });
});
