import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestServer, type TestServer } from './tests/test-server.ts';

let shop: TestServer;
beforeAll(async () => {
  shop = await startTestServer();
});
afterAll(() => shop.stop());
beforeEach(async () => {
  await shop.db.dropDatabase();
});

const names = async () => (await shop.db.listCollections().toArray()).map(({ name }) => name);

describe('collections', () => {
  test('come by a create, an insert, an upsert and an index, and are listed', async () => {
    await shop.db.createCollection('made');
    await shop.db.collection('filled').insertOne({});
    await shop.db.collection('upserted').updateOne({ a: 1 }, { $set: { b: 1 } }, { upsert: true });
    await shop.db.collection('indexed').createIndex({ a: 1 });
    await shop.db.collection('read').findOne();
    await shop.db.collection('untouched').updateOne({ a: 1 }, { $set: { b: 1 } });
    expect(await names()).toEqual(['made', 'filled', 'upserted', 'indexed']);
    expect(await shop.db.listCollections({ name: 'made' }, { nameOnly: true }).toArray()).toEqual([
      { name: 'made', type: 'collection' },
    ]);
    expect(await shop.db.listCollections({}, { batchSize: 1 }).toArray()).toHaveLength(4);
  });

  test('are dropped, and it is no error when they are not there', async () => {
    await shop.db.collection('a').insertOne({});
    expect(await shop.db.command({ drop: 'a' })).toEqual({ nIndexesWas: 1, ns: 'shop.a', ok: 1 });
    expect(await shop.db.command({ drop: 'a' })).toEqual({ ok: 1 });
    expect(await names()).toEqual([]);
  });

  test('are renamed, over another one only when told so', async () => {
    const [a, b] = [shop.db.collection('a'), shop.db.collection('b')];
    await a.insertOne({ _id: 1 as never });
    await a.createIndex({ x: 1 });
    await b.insertOne({ _id: 2 as never });
    await expect(a.rename('b')).rejects.toMatchObject({ code: 48, message: 'target namespace exists' });
    await a.rename('b', { dropTarget: true });
    expect(await b.find().toArray()).toEqual([{ _id: 1 }]);
    expect((await b.indexes()).map(({ name }) => name)).toEqual(['_id_', 'x_1']);
    const rename = (renameCollection: string, to: string) =>
      shop.client.db('admin').command({ renameCollection, to });
    await expect(rename('shop.none', 'shop.c')).rejects.toMatchObject({ code: 26 });
    await expect(rename('shop.b', 'shop.b')).rejects.toMatchObject({ code: 20 });
    await expect(rename('shop', 'shop.c')).rejects.toMatchObject({ code: 73 });
    await rename('shop.b', 'elsewhere.b');
    expect(await shop.client.db('elsewhere').collection('b').countDocuments()).toBe(1);
    await shop.client.db('elsewhere').dropDatabase();
  });

  test('may have a collation, which holds where none is given', async () => {
    const people = await shop.db.createCollection('people', { collation: { locale: 'en', strength: 2 } });
    await people.createIndex({ name: 1 });
    await people.insertMany([
      { _id: 'A' as never, name: 'bob' },
      { _id: 'b' as never, name: 'Anna' },
    ]);
    await expect(people.insertOne({ _id: 'a' as never })).rejects.toMatchObject({ code: 11000 });
    expect((await people.find({ name: 'BOB' }).toArray()).length).toBe(1);
    expect((await people.find({ name: 'BOB' }, { collation: { locale: 'simple' } }).toArray()).length).toBe(
      0,
    );
    const explained = await people.find({ name: 'BOB' }).explain('queryPlanner');
    expect(explained.queryPlanner.winningPlan.inputStage.stage).toBe('IXSCAN');
    expect((await people.find().sort({ name: 1 }).toArray()).map(({ name }) => name)).toEqual([
      'Anna',
      'bob',
    ]);
    const [info] = await shop.db.listCollections({ name: 'people' }).toArray();
    expect(info).toMatchObject({ options: { collation: { locale: 'en', strength: 2 } } });
  });

  test('tell how much they hold', async () => {
    await shop.db.collection('a').insertMany([{ x: 'y' }, { x: 'z' }]);
    expect(await shop.db.command({ collStats: 'a' })).toMatchObject({
      ns: 'shop.a',
      count: 2,
      nindexes: 1,
      capped: false,
      size: 62,
    });
    expect(await shop.db.command({ dataSize: 'shop.a' })).toMatchObject({ size: 62, numObjects: 2 });
    expect(await shop.db.command({ dbStats: 1, scale: 2 })).toMatchObject({
      db: 'shop',
      collections: 1,
      objects: 2,
      dataSize: 31,
    });
    const [stats] = await shop.db
      .collection('a')
      .aggregate([{ $collStats: { count: {} } }])
      .toArray();
    expect(stats).toMatchObject({ count: 2 });
  });
});

