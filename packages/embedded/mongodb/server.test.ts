import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Collection, Document } from 'mongodb';
import { settledQueries, startTestServer, type TestServer } from './commands/tests/test-server.ts';
import { startMongoDB } from './server.ts';
import { noDeadline } from './storage/deadline.ts';
import { readIndexSpec } from './storage/index-spec.ts';
import { planQuery } from './storage/planner.ts';
import { runPlan } from './storage/run-plan.ts';
import { Store } from './storage/store.ts';
import { removeExpired } from './storage/ttl.ts';
import type { Doc } from './values/types.ts';
import { bodySection, opMsg, RawClient } from './wire/tests/raw-client.ts';

const specFor = (direction: number, field: string, options: Doc = {}) =>
  readIndexSpec({ key: { [field]: direction }, name: field, ...options }, undefined);

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

describe('many clients at once', () => {
  test('count every one of fifty increments', async () => {
    await things.insertOne({ _id: 1 as never, n: 0 });
    await Promise.all(
      Array.from({ length: 50 }, () => things.updateOne({ _id: 1 as never }, { $inc: { n: 1 } })),
    );
    expect(await things.findOne()).toEqual({ _id: 1, n: 50 });
  });

  test('draw different numbers from a counter that is made on the way', async () => {
    const draw = () =>
      things.findOneAndUpdate(
        { _id: 'seq' as never },
        { $inc: { n: 1 } },
        { upsert: true, returnDocument: 'after' },
      );
    const drawn = await Promise.all(Array.from({ length: 40 }, draw));
    expect(new Set(drawn.map((counter) => counter!.n)).size).toBe(40);
  });

  test('take stock only while there is some', async () => {
    await things.insertOne({ _id: 'sku' as never, stock: 5 });
    const take = () => things.updateOne({ _id: 'sku' as never, stock: { $gte: 1 } }, { $inc: { stock: -1 } });
    const taken = await Promise.all(Array.from({ length: 30 }, take));
    expect(taken.filter(({ modifiedCount }) => modifiedCount === 1).length).toBe(5);
    expect(await things.findOne()).toEqual({ _id: 'sku', stock: 0 });
  });
});

describe('documents with a time to live', () => {
  const minutes = (n: number) => new Date(Date.UTC(2024, 0, 1, 0, n));

  test('go when their time is over, by the clock of the server', async () => {
    let now = minutes(0);
    const expiring = await startTestServer({ now: () => now, sweepEveryMs: 5 });
    const sessions = expiring.db.collection('sessions');
    await sessions.createIndex({ at: 1 }, { expireAfterSeconds: 600 });
    await sessions.insertMany([
      { _id: 1 as never, at: minutes(0) },
      { _id: 2 as never, at: minutes(20) },
      { _id: 3 as never, at: [minutes(30), minutes(1)] },
      { _id: 4 as never, at: 'never' },
      { _id: 5 as never },
    ]);
    now = minutes(12);
    while ((await sessions.estimatedDocumentCount()) > 3) await expiring.db.command({ ping: 1 });
    expect(await sessions.distinct('_id')).toEqual([2, 4, 5]);
    await expiring.restart();
    expect(await expiring.db.collection('sessions').distinct('_id')).toEqual([2, 4, 5]);
    await expiring.stop();
  });

  test('are found in a descending index too, and not before their time', () => {
    const store = new Store({ dir: join(shop.dir, 'ttl') });
    const collection = store.createCollection('shop', 'carts');
    store.createIndex(collection, specFor(-1, 'at', { expireAfterSeconds: 0 }));
    for (let i = 0; i < 10; i++) collection.insert({ _id: i, at: minutes(i) });
    expect(removeExpired(store.catalog, minutes(4))).toBe(5);
    expect(removeExpired(store.catalog, minutes(4))).toBe(0);
    expect(collection.count).toBe(5);
    return store.close();
  });
});

test('a port that is taken is told in one sentence, and the files are let go', async () => {
  const dir = join(shop.dir, 'second');
  await expect(startMongoDB({ dir, port: shop.server.port })).rejects.toThrow(
    `MongoDB: port ${shop.server.port}`,
  );
  const second = await startMongoDB({ dir });
  await second.stop();
});

test('a stop lets the replies out that are on their way', async () => {
  const stopping = await startTestServer();
  await stopping.db.collection('a').insertOne({ filler: 'x'.repeat(1_000_000) });
  const slow = new RawClient(stopping.server.port);
  slow.socket.pause();
  for (let i = 0; i < 50; i++) slow.send(opMsg([bodySection({ find: 'a' })]));
  const answered = await settledQueries(stopping);
  const stopped = stopping.server.stop();
  slow.socket.resume();
  await slow.until(() => slow.closed);
  await stopped;
  expect(slow.replies).toHaveLength(answered);
  await stopping.client.close();
});

const MANY = 100_000;
test(`an equality or a range on ${MANY} documents takes less than a millisecond`, async () => {
  const store = new Store({ dir: join(shop.dir, 'many') });
  const collection = store.createCollection('shop', 'products');
  for (let i = 0; i < MANY; i++) collection.insert({ _id: i, sku: `SKU-${i}`, price: i % 1000 });
  store.createIndex(collection, specFor(1, 'sku'));
  store.createIndex(collection, specFor(1, 'price'));
  const language = { collation: undefined, collator: undefined, variables: {}, now: new Date() };
  /** The middle one of many, as other work of the machine stretches some of them. */
  const time = (filter: (i: number) => Document) => {
    const times = Array.from({ length: 301 }, (_, i) => {
      const started = performance.now();
      const query = { language, filter: filter(i) as never, sort: { price: 1 }, limit: 20 };
      for (const _ of runPlan(planQuery(collection, query), { deadline: noDeadline }));
      return performance.now() - started;
    });
    return times.sort((a, b) => a - b)[150];
  };
  time((i) => ({ sku: `SKU-${i}` }));
  expect(time((i) => ({ sku: `SKU-${i * Math.floor(MANY / 301)}` }))).toBeLessThan(1);
  expect(time((i) => ({ price: { $gte: i, $lt: i + 100 } }))).toBeLessThan(1);
  await store.close();
});
