import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Long } from 'bson';
import type { ClientSession, Collection, Document } from 'mongodb';
import { CursorStore, CursorTime } from './cursors.ts';
import { startTestServer, type TestServer } from './tests/test-server.ts';

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

const open = async () => (await shop.db.admin().serverStatus()).metrics.cursor.open.total as number;

describe('a cursor over many batches', () => {
  beforeEach(async () => {
    await things.insertMany(
      Array.from({ length: 1000 }, (_, n) => ({ _id: n as never, n: n % 10, even: n % 2 === 0 })),
    );
  });

  test.each([
    ['in natural order', {}, {}],
    ['along an index', { n: { $gte: 0 } }, { n: 1 }],
    ['sorted', {}, { even: -1 }],
  ] as const)('%s skips and repeats nothing while others write', async (_how, filter, sort) => {
    await things.createIndex({ n: 1 });
    const before = await things.find(filter).sort(sort).toArray();
    const cursor = things.find(filter, { batchSize: 50 }).sort(sort);
    const seen: Document[] = [];
    for (let i = 0; i < 120; i++) seen.push((await cursor.next())!);
    await things.insertMany([{ n: -1 }, { n: 4 }, { n: 99 }]);
    await things.updateMany({ n: { $in: [0, 5] } }, { $inc: { n: 7 } });
    await things.deleteMany({ _id: { $gte: 500 } as never });
    for await (const document of cursor) seen.push(document);
    expect(seen).toEqual(before);
  });

  test('takes batches of the sizes that are asked for, and is gone at its end', async () => {
    const before = await open();
    const { cursor } = await shop.db.command({ find: 'things', batchSize: 0 });
    expect(cursor.firstBatch).toEqual([]);
    const more = (batchSize?: number) =>
      shop.db.command({
        getMore: Long.fromValue(cursor.id),
        collection: 'things',
        ...(batchSize && { batchSize }),
      });
    expect((await more(10)).cursor.nextBatch.length).toBe(10);
    expect(await open()).toBe(before + 1);
    const rest = await more();
    expect([rest.cursor.nextBatch.length, Number(rest.cursor.id)]).toEqual([990, 0]);
    expect(await open()).toBe(before);
    await expect(more()).rejects.toMatchObject({ code: 43, codeName: 'CursorNotFound' });
  });

  test('gives 101 documents first, and no cursor where nothing follows', async () => {
    expect((await shop.db.command({ find: 'things' })).cursor.firstBatch.length).toBe(101);
    expect(Number((await shop.db.command({ find: 'things', limit: 101 })).cursor.id)).toBe(0);
    expect(
      Number((await shop.db.command({ find: 'things', batchSize: 5, singleBatch: true })).cursor.id),
    ).toBe(0);
    expect(
      Number(
        (await shop.db.command({ aggregate: 'things', pipeline: [{ $limit: 7 }], cursor: { batchSize: 7 } }))
          .cursor.id,
      ),
    ).toBe(0);
  });

  test('belongs to its collection and its session', async () => {
    const [own, other] = [shop.client.startSession(), shop.client.startSession()];
    const { cursor } = await shop.db.command({ find: 'things', batchSize: 1 }, { session: own });
    const getMore = (collection: string, session: ClientSession) =>
      shop.db.command({ getMore: Long.fromValue(cursor.id), collection }, { session });
    await expect(getMore('others', own)).rejects.toMatchObject({ code: 13 });
    await expect(getMore('things', other)).rejects.toMatchObject({ code: 50738 });
    expect(await getMore('things', own)).toMatchObject({ ok: 1 });
    await Promise.all([own.endSession(), other.endSession()]);
  });

  test('ends when it is killed, with its session, and when its collection is dropped', async () => {
    const killed = things.find({}, { batchSize: 2 });
    await killed.next();
    const before = await open();
    await killed.close();
    expect(await open()).toBe(before - 1);

    const session = shop.client.startSession();
    const inSession = things.find({}, { batchSize: 2, session });
    await inSession.next();
    await shop.db.admin().command({ endSessions: [session.id] });
    await expect(inSession.toArray()).rejects.toMatchObject({ code: 43 });
    await session.endSession();

    const orphan = things.find({}, { batchSize: 2 });
    await orphan.next();
    await things.drop();
    await expect(orphan.toArray()).rejects.toMatchObject({ code: 175, codeName: 'QueryPlanKilled' });
    const reply = await shop.db.command({ killCursors: 'things', cursors: [Long.fromInt(5)] });
    expect(reply).toMatchObject({ cursorsKilled: [], cursorsNotFound: [5], ok: 1 });
  });

  test('is refused a time limit at a getMore that does not wait', async () => {
    const { cursor } = await shop.db.command({ find: 'things', batchSize: 1 });
    const getMore = Long.fromValue(cursor.id);
    await expect(shop.db.command({ getMore, collection: 'things', maxTimeMS: 5 })).rejects.toMatchObject({
      code: 2,
    });
  });
});

