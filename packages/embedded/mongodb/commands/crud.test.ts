import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { type Collection, type Document, MongoBulkWriteError, MongoServerError } from 'mongodb';
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

describe('values', () => {
  test('go out as the type they came in, at any depth', async () => {
    const types = {
      _id: new Long(5),
      int: new Int32(1),
      long: Long.fromString('9007199254740993'),
      double: new Double(1),
      minusZero: new Double(-0),
      infinite: new Double(Number.POSITIVE_INFINITY),
      decimal: Decimal128.fromString('1.50'),
      nested: { array: [new Double(2), new Int32(2), Long.fromInt(2)] },
      binary: new Binary(Buffer.from('abc'), 0x80),
      regex: new BSONRegExp('^a', 'i'),
      timestamp: new Timestamp({ t: 5, i: 6 }),
      code: new Code('return 1'),
      low: new MinKey(),
      high: new MaxKey(),
      nothing: null,
      when: new Date(5),
      id: new ObjectId('65f0a1b2c3d4e5f6a7b8c9d0'),
    };
    await things.insertOne(types as never);
    const raw = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;
    const stored = await things.findOne({ _id: Long.fromInt(5) } as never, raw);
    expect(stored).toEqual(types);
    expect(Object.is((stored!.minusZero as Double).value, -0)).toBe(true);

    await things.updateOne({ _id: 5 } as never, { $set: { touched: new Double(3) } });
    const updated = await things.findOne({ _id: 5 } as never, raw);
    expect(updated).toEqual({ ...types, touched: new Double(3) });
  });

  test('may have any name of a field', async () => {
    const odd = JSON.parse(
      '{"_id":1,"__proto__":{"a":1},"constructor":2,"hasOwnProperty":3,"toString":{"__proto__":4},"":5}',
    );
    await things.insertOne(odd);
    const stored = await things.findOne({ constructor: 2, 'toString.__proto__': 4 } as never);
    expect(JSON.stringify(stored)).toBe(JSON.stringify(odd));
    await things.updateOne({ _id: 1 as never }, { $set: { 'prototype.polluted': true } });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('that look like BSON classes stay documents', async () => {
    await things.insertOne({ _id: 1 as never, v: { _bsontype2: 'Long', toBSON2: 1 } });
    expect(await things.findOne({ 'v.toBSON2': 1 })).toEqual({
      _id: 1,
      v: { _bsontype2: 'Long', toBSON2: 1 },
    });
  });
});

describe('_id', () => {
  test('is made when missing and comes first', async () => {
    await shop.db.command({ insert: 'things', documents: [{ a: 1 }, { b: 1, _id: 7 }] });
    const [made, moved] = await things.find().toArray();
    expect(Object.keys(made!)).toEqual(['_id', 'a']);
    expect(made!._id).toBeInstanceOf(ObjectId);
    expect(Object.keys(moved!)).toEqual(['_id', 'b']);
  });

  test('may be null, and is found again', async () => {
    // The driver's insertOne would put an id of its own there.
    const insertNull = () => shop.db.command({ insert: 'things', documents: [{ _id: null, a: 1 }] });
    expect(await insertNull()).toEqual({ n: 1, ok: 1 });
    expect(await things.findOne({ _id: null as never })).toEqual({ _id: null, a: 1 });
    expect(await insertNull()).toMatchObject({
      n: 0,
      writeErrors: [{ code: 11000, keyValue: { _id: null } }],
    });
    await shop.restart();
    things = shop.db.collection('things');
    expect(await things.findOne({ _id: null as never })).toEqual({ _id: null, a: 1 });
  });

  test.each([
    [[1], 53, "The '_id' value cannot be of type array"],
    [/x/, 53, "The '_id' value cannot be of type regex"],
    [{ $a: 1 }, 52, "_id fields may not contain '$'-prefixed fields"],
  ])('may not be %j', async (id, code, message) => {
    await expect(things.insertOne({ _id: id as never })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(await things.countDocuments()).toBe(0);
  });

  test('is the same across number types', async () => {
    await things.insertOne({ _id: new Double(1) as never });
    await expect(things.insertOne({ _id: Long.fromInt(1) as never })).rejects.toMatchObject({ code: 11000 });
    expect(await things.countDocuments({ _id: Decimal128.fromString('1.0') as never })).toBe(1);
  });
});

describe('inserts', () => {
  test('tell a duplicate as MongoDB words it', async () => {
    await things.createIndex({ name: 1, 'address.city': -1 }, { unique: true });
    const document = { name: 'x', address: { city: 'y' } };
    await things.insertOne({ ...document });
    const failure = await things.insertOne({ ...document }).catch((error) => error);
    expect(failure).toBeInstanceOf(MongoServerError);
    expect(failure).toMatchObject({
      code: 11000,
      keyPattern: { name: 1, 'address.city': -1 },
      keyValue: { name: 'x', 'address.city': 'y' },
      message:
        'E11000 duplicate key error collection: shop.things index: name_1_address.city_-1 dup key: { name: "x", address.city: "y" }',
    });
  });

  test('in order stop at the first failure, without order they go on', async () => {
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }, { _id: 2 }, { _id: 3 }] as never[];
    const ordered = await things.insertMany(documents).catch((error: MongoBulkWriteError) => error);
    expect(ordered).toMatchObject({ insertedCount: 1, writeErrors: [{ index: 1, code: 11000 }] });
    await things.deleteMany({});
    const unordered = (await things
      .insertMany(documents, { ordered: false })
      .catch((error) => error)) as MongoBulkWriteError;
    expect(unordered).toBeInstanceOf(MongoBulkWriteError);
    expect(unordered.insertedCount).toBe(3);
    expect([unordered.writeErrors].flat().map(({ index }) => index)).toEqual([1, 3]);
    expect(await things.distinct('_id')).toEqual([1, 2, 3]);
  });

  test('refuse what is larger than 16 MB', async () => {
    const large = { _id: 1, text: 'x'.repeat(16 * 1024 * 1024) };
    const reply = await shop.db.command({ insert: 'things', documents: [large] });
    const errmsg = 'object to insert too large. size in bytes: 16777241, max size: 16777216';
    expect(reply).toMatchObject({ n: 0, writeErrors: [{ index: 0, code: 2, errmsg }] });
    expect(await things.countDocuments()).toBe(0);
  });

  test('put the time into empty timestamps at the top', async () => {
    await things.insertOne({
      _id: 1 as never,
      at: new Timestamp({ t: 0, i: 0 }),
      in: { at: new Timestamp({ t: 0, i: 0 }) },
    });
    const stored = await things.findOne();
    expect(stored!.at.t).toBeGreaterThan(1_600_000_000);
    expect(stored!.in.at.t).toBe(0);
  });
});

describe('updates', () => {
  test('count what matched and what changed', async () => {
    await things.insertMany([{ n: 1 }, { n: 1 }, { n: 2 }]);
    expect(await things.updateMany({ n: { $gte: 1 } }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 3,
      modifiedCount: 1,
    });
    expect(await things.updateOne({ n: 1 }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await things.updateOne({ n: 5 }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 0,
      modifiedCount: 0,
    });
  });

  test('upsert out of filter and update, and say which', async () => {
    const reply = await shop.db.command({
      update: 'things',
      updates: [
        { q: { name: 'a', 'at.x': 1 }, u: { $inc: { n: 2 }, $setOnInsert: { fresh: true } }, upsert: true },
        { q: { name: 'a' }, u: { $inc: { n: 2 } }, upsert: true },
        { q: { _id: 9 }, u: { replaced: 1 }, upsert: true },
      ],
    });
    expect(reply).toMatchObject({ n: 3, nModified: 1, ok: 1 });
    expect(reply.upserted).toEqual([
      { index: 0, _id: expect.any(ObjectId) },
      { index: 2, _id: 9 },
    ]);
    expect(await things.findOne({ name: 'a' }, { projection: { _id: 0 } })).toEqual({
      name: 'a',
      at: { x: 1 },
      n: 4,
      fresh: true,
    });
    expect(await things.findOne({ _id: 9 as never })).toEqual({ _id: 9, replaced: 1 });
  });

  test('do not meet a document twice that they move along the index', async () => {
    await things.createIndex({ n: 1 });
    await things.insertMany(Array.from({ length: 300 }, (_, n) => ({ n })));
    expect(
      await things.updateMany({ n: { $gte: 0 } }, { $inc: { n: 1000 } }, { hint: { n: 1 } }),
    ).toMatchObject({ modifiedCount: 300 });
    expect(await things.countDocuments({ n: { $gte: 2000 } })).toBe(0);
  });

  test('keep unique keys unique, and leave the document as it was', async () => {
    await things.createIndex({ n: 1 }, { unique: true });
    await things.insertMany([
      { _id: 1 as never, n: 1 },
      { _id: 2 as never, n: 2 },
    ]);
    await expect(things.updateOne({ _id: 2 as never }, { $set: { n: 1, other: 1 } })).rejects.toMatchObject({
      code: 11000,
    });
    expect(await things.findOne({ _id: 2 as never })).toEqual({ _id: 2, n: 2 });
    expect(await things.countDocuments({ n: 2 })).toBe(1);
  });

  test.each([
    [{ q: {}, u: { a: 1 }, multi: true }, 9, 'multi update is not supported for replacement-style update'],
    [{ q: {}, u: { $bogus: { a: 1 } } }, 9, 'Unknown modifier: $bogus'],
    [{ q: { _id: 1 }, u: { $set: { _id: 2 } } }, 66, "immutable field '_id'"],
    [
      { q: {}, u: { $set: { a: 1 }, $inc: { a: 1 } } },
      40,
      "Updating the path 'a' would create a conflict at 'a'",
    ],
    [{ q: {}, u: { $inc: { text: 1 } } }, 14, 'Cannot apply $inc to a value of non-numeric type'],
    [{ q: {}, u: 5 }, 9, 'Update argument must be either an object or an array'],
    [{ q: { $bogus: 1 }, u: { $set: { a: 1 } } }, 2, 'unknown top level operator: $bogus'],
    [
      { q: {}, u: { $set: { a: 1 } }, hint: 'none' },
      2,
      'hint provided does not correspond to an existing index',
    ],
  ])('refuse %j', async (statement, code, message) => {
    await things.insertOne({ _id: 1 as never, text: 'x' });
    const reply = await shop.db.command({ update: 'things', updates: [statement] });
    expect(reply).toMatchObject({ n: 0, nModified: 0, ok: 1 });
    expect(reply.writeErrors).toMatchObject([{ index: 0, code, errmsg: expect.stringContaining(message) }]);
  });
});

describe('deletes', () => {
  test('take one or all', async () => {
    await things.insertMany([{ n: 1 }, { n: 1 }, { n: 2 }, { n: 2 }]);
    expect((await things.deleteOne({ n: 1 })).deletedCount).toBe(1);
    expect((await things.deleteMany({ n: 2 })).deletedCount).toBe(2);
    expect(await things.countDocuments()).toBe(1);
  });

  test('tell an unknown operator as a write error', async () => {
    const reply = await shop.db.command({
      delete: 'things',
      deletes: [{ q: { a: { $bogus: 1 } }, limit: 0 }],
    });
    expect(reply).toMatchObject({ n: 0, ok: 1, writeErrors: [{ index: 0, code: 2 }] });
  });
});

describe('findAndModify', () => {
  beforeEach(() =>
    things.insertMany([
      { _id: 1 as never, n: 3 },
      { _id: 2 as never, n: 1 },
      { _id: 3 as never, n: 2 },
    ]),
  );

  test('picks by sort and returns before or after', async () => {
    const first = await things.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: 1 } });
    expect(first).toEqual({ _id: 2, n: 1 });
    const last = await things.findOneAndUpdate(
      {},
      { $inc: { n: 10 } },
      { sort: { n: -1 }, returnDocument: 'after', projection: { _id: 0 } },
    );
    expect(last).toEqual({ n: 21 });
    expect(await things.findOneAndDelete({ n: { $gt: 5 } })).toEqual({ _id: 2, n: 21 });
  });

  test('upserts with a sort, and says so', async () => {
    const options = {
      sort: { n: -1 },
      upsert: true,
      returnDocument: 'after',
      includeResultMetadata: true,
    } as const;
    const inserted = await things.findOneAndUpdate({ kind: 'new' }, { $set: { n: 9 } }, options);
    expect(inserted).toMatchObject({
      ok: 1,
      lastErrorObject: { n: 1, updatedExisting: false, upserted: expect.any(ObjectId) },
      value: { kind: 'new', n: 9 },
    });
    const updated = await things.findOneAndUpdate({ kind: 'new' }, { $inc: { n: 1 } }, options);
    expect(updated).toMatchObject({ lastErrorObject: { n: 1, updatedExisting: true }, value: { n: 10 } });
    const none = await things.findOneAndUpdate(
      { kind: 'none' },
      { $inc: { n: 1 } },
      { includeResultMetadata: true },
    );
    expect(none).toMatchObject({ lastErrorObject: { n: 0, updatedExisting: false }, value: null });
  });

  test.each([
    [{}, 'Either an update or remove=true must be specified'],
    [{ update: {}, remove: true }, 'Cannot specify both an update and remove=true'],
    [{ remove: true, upsert: true }, 'Cannot specify both upsert=true and remove=true '],
    [
      { remove: true, new: true },
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    ],
  ])('refuses %j', async (options, message) => {
    await expect(shop.db.command({ findAndModify: 'things', ...options })).rejects.toMatchObject({
      code: 9,
      message,
    });
  });
});

