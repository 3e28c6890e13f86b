import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Collection, Document } from 'mongodb';
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

const create = (...indexes: Document[]) => shop.db.command({ createIndexes: 'things', indexes });
const insertAll = async (documents: Document[]) => {
  for (const document of documents) await things.insertOne({ ...document });
};
const duplicate = { code: 11000 };

describe('createIndexes', () => {
  test('tells what it made, and lists it', async () => {
    expect(
      await create(
        { key: { a: 1 }, name: 'a_1' },
        { key: { 'b.c': -1 }, name: 'bc', unique: true, sparse: true },
      ),
    ).toEqual({
      numIndexesBefore: 1,
      numIndexesAfter: 3,
      createdCollectionAutomatically: true,
      ok: 1,
    });
    expect(await create({ key: { a: 1 }, name: 'a_1' })).toEqual({
      numIndexesBefore: 3,
      numIndexesAfter: 3,
      note: 'all indexes already exist',
      ok: 1,
    });
    expect(await things.indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1 }, name: 'a_1' },
      { v: 2, key: { 'b.c': -1 }, name: 'bc', unique: true, sparse: true },
    ]);
    expect(await create({ key: { _id: 1 }, name: 'other' })).toMatchObject({
      note: 'all indexes already exist',
    });
  });

  test('makes all or none', async () => {
    await things.insertMany([
      { a: 1, b: 1 },
      { a: 2, b: 1 },
    ]);
    await expect(
      create({ key: { a: 1 }, name: 'a' }, { key: { b: 1 }, name: 'b', unique: true }),
    ).rejects.toMatchObject({
      code: 11000,
      message: expect.stringContaining('index: b dup key: { b: 1 }'),
    });
    expect((await things.indexes()).length).toBe(1);
    const twice = create({ key: { a: 1 }, name: 'a' }, { key: { a: 1 }, name: 'a' });
    await expect(twice).rejects.toMatchObject({ code: 68, message: 'Identical index already exists: a' });
  });

  test.each([
    [{ key: {}, name: 'x' }, 67, 'Index keys cannot be empty.'],
    [{ key: { a: 0 }, name: 'x' }, 67, 'Values in the index key pattern cannot be 0.'],
    [{ key: { a: true }, name: 'x' }, 67, 'Values in v:2 index key pattern cannot be of type bool.'],
    [{ key: { a: 'text' }, name: 'x' }, 67, "Indexes of type 'text' are not supported by this server"],
    [
      { key: { a: '2dsphere' }, name: 'x' },
      67,
      "Indexes of type '2dsphere' are not supported by this server",
    ],
    [{ key: { a: 'hashed' }, name: 'x' }, 67, "Indexes of type 'hashed' are not supported by this server"],
    [{ key: { a: 'bogus' }, name: 'x' }, 67, "Unknown index plugin 'bogus'"],
    [{ key: { '$**': 1 }, name: 'x' }, 67, 'Wildcard indexes are not supported by this server'],
    [{ key: { 'a..b': 1 }, name: 'x' }, 67, 'Index keys cannot contain an empty field.'],
    [
      { key: { $a: 1 }, name: 'x' },
      67,
      "Index key contains an illegal field name: field name starts with '$'.",
    ],
    [{ key: { a: 1 } }, 9, "The 'name' field is a required property of an index specification"],
    [{ key: { a: 1 }, name: '' }, 67, 'The index name cannot be empty'],
    [{ key: { a: 1 }, name: '*' }, 2, "The index name '*' is not valid."],
    [{ key: { a: 1 }, name: '_id_' }, 2, "The index name '_id_' is reserved for the _id index"],
    [
      { key: { a: 1 }, name: 'x', bogus: 1 },
      197,
      "The field 'bogus' is not valid for an index specification.",
    ],
    [
      { key: { _id: 1 }, name: 'x', unique: true },
      197,
      "The field 'unique' is not valid for an _id index specification.",
    ],
    [{ key: { _id: 1 }, name: 'x', hidden: true }, 2, "can't hide _id index"],
    [{ key: { a: 1 }, name: 'x', unique: 'yes' }, 14, 'which is not convertible to bool'],
    [{ key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 1 }, 67, 'TTL indexes are single-field indexes'],
    [
      { key: { a: 1 }, name: 'x', expireAfterSeconds: -1 },
      67,
      "TTL index 'expireAfterSeconds' option cannot be less than 0",
    ],
    [
      { key: { a: 1 }, name: 'x', expireAfterSeconds: 'x' },
      67,
      "TTL index 'expireAfterSeconds' option must be numeric",
    ],
    [
      { key: { a: 1 }, name: 'x', sparse: true, partialFilterExpression: { a: 1 } },
      67,
      'cannot mix "partialFilterExpression" and "sparse" options',
    ],
    [
      { key: { a: 1 }, name: 'x', partialFilterExpression: { a: { $ne: 1 } } },
      67,
      'Expression not supported in partial index',
    ],
    [
      { key: { a: 1 }, name: 'x', partialFilterExpression: { a: { $exists: false } } },
      67,
      'Expression not supported in partial index',
    ],
    [
      { key: { a: 1 }, name: 'x', partialFilterExpression: 5 },
      14,
      "The field 'partialFilterExpression' must be an object",
    ],
    [{ key: { a: 1 }, name: 'x', collation: { locale: 'bogus-' } }, 2, 'locale'],
    [{ key: { a: 1 }, name: 'x', v: 7 }, 67, 'v=7'],
    [{ key: 5, name: 'x' }, 14, "The field 'key' must be an object"],
  ])('refuses %j', async (spec, code, message) => {
    const failure = await create(spec).catch((error) => error);
    expect(failure).toMatchObject({ code });
    expect(failure.message).toContain(message);
  });

  test('tells collisions with what is there', async () => {
    await create({ key: { a: 1 }, name: 'a_1' });
    await expect(create({ key: { a: 1 }, name: 'other' })).rejects.toMatchObject({
      code: 85,
      message: 'Index already exists with a different name: a_1',
    });
    await expect(create({ key: { b: 1 }, name: 'a_1' })).rejects.toMatchObject({
      code: 86,
      codeName: 'IndexKeySpecsConflict',
    });
    await expect(create({ key: { a: 1 }, name: 'a_1', unique: true })).rejects.toMatchObject({ code: 86 });
    await expect(create({ key: { a: 1 }, name: 'a_1', expireAfterSeconds: 5 })).rejects.toMatchObject({
      code: 85,
      message: expect.stringContaining(
        'An equivalent index already exists with the same name but different options.',
      ),
    });
    await expect(create({ key: { a: 1 }, name: 'other', expireAfterSeconds: 5 })).rejects.toMatchObject({
      code: 85,
      message: expect.stringContaining('a different name and options'),
    });
    expect(await create({ key: { a: 1 }, name: 'unique', unique: true })).toMatchObject({
      numIndexesAfter: 3,
    });
    await expect(create({ key: { c: 1 }, name: 'c', commitQuorum: 1 })).rejects.toMatchObject({ code: 197 });
  });
});

