/** What happens to reviews and in the queue, followed live: by whom, from where on, and what is passed over. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomViewerKey } from '@souk/kit/auth/viewer';
import { eventKeys } from '@souk/kit/events/event-keys';
import { silentLog } from '@souk/kit/observe/log';
import { createMetrics } from '@souk/kit/observe/metrics';
import { type RunningRoom, startRoom } from '@souk/kit/room/room';
import { parseSettings } from '@souk/kit/settings/settings';
import { following } from '@souk/kit/tests/follow';
import { MONGODB_URL, REDIS_URL } from '@souk/kit/tests/stores';
import { newId } from '@souk/kit/values/ids';
import { Redis } from 'ioredis';
import { moderateReview } from '../domain/moderate-review.ts';
import { askQuestion } from '../domain/questions.ts';
import type { Services } from '../domain/services.ts';
import { updateReviewContent, withdrawReview } from '../domain/write-review.ts';
import { reviews } from '../index.ts';
import { reviewsSettings } from '../settings.ts';
import { by, GUEST, product, someone, staff, written } from './reviews-room.ts';

const PUBLISHED = `subscription ($productId: ID, $after: EventCursor) { reviewPublished(productId: $productId, after: $after) {
  cursor occurredAt review { id stars author { id } } product { id rating { count average } } } }`;
const REQUESTED = `subscription ($after: EventCursor) { moderationRequested(after: $after) {
  cursor item { id reasons subject { __typename ... on Review { id body } ... on Question { id } } } } }`;
const LINK = 'Well made; more of it on https://finds.example/lamps';

const withBoth = MONGODB_URL === undefined || REDIS_URL === undefined ? describe.skip : describe;

withBoth('Reviews are followed live', () => {
  const key = randomViewerKey();
  let running: RunningRoom<Services>;
  let room: { services: Services };
  let follow: ReturnType<typeof following>['follow'];
  let refusal: ReturnType<typeof following>['refusal'];

  beforeAll(async () => {
    running = await startRoom(reviews, {
      urls: { mongodb: MONGODB_URL!, redis: REDIS_URL! },
      settings: parseSettings({ shape: reviewsSettings, env: { SOUK_REVIEWS_HOLD_FIRST_POSTS: 'off' } }),
      viewerKeys: [key],
      log: silentLog,
      metrics: createMetrics('reviews'),
    });
    room = { services: running.stores };
    ({ follow, refusal } = following(running.subscribe, key));
  });
  afterAll(() => running.stop());

  test('those of a product by everybody, and again from any cursor on', async () => {
    const productId = await product(room);
    const live = await follow(GUEST, PUBLISHED, { productId });
    const first = await written(room, { productId, stars: 5 });
    await written(room);
    const second = await written(room, { productId, stars: 2 });
    const told = [await live.next(), await live.next()];
    expect(told).toMatchObject([
      { review: { id: first._id, stars: 5, author: { id: first.authorId } }, product: { id: productId } },
      { review: { id: second._id }, product: { rating: { count: 2, average: 3.5 } } },
    ]);
    await live.stop();

    const third = await written(room, { productId });
    const resumed = await follow(GUEST, PUBLISHED, { productId, after: told[0].cursor });
    expect((await resumed.next()).review.id).toBe(second._id);
    expect((await resumed.next()).review.id).toBe(third._id);
    const fourth = await written(room, { productId });
    expect((await resumed.next()).review.id).toBe(fourth._id);
    await resumed.stop();
  });

  test('those of all products by staff alone', async () => {
    expect(await refusal(GUEST, PUBLISHED)).toBe('UNAUTHENTICATED');
    expect(await refusal(someone(), PUBLISHED)).toBe('FORBIDDEN');
    const wall = await follow(staff(), PUBLISHED);
    const told = [await written(room), await written(room)];
    for (const { _id, productId } of told)
      expect(await wall.next()).toMatchObject({ review: { id: _id }, product: { id: productId } });
    await wall.stop();
  });

  test('as they stand now, without those that are hidden again', async () => {
    const [productId, author] = [await product(room), someone()];
    const live = await follow(GUEST, PUBLISHED, { productId });
    await written(room, { productId });
    const { cursor } = await live.next();
    await live.stop();
    const gone = await written(room, { productId, author });
    const edited = await written(room, { productId, stars: 1 });
    await withdrawReview(room.services, by(author), gone._id);
    const change = { reviewId: edited._id, expectedVersion: edited.version, stars: 4 };
    await updateReviewContent(room.services, by({ userId: edited.authorId!, scopes: [] }), change);
    const resumed = await follow(GUEST, PUBLISHED, { productId, after: cursor });
    expect((await resumed.next()).review).toMatchObject({ id: edited._id, stars: 4 });
    await resumed.stop();
  });

  test('what lands in the queue by staff alone, without what is decided already', async () => {
    expect(await refusal(GUEST, REQUESTED)).toBe('UNAUTHENTICATED');
    expect(await refusal(someone(), REQUESTED)).toBe('FORBIDDEN');
    const queue = await follow(staff(), REQUESTED);
    const [productId, asker] = [await product(room), someone()];
    const held = await written(room, { productId, body: LINK });
    const told = await queue.next();
    expect(told.item).toMatchObject({
      reasons: ['LINK'],
      subject: { __typename: 'Review', id: held._id, body: LINK },
    });
    await queue.stop();

    const decided = await written(room, { productId, body: LINK });
    const decision = { reviewId: decided._id, expectedVersion: 1, decision: 'PUBLISH' } as const;
    await moderateReview(room.services, by(staff()), decision);
    const asked = await askQuestion(room.services, by(asker), asker.userId, { productId, body: LINK });
    const resumed = await follow(staff(), REQUESTED, { after: told.cursor });
    expect((await resumed.next()).item).toMatchObject({
      subject: { __typename: 'Question', id: asked.ok && asked.value._id },
    });
    await resumed.stop();
  });

  test('from nowhere that is not kept, that is not known, or about what is no product', async () => {
    const productId = await product(room);
    const live = await follow(GUEST, PUBLISHED, { productId });
    await written(room, { productId });
    const { cursor } = await live.next();
    await written(room, { productId });
    await live.next();
    await live.stop();
    const redis = new Redis(REDIS_URL!);
    await redis.xtrim(eventKeys('reviews').stream, 'MAXLEN', 1);
    redis.disconnect();
    expect(await refusal(GUEST, PUBLISHED, { productId, after: cursor })).toBe('RESUME_EXPIRED');
    expect(await refusal(GUEST, PUBLISHED, { productId, after: 'soon' })).toBe('BAD_USER_INPUT after');
    expect(await refusal(GUEST, PUBLISHED, { productId: newId('rev') })).toBe('BAD_USER_INPUT productId');
  });
});