describe('databases', () => {
  test('are there as long as something is in them', async () => {
    await shop.db.collection('a').insertOne({});
    const admin = shop.client.db('admin').admin();
    expect((await admin.listDatabases()).databases).toMatchObject([{ name: 'shop', empty: false }]);
    expect(await admin.listDatabases({ nameOnly: true, filter: { name: 'shop' } })).toEqual({
      databases: [{ name: 'shop' }],
      ok: 1,
    });
    expect(await shop.db.command({ dropDatabase: 1 })).toEqual({ dropped: 'shop', ok: 1 });
    expect(await shop.db.command({ dropDatabase: 1 })).toEqual({ ok: 1 });
    expect((await admin.listDatabases()).databases).toEqual([]);
  });

  test('may not differ in case only', async () => {
    await shop.db.collection('a').insertOne({});
    await expect(shop.client.db('SHOP').collection('a').insertOne({})).rejects.toMatchObject({ code: 13297 });
  });
});

describe('a view', () => {
  beforeEach(async () => {
    await shop.db
      .collection('base')
      .insertMany([1, 2, 3, 4].map((n) => ({ _id: n as never, n, tags: ['x', n] })));
    await shop.db.createCollection('big', {
      viewOn: 'base',
      pipeline: [{ $match: { n: { $gt: 1 } } }, { $set: { double: { $multiply: ['$n', 2] } } }],
    });
    await shop.db.createCollection('bigger', {
      viewOn: 'big',
      pipeline: [{ $match: { double: { $gt: 4 } } }],
    });
  });

  test('is read like a collection', async () => {
    const big = shop.db.collection('big');
    expect(
      await big.find({ double: { $lt: 8 } }, { projection: { double: 1 }, sort: { n: -1 } }).toArray(),
    ).toEqual([
      { _id: 3, double: 6 },
      { _id: 2, double: 4 },
    ]);
    expect(await big.countDocuments({ n: 3 })).toBe(1);
    expect(await big.estimatedDocumentCount()).toBe(3);
    expect(await big.distinct('tags')).toEqual(['x', 2, 3, 4]);
    expect(await shop.db.collection('bigger').find({}, { skip: 1, limit: 1 }).toArray()).toMatchObject([
      { _id: 4, double: 8 },
    ]);
    expect(await big.aggregate([{ $group: { _id: null, sum: { $sum: '$double' } } }]).toArray()).toEqual([
      { _id: null, sum: 18 },
    ]);
    const joined = await shop.db
      .collection('base')
      .aggregate([
        { $match: { n: 4 } },
        { $lookup: { from: 'bigger', localField: 'n', foreignField: 'n', as: 'found' } },
      ])
      .toArray();
    expect(joined[0]!.found).toMatchObject([{ double: 8 }]);
    const explained = await big.find({ n: 2 }).explain('queryPlanner');
    expect(explained.stages[0].$cursor.queryPlanner.winningPlan.stage).toBe('COLLSCAN');
  });

  test('is listed, changed and dropped, but not written to', async () => {
    const [view] = await shop.db.listCollections({ name: 'bigger' }).toArray();
    expect(view).toMatchObject({ type: 'view', options: { viewOn: 'big' }, info: { readOnly: true } });
    await expect(shop.db.collection('big').deleteMany({})).rejects.toMatchObject({ code: 166 });
    await expect(shop.db.collection('big').createIndex({ a: 1 })).rejects.toMatchObject({ code: 166 });
    await shop.db.command({ collMod: 'big', viewOn: 'base', pipeline: [{ $match: { n: 1 } }] });
    expect(await shop.db.collection('big').distinct('_id')).toEqual([1]);
    await expect(shop.db.command({ collMod: 'big', validator: {} })).rejects.toMatchObject({ code: 72 });
    expect(await shop.db.command({ drop: 'big' })).toEqual({ ns: 'shop.big', ok: 1 });
    expect(await shop.db.collection('bigger').find().toArray()).toEqual([]);
  });

  test('must make sense', async () => {
    const view = (viewOn: string, pipeline: object[]) => shop.db.command({ create: 'v', viewOn, pipeline });
    await expect(view('base', [{ $bogus: 1 }])).rejects.toMatchObject({ code: 40324 });
    await expect(view('base', [{ $out: 'x' }])).rejects.toMatchObject({ code: 20 });
    await expect(view('', [])).rejects.toMatchObject({ code: 2 });
    await view('v', []);
    await expect(shop.db.collection('v').findOne()).rejects.toMatchObject({ code: 165 });
  });
});