describe('a unique index', () => {
  test('counts what is missing as null', async () => {
    await create({ key: { a: 1 }, name: 'a', unique: true });
    await insertAll([{ a: null }, { a: 1 }, { a: [] }]);
    await expect(things.insertOne({ b: 1 })).rejects.toMatchObject({ ...duplicate, keyValue: { a: null } });
    await expect(things.insertOne({ a: [] })).rejects.toMatchObject(duplicate);
  });

  test('holds for each element of arrays, but not within one document', async () => {
    await create({ key: { 'tags.name': 1, shop: 1 }, name: 'tags', unique: true });
    await insertAll([
      { shop: 1, tags: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] },
      { shop: 2, tags: [{ name: 'a' }] },
    ]);
    await expect(things.insertOne({ shop: 1, tags: [{ name: 'c' }, { name: 'b' }] })).rejects.toMatchObject({
      ...duplicate,
      keyValue: { 'tags.name': 'b', shop: 1 },
    });
    await expect(things.insertOne({ shop: [1], tags: [{ name: 'z' }] })).rejects.toMatchObject({
      code: 171,
      message: 'cannot index parallel arrays [shop] [tags]',
    });
  });

  test('that is sparse or partial leaves out what it does not hold', async () => {
    await create({ key: { a: 1 }, name: 'a', unique: true, sparse: true });
    await create({ key: { b: 1 }, name: 'b', unique: true, partialFilterExpression: { on: true } });
    await insertAll([
      { x: 1 },
      { x: 2 },
      { a: null, b: 5 },
      { a: 2, b: 5, on: false },
      { a: 3, b: 5, on: true },
    ]);
    await expect(things.insertOne({ a: null })).rejects.toMatchObject(duplicate);
    await expect(things.insertOne({ a: 4, b: 5, on: true })).rejects.toMatchObject(duplicate);
    await expect(things.updateOne({ a: 2 }, { $set: { on: true } })).rejects.toMatchObject(duplicate);
    await things.deleteOne({ a: 3 });
    expect(await things.updateOne({ a: 2 }, { $set: { on: true } })).toMatchObject({ modifiedCount: 1 });
  });

  test('compares by its collation', async () => {
    await create({ key: { name: 1 }, name: 'name', unique: true, collation: { locale: 'en', strength: 2 } });
    await things.insertOne({ name: 'Anna' });
    await expect(things.insertOne({ name: 'anna' })).rejects.toMatchObject(duplicate);
    expect(await things.countDocuments({ name: 'ANNA' }, { collation: { locale: 'en', strength: 2 } })).toBe(
      1,
    );
    expect((await things.indexes())[1]).toMatchObject({
      collation: { locale: 'en', strength: 2, caseLevel: false, version: '57.1' },
    });
  });

  test('lets one of many win', async () => {
    await create({ key: { email: 1 }, name: 'email', unique: true });
    const tries = Array.from({ length: 50 }, (_, n) => things.insertOne({ email: 'one', n }));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(await things.countDocuments({ email: 'one' })).toBe(1);
  });
});

