/** What this room does when others tell it something, from their streams to what shoppers see. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type AccountsEvent, accountsEvents } from '@souk/accounts/events';
import { type CatalogEvent, catalogEvents } from '@souk/catalog/events';
import { startConsumer } from '@souk/kit/events/consumer';
import { eventKeys, readerKeys } from '@souk/kit/events/event-keys';
import { encodeEvent, stampEvent } from '@souk/kit/events/events';
import { mongodbInbox } from '@souk/kit/events/inbox-mongodb';
import { silentLog } from '@souk/kit/observe/log';
import { createMetrics } from '@souk/kit/observe/metrics';
import { type OpenRedis, openRedis } from '@souk/kit/redis/redis';
import { ownName, REDIS_URL, withMongodb } from '@souk/kit/tests/stores';
import { until } from '@souk/kit/tests/until';
import { newId } from '@souk/kit/values/ids';
import { submitReview } from '../domain/write-review.ts';
import { accountsHandlers, catalogHandlers } from '../listening.ts';
import { by, codesOf, type OpenRoom, openReviewsRoom, someone, WORDS, written } from './reviews-room.ts';

withMongodb('What others tell', () => {
  let room: OpenRoom;
  let open: OpenRedis;
  const consumers: { stop(): Promise<void> }[] = [];
  /** Other suites tell and listen on the same streams. */
  const group = ownName('reviews');

  beforeAll(async () => {
    room = await openReviewsRoom();
    open = await openRedis({ url: REDIS_URL!, service: 'tests' });
    const common = {
      ...{ redis: open.redis, group, inbox: mongodbInbox(room.db), log: silentLog },
      metrics: createMetrics(group),
    };
    consumers.push(
      startConsumer({ ...common, from: catalogEvents, handlers: catalogHandlers(room.services) }),
      startConsumer({ ...common, from: accountsEvents, handlers: accountsHandlers(room.services) }),
    );
  });
  afterAll(async () => {
    for (const consumer of consumers) await consumer.stop();
    for (const { subgraph } of [catalogEvents, accountsEvents]) {
      await open.redis.xgroup('DESTROY', eventKeys(subgraph).stream, group);
      await open.redis.del(...Object.values(readerKeys(subgraph, group)));
    }
    await open.close();
    await room.close();
  });

  const tellOfProduct = async (productId: string, event: CatalogEvent) => {
    const told = { ...stampEvent(catalogEvents, newId, event), aggregateId: productId };
    await open.redis.xadd(eventKeys('catalog').stream, '*', 'json', encodeEvent(told));
  };
  const submit = async (productId: string) => {
    const ada = someone();
    const typed = { productId, stars: 4, title: 'Good', body: WORDS };
    return codesOf(await submitReview(room.services, by(ada), ada.userId, typed));
  };

  test('a product is reviewed from when it is in the shop until it is given up', async () => {
    const productId = newId('prd');
    await tellOfProduct(productId, { type: 'catalog.product.created', data: { productId } });
    expect(await submit(productId)).toEqual(['PRODUCT_NOT_FOUND']);
    await tellOfProduct(productId, {
      type: 'catalog.product.published',
      data: { productId, publishedAt: new Date() },
    });
    await until(async () => (await submit(productId)) === 'done');
    await tellOfProduct(productId, { type: 'catalog.product.unpublished', data: { productId } });
    await tellOfProduct(productId, { type: 'catalog.product.archived', data: { productId } });
    await until(async () => (await submit(productId)) !== 'done');
    expect(await submit(productId)).toEqual(['PRODUCT_NOT_FOUND']);
    // What was written stays.
    const found = await room.services.stores.products.findOne({ _id: productId });
    expect(found!.stars[4]).toBeGreaterThan(0);
  });

  test('how a product stands is told anew, and older drafts stay unknown', async () => {
    const [draft, listed, archived] = [newId('prd'), newId('prd'), newId('prd')];
    const retold = (productId: string, status: 'DRAFT' | 'PUBLISHED' | 'ARCHIVED') =>
      tellOfProduct(productId, { type: 'catalog.product.retold', data: { productId, status } });
    await retold(draft, 'DRAFT');
    await retold(archived, 'ARCHIVED');
    await retold(listed, 'PUBLISHED');
    await until(async () => (await submit(listed)) === 'done');
    expect(await submit(draft)).toEqual(['PRODUCT_NOT_FOUND']);
    expect(await submit(archived)).toEqual(['PRODUCT_NOT_FOUND']);
  });

  test('what somebody wrote after this room had forgotten them goes when their account does', async () => {
    const ada = someone();
    const { _id: late } = await written(room, { author: ada });
    const event: AccountsEvent = {
      type: 'accounts.user.erased',
      aggregateId: ada.userId,
      data: { userId: ada.userId },
    };
    await open.redis.xadd(
      eventKeys('accounts').stream,
      '*',
      'json',
      encodeEvent(stampEvent(accountsEvents, newId, event)),
    );
    await until(async () => (await room.services.stores.reviews.findOne({ _id: late }))!.authorId === null);
    expect(await room.services.stores.reviews.findOne({ _id: late })).toMatchObject({ title: '', body: '' });
  });
});
