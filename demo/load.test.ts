import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Mongodb, openMongodb } from '@souk/kit/mongodb/mongodb';
import { MONGODB_URL, ownName, withMongodb } from '@souk/kit/tests/stores';
import { type DemoStores, isDemoLoaded, loadDemo } from './load.ts';
import { loadMarker } from './marker.ts';

const progress = { tell: () => {}, end: () => {} };
const onStart = () => {
  throw new Error('nothing may be written');
};

withMongodb('Loading the demo shop', () => {
  let mongodb: Mongodb;
  let stores: DemoStores;
  beforeAll(async () => {
    mongodb = await openMongodb({ url: MONGODB_URL!, service: 'demo-tests', database: ownName('demo') });
    const { db } = mongodb;
    // Of the rooms' stores, all that is looked at before anything is loaded.
    stores = {
      catalog: { db, collections: { categories: db.collection('categories') } },
    } as unknown as DemoStores;
  });
  afterAll(async () => {
    await mongodb.db.dropDatabase();
    await mongodb.close();
  });

  test("leaves somebody's own shop as it is", async () => {
    await mongodb.db.collection('categories').insertOne({ name: 'Theirs' });
    expect(await loadDemo(stores, { progress, onStart })).toBe('kept');
    expect(await isDemoLoaded(stores)).toBe(false);
    expect(await mongodb.db.collection('categories').countDocuments({})).toBe(1);
  });

  test('happens once', async () => {
    await loadMarker(mongodb.db).set('loaded');
    expect(await loadDemo(stores, { progress, onStart })).toBe('was loaded');
    expect(await isDemoLoaded(stores)).toBe(true);
  });
});
