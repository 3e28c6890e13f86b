import fs, { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Document } from 'mongodb';
import { openLog } from '../../files/log.ts';
import { startTestServer, type TestServer } from '../commands/tests/test-server.ts';
import { catalogRecord, putRecord } from './log-records.ts';
import { Store } from './store.ts';

let shop: TestServer;
let warnings: string[];
const logPath = () => join(shop.dir, 'mongodb.log');
beforeEach(async () => {
  warnings = [];
  shop = await startTestServer({ compactAbove: 200_000, warn: (message) => warnings.push(message) });
});
afterEach(() => shop.stop());

const contents = async () => {
  const all: Document = {};
  for (const { name } of await shop.db.listCollections({ type: 'collection' }).toArray()) {
    const collection = shop.db.collection(name);
    all[name] = { documents: await collection.find().toArray(), indexes: await collection.indexes() };
  }
  const listed = await shop.db.listCollections().toArray();
  return { all, listed: listed.sort((a, b) => a.name.localeCompare(b.name)) };
};

describe('after a restart', () => {
  test('everything is as it was', async () => {
    const a = shop.db.collection('a');
    await a.insertMany([1, 2, 3].map((n) => ({ _id: n as never, n, tags: [n] })));
    await a.createIndex({ tags: 1, n: -1 }, { unique: true, sparse: true });
    await a.createIndex({ at: 1 }, { expireAfterSeconds: 3600, partialFilterExpression: { n: { $gt: 1 } } });
    await a.updateOne({ n: 2 }, { $set: { text: 'é', nothing: null } });
    await a.deleteOne({ n: 1 });
    await shop.db.createCollection('capped', { capped: true, size: 4096, max: 2 });
    await shop.db.createCollection('collated', { collation: { locale: 'de', strength: 1 } });
    await shop.db.collection('collated').createIndex({ name: 1 }, { unique: true });
    await shop.db.createCollection('view', { viewOn: 'a', pipeline: [{ $match: { n: 2 } }] });
    await shop.db.collection('b').insertOne({ _id: 'b' as never });
    await shop.db.collection('b').rename('c');
    await shop.db.collection('dropped').insertOne({});
    await shop.db.collection('dropped').drop();
    await shop.db.command({ collMod: 'c', validator: { _id: { $type: 'string' } } });
    await a.aggregate([{ $out: 'copied' }]).toArray();
    await a.createIndex({ gone: 1 });
    await a.dropIndex('gone_1');
    const before = await contents();

    await shop.restart();
    expect(await contents()).toEqual(before);
    const again = shop.db.collection('a');
    await expect(again.insertOne({ n: 3, tags: [3] })).rejects.toMatchObject({ code: 11000 });
    await expect(shop.db.collection('c').insertOne({ _id: 5 as never })).rejects.toMatchObject({ code: 121 });
    expect(await again.find({ tags: 3 }).explain('queryPlanner')).toMatchObject({
      queryPlanner: { winningPlan: { inputStage: { stage: 'IXSCAN', isMultiKey: true } } },
    });
    expect(await shop.db.collection('view').find().toArray()).toMatchObject([{ n: 2, text: 'é' }]);
    await again.insertOne({ _id: 9 as never });
    expect((await again.find().toArray()).at(-1)).toEqual({ _id: 9 });
  });

  test('the log was rewritten on the way, and nothing is lost', async () => {
    const a = shop.db.collection('a');
    await a.insertMany(
      Array.from({ length: 100 }, (_, n) => ({ _id: n as never, n: 0, filler: 'x'.repeat(300) })),
    );
    await a.createIndex({ n: 1 });
    let largest = 0;
    for (let round = 1; round <= 60; round++) {
      await a.updateMany({}, { $set: { n: round } });
      largest = Math.max(largest, statSync(logPath()).size);
    }
    expect(largest).toBeLessThan(500_000);
    await shop.restart();
    expect(await shop.db.collection('a').countDocuments({ n: 60 })).toBe(100);
    expect(warnings).toEqual([]);
  });

  test('a last write that was cut short is dropped', async () => {
    await shop.db.collection('a').insertOne({ _id: 1 as never });
    const before = statSync(logPath()).size;
    await shop.db.collection('a').insertOne({ _id: 2 as never });
    await shop.client.close();
    await shop.server.stop();
    fs.truncateSync(logPath(), before + 10);
    await restarted();
    expect(await shop.db.collection('a').distinct('_id')).toEqual([1]);
    expect(warnings.join()).toContain('mongodb.log');
  });
});