describe('counts and distinct values', () => {
  beforeEach(() =>
    things.insertMany([
      { n: 1, tags: ['a', 'b'], at: [{ x: 1 }, { x: 2 }] },
      { n: 2, tags: [] },
      { n: 2, tags: 'b', at: { x: new Double(2) } },
      { n: null },
    ] as never[]),
  );

  test('heed skip and limit', async () => {
    const count = async (options: Document) => (await shop.db.command({ count: 'things', ...options })).n;
    expect(await count({})).toBe(4);
    expect(await count({ skip: 1, limit: 2 })).toBe(2);
    expect(await count({ skip: 10 })).toBe(0);
    expect(await count({ limit: -3 })).toBe(3);
    expect(await count({ query: { n: 2 }, skip: 1 })).toBe(1);
    expect((await shop.db.command({ count: 'nowhere' })).n).toBe(0);
  });

  test('are the same with an index', async () => {
    const filters = [
      { n: 2 },
      { n: { $gte: 1 } },
      { n: null },
      { n: { $in: [1, 2] } },
      { n: { $gt: 1, $lte: 2 } },
      { tags: 'b' },
    ];
    const counts = () =>
      Promise.all(filters.map(async (query) => (await shop.db.command({ count: 'things', query })).n));
    const before = await counts();
    const documents = () =>
      Promise.all(filters.map((query) => things.countDocuments(query as never, { skip: 1 })));
    const documentsBefore = await documents();
    expect(documentsBefore).toEqual(before.map((n) => n - 1));
    await things.createIndexes([{ key: { n: -1 } }, { key: { tags: 1 } }]);
    expect(await counts()).toEqual(before);
    expect(await documents()).toEqual(documentsBefore);
    expect(await things.countDocuments({ n: 77 })).toBe(0);
    expect(await things.aggregate([{ $count: 'all' }]).toArray()).toEqual([{ all: 4 }]);
    expect(before).toEqual([2, 3, 1, 3, 2, 2]);
  });

  test('go into arrays', async () => {
    expect(await things.distinct('tags')).toEqual(['a', 'b']);
    expect(await things.distinct('at.x')).toEqual([1, 2]);
    expect(await things.distinct('n', { n: { $ne: null } })).toEqual([1, 2]);
    expect(await things.distinct('missing')).toEqual([]);
  });
});