describe('a validator', () => {
  const validator = { $jsonSchema: { bsonType: 'object', required: ['name'] }, n: { $type: 'int' } };
  const refusal = { code: 121, message: 'Document failed validation' };

  test('lets in what matches and explains what does not', async () => {
    const checked = await shop.db.createCollection('checked', { validator });
    await checked.insertOne({ _id: 1 as never, name: 'x', n: 1 });
    await expect(checked.insertOne({ _id: 2 as never, name: 'x', n: 'y' })).rejects.toMatchObject({
      ...refusal,
      errInfo: {
        failingDocumentId: 2,
        details: {
          operatorName: '$type',
          reason: 'type did not match',
          consideredValue: 'y',
          consideredType: 'string',
        },
      },
    });
    await expect(checked.insertOne({ _id: 2 as never })).rejects.toMatchObject({
      ...refusal,
      errInfo: {
        details: {
          operatorName: '$and',
          clausesNotSatisfied: [{ index: 0 }, { index: 1, details: { reason: 'field was missing' } }],
        },
      },
    });
    await expect(checked.updateOne({ _id: 1 as never }, { $unset: { name: '' } })).rejects.toMatchObject(
      refusal,
    );
    await expect(
      checked.updateOne({ _id: 9 as never }, { $set: { n: 1 } }, { upsert: true }),
    ).rejects.toMatchObject(refusal);
    await checked.insertOne({ _id: 3 as never }, { bypassDocumentValidation: true });
    expect(await checked.distinct('_id')).toEqual([1, 3]);
  });

  test('that is moderate leaves alone what was invalid before', async () => {
    await shop.db.collection('checked').insertOne({ _id: 1 as never });
    await shop.db.command({ collMod: 'checked', validator, validationLevel: 'moderate' });
    const checked = shop.db.collection('checked');
    expect(await checked.updateOne({ _id: 1 as never }, { $set: { a: 1 } })).toMatchObject({
      modifiedCount: 1,
    });
    await expect(checked.insertOne({ _id: 2 as never })).rejects.toMatchObject(refusal);
    await shop.db.command({ collMod: 'checked', validationAction: 'warn' });
    await checked.insertOne({ _id: 2 as never });
    const [info] = await shop.db.listCollections({ name: 'checked' }).toArray();
    expect(info).toMatchObject({ options: { validationLevel: 'moderate', validationAction: 'warn' } });
  });
});
