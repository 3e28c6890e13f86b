import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Mongodb, openMongodb } from '@souk/kit/mongodb/mongodb';
import { MONGODB_URL, ownName, withMongodb } from '@souk/kit/tests/stores';
import { loadMarker } from './marker.ts';

withMongodb('The mark of a load', () => {
  let mongodb: Mongodb;
  beforeAll(async () => {
    mongodb = await openMongodb({ url: MONGODB_URL!, service: 'demo-tests', database: ownName('demo') });
  });
  afterAll(async () => {
    await mongodb.db.dropDatabase();
    await mongodb.close();
  });

  test('tells a new shop from one whose load began and one that is whole', async () => {
    const marker = loadMarker(mongodb.db);
    expect(await marker.state()).toBe('new');
    await marker.set('loading');
    expect(await marker.state()).toBe('loading');
    await marker.set('loaded');
    expect(await loadMarker(mongodb.db).state()).toBe('loaded');
  });

  test('lets one of two load at a time', async () => {
    const marker = loadMarker(mongodb.db);
    const steps: string[] = [];
    const work = (name: string) => async () => {
      steps.push(`${name} begins`);
      await marker.state();
      steps.push(`${name} ends`);
    };
    await Promise.all([marker.alone(work('one')), marker.alone(work('two'))]);
    const [first] = steps;
    const second = first === 'one begins' ? 'two' : 'one';
    expect(steps.slice(2)).toEqual([`${second} begins`, `${second} ends`]);
  });
});