describe('an index follows every write', () => {
  test('also of an update that copies one array into two fields', async () => {
    await create({ key: { a: 1, b: 1 }, name: 'ab' });
    await things.insertOne({ a: [1, 2] });
    await expect(things.updateOne({}, [{ $set: { b: '$a' } }])).rejects.toMatchObject({ code: 171 });
    expect(await things.countDocuments({ b: { $exists: true } })).toBe(0);
  });

  test('of documents that come, change and go', async () => {
    await create({ key: { n: 1 }, name: 'n' }, { key: { tags: 1, n: -1 }, name: 'tags' });
    await insertAll(Array.from({ length: 60 }, (_, n) => ({ n, tags: [n % 2, n % 3] })));
    await things.updateMany({ n: { $lt: 20 } }, { $push: { tags: 9 } as never, $inc: { n: 100 } });
    await things.deleteMany({ n: { $gte: 110 } });
    await things.replaceOne({ n: 30 }, { n: 31, tags: 'none' });
    const byIndex = async (filter: Document, hint: Document) =>
      (await things.find(filter, { hint }).toArray()).length;
    for (const filter of [{ n: { $gte: 0 } }, { n: 31 }, { n: { $gt: 99 } }]) {
      expect(await byIndex(filter, { n: 1 })).toBe(await byIndex(filter, { $natural: 1 }));
    }
    for (const filter of [{ tags: 9 }, { tags: { $in: [0, 'none'] } }, { tags: 1, n: { $lt: 50 } }]) {
      expect(await byIndex(filter, { tags: 1, n: -1 })).toBe(await byIndex(filter, { $natural: 1 }));
    }
    const { keysPerIndex, valid } = await shop.db.command({ validate: 'things' });
    expect(valid).toBe(true);
    expect(keysPerIndex).toMatchObject({ _id_: 50, n: 50 });
  });
});

describe('dropIndexes', () => {
  test('by name, by key, by list, and all', async () => {
    for (const field of ['a', 'b', 'c', 'd', 'e']) await things.createIndex({ [field]: 1 });
    const drop = (index: unknown) => shop.db.command({ dropIndexes: 'things', index });
    expect(await drop('a_1')).toEqual({ nIndexesWas: 6, ok: 1 });
    expect(await drop({ b: 1 })).toEqual({ nIndexesWas: 5, ok: 1 });
    expect(await drop(['c_1'])).toEqual({ nIndexesWas: 4, ok: 1 });
    expect(await drop('*')).toEqual({ nIndexesWas: 3, msg: 'non-_id indexes dropped for collection', ok: 1 });
    expect((await things.indexes()).length).toBe(1);
    await expect(drop(5)).rejects.toMatchObject({ code: 14 });
    await expect(drop(['*'])).rejects.toMatchObject({ code: 27 });
    expect(await shop.db.command({ reIndex: 'things' })).toMatchObject({ nIndexes: 1 });
  });

  test('wants a name where keys are ambiguous', async () => {
    await create({ key: { a: 1 }, name: 'one' }, { key: { a: 1 }, name: 'two', sparse: true });
    await expect(shop.db.command({ dropIndexes: 'things', index: { a: 1 } })).rejects.toMatchObject({
      code: 181,
    });
  });
});

describe('collMod', () => {
  test('changes when documents expire, and hides indexes', async () => {
    await create({ key: { at: 1 }, name: 'at', expireAfterSeconds: 10 });
    const change = (index: Document) => shop.db.command({ collMod: 'things', index });
    expect(await change({ name: 'at', expireAfterSeconds: 20 })).toEqual({
      expireAfterSeconds_old: 10,
      expireAfterSeconds_new: 20,
      ok: 1,
    });
    expect(await change({ keyPattern: { at: 1 }, hidden: true })).toEqual({
      hidden_old: false,
      hidden_new: true,
      ok: 1,
    });
    expect(await change({ name: 'at', hidden: true })).toEqual({ ok: 1 });
    expect((await things.indexes())[1]).toMatchObject({ expireAfterSeconds: 20, hidden: true });
    await expect(change({ name: 'none', hidden: true })).rejects.toMatchObject({ code: 27 });
    await expect(change({ name: 'at' })).rejects.toMatchObject({ code: 72 });
    await expect(change({ hidden: true })).rejects.toMatchObject({ code: 72 });
    await expect(change({ name: '_id_', hidden: true })).rejects.toMatchObject({ code: 2 });
  });
});

test('$indexStats counts how often a plan chose an index', async () => {
  await things.createIndex({ a: 1 });
  await things.insertOne({ a: 1 });
  for (let i = 0; i < 3; i++) await things.findOne({ a: 1 });
  const stats = await things.aggregate([{ $indexStats: {} }, { $match: { name: 'a_1' } }]).toArray();
  expect(stats).toMatchObject([
    { name: 'a_1', key: { a: 1 }, accesses: { ops: 3, since: expect.any(Date) } },
  ]);
});