test('a command that takes longer than it may is ended', async () => {
  await things.insertMany(
    Array.from({ length: process.env.SOUK_LONG_TESTS ? 20_000 : 4_000 }, (_, n) => ({ n })),
  );
  const slow = {
    $expr: {
      $gt: [{ $strLenCP: { $concat: Array.from({ length: 40 }, () => ({ $toString: '$n' })) } }, 1e9],
    },
  };
  await expect(things.find(slow, { maxTimeMS: 1 }).toArray()).rejects.toMatchObject({
    code: 50,
    codeName: 'MaxTimeMSExpired',
  });
  await expect(things.updateMany(slow, { $set: { a: 1 } }, { maxTimeMS: 1 } as never)).rejects.toMatchObject({
    code: 50,
  });
  expect(await things.find({ n: 5 }, { maxTimeMS: 10_000 }).toArray()).not.toEqual([]);
});

describe('a capped collection', () => {
  test('keeps the newest, and a tailable cursor goes on when something comes', async () => {
    await shop.db.dropCollection('events');
    const events = await shop.db.createCollection('events', { capped: true, size: 100_000, max: 3 });
    await events.insertMany([1, 2, 3, 4].map((_id) => ({ _id: _id as never })));
    expect(await events.distinct('_id')).toEqual([2, 3, 4]);
    const tail = events.find({}, { tailable: true, awaitData: true, maxAwaitTimeMS: 5000 });
    for (const _id of [2, 3, 4]) expect(await tail.next()).toEqual({ _id });
    const next = tail.next();
    await events.insertOne({ _id: 5 as never });
    expect(await next).toEqual({ _id: 5 });
    await tail.close();
  });

  test('answers with an empty batch when nothing comes in time', async () => {
    await shop.db.dropCollection('events');
    const events = await shop.db.createCollection('events', { capped: true, size: 4096 });
    await events.insertOne({ _id: 1 as never });
    const { cursor } = await shop.db.command({ find: 'events', tailable: true, awaitData: true });
    const reply = await shop.db.command({
      getMore: Long.fromValue(cursor.id),
      collection: 'events',
      maxTimeMS: 10,
    });
    expect(reply.cursor.nextBatch).toEqual([]);
    expect(Number(reply.cursor.id)).not.toBe(0);
  });
});

describe('open cursors', () => {
  const source = (name: string) => ({
    namespace: name,
    documents: [Buffer.from('a'), Buffer.from('b')].values(),
    time: new CursorTime(undefined),
    session: undefined,
  });
  const openOne = (store: CursorStore, name = 'x') => store.reply(source(name), 0).cursor!.id;

  test('are closed when they were idle for ten minutes', () => {
    const store = new CursorStore(() => 0);
    const id = openOne(store);
    store.killIdle(Date.now() + 9 * 60_000);
    expect(store.get(id)).toBeDefined();
    store.killIdle(Date.now() + 11 * 60_000);
    expect(store.get(id)).toBeUndefined();
  });

  test('are closed when too much was replaced that only they still hold', () => {
    let retired = 0;
    const store = new CursorStore(() => retired);
    const old = openOne(store);
    retired = 100 * 1024 * 1024;
    const young = openOne(store);
    store.release();
    expect(store.get(old)).toBeDefined();
    retired = 140 * 1024 * 1024;
    store.release();
    expect([store.get(old), store.get(young) !== undefined]).toEqual([undefined, true]);
  });

  test('are no more than ten thousand: the one used least recently goes', () => {
    const store = new CursorStore(() => 0);
    const first = openOne(store);
    const second = openOne(store);
    for (let i = 0; i < 9_998; i++) openOne(store);
    store.next(store.get(first)!, 1);
    openOne(store);
    expect([store.size, store.get(first) !== undefined, store.get(second)]).toEqual([
      10_000,
      true,
      undefined,
    ]);
  });
});