async function restarted(): Promise<void> {
  const { startMongoDB } = await import('../server.ts');
  const { MongoClient } = await import('mongodb');
  shop.server = await startMongoDB({ dir: shop.dir, warn: (message) => warnings.push(message) });
  shop.client = new MongoClient(shop.server.url);
  shop.db = shop.client.db('shop');
}

describe('a log that makes no sense', () => {
  const broken = (...records: Uint8Array[]) => {
    const dir = mkdtempSync(join(tmpdir(), 'souk-broken-'));
    const log = openLog({ path: join(dir, 'mongodb.log'), replay: () => {}, snapshot: () => [] });
    for (const record of records) log.append(record);
    log.commit();
    return { dir, log };
  };

  test.each([
    ['an unknown kind of record', [Buffer.of(77, 1, 2, 3)]],
    ['a document of no collection', [putRecord(5, 1, Buffer.from('05000000', 'hex'))]],
    ['a document of another length', [putRecord(5, 1, Buffer.from('0600000000', 'hex'))]],
    [
      'a document that is none',
      [
        catalogRecord({
          op: 'create',
          number: 5,
          database: 'a',
          name: 'b',
          options: {},
          indexes: [{ key: { _id: 1 } }],
        }),
        putRecord(5, 1, Buffer.from('0a000000996100010200', 'hex')),
      ],
    ],
    ['an unknown change', [catalogRecord({ op: 'bogus', number: 1 })]],
    ['a change to no collection', [catalogRecord({ op: 'rename', number: 1 })]],
  ])('with %s keeps the server from starting, and is named', async (_what, records) => {
    const { dir, log } = broken(...records);
    await log.close();
    const before = readFileSync(join(dir, 'mongodb.log'));
    expect(() => new Store({ dir })).toThrow(join(dir, 'mongodb.log'));
    expect(readFileSync(join(dir, 'mongodb.log'))).toEqual(before);
    rmSync(dir, { recursive: true });
  });
});

describe('a disk that is full', () => {
  test('is told with the name of the file; reads go on, and writes when there is room again', async () => {
    const a = shop.db.collection('a');
    await a.insertOne({ _id: 1 as never });
    const write = fs.writeSync;
    let full = true;
    const failing = ((...args: Parameters<typeof write>) => {
      if (full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return write(...args);
    }) as typeof write;
    fs.writeSync = failing;
    try {
      const refusal = {
        code: 14031,
        codeName: 'OutOfDiskSpace',
        message: expect.stringContaining(logPath()),
      };
      await expect(a.insertOne({ _id: 2 as never })).rejects.toMatchObject(refusal);
      await expect(a.insertOne({ _id: 3 as never })).rejects.toMatchObject(refusal);
      await expect(a.aggregate([{ $out: 'b' }]).toArray()).rejects.toMatchObject(refusal);
      expect(await a.countDocuments({ _id: { $lte: 1 } as never })).toBe(1);
      expect(await a.aggregate([{ $match: { _id: 1 } }]).toArray()).toEqual([{ _id: 1 }]);
      full = false;
      await a.insertOne({ _id: 4 as never });
    } finally {
      fs.writeSync = write;
    }
    await shop.restart();
    expect(await shop.db.collection('a').distinct('_id')).toEqual([1, 2, 4]);
  });
});

test('nothing is written for commands that change nothing', async () => {
  const a = shop.db.collection('a');
  await a.insertOne({ _id: 1 as never, n: 1 });
  const before = statSync(logPath()).size;
  await a.updateOne({ _id: 1 as never }, { $set: { n: 1 } });
  await a.deleteOne({ _id: 5 as never });
  await a.find().toArray();
  expect(statSync(logPath()).size).toBe(before);
});
