/** The room as it is started: settings, stores, health, and its answers to privacy requests. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomViewerKey } from '@souk/kit/auth/viewer';
import { silentLog } from '@souk/kit/observe/log';
import { createMetrics } from '@souk/kit/observe/metrics';
import { type RunningRoom, startRoom } from '@souk/kit/room/room';
import { parseSettings } from '@souk/kit/settings/settings';
import { askPrivacy } from '@souk/kit/tests/ask-privacy';
import { MONGODB_URL, REDIS_URL } from '@souk/kit/tests/stores';
import { until } from '@souk/kit/tests/until';
import { newId } from '@souk/kit/values/ids';
import type { Services } from '../domain/services.ts';
import { reviews } from '../index.ts';
import { reviewsSettings } from '../settings.ts';

const settingsOf = (env: Record<string, string>) => parseSettings({ shape: reviewsSettings, env });

describe('Settings', () => {
  test('have values that suit most shops', () => {
    expect(settingsOf({})).toMatchObject({
      SOUK_REVIEWS_MEDIA_HOSTS: [],
      SOUK_REVIEWS_POSTS_PER_HOUR: 20,
      SOUK_REVIEWS_HOLD_FIRST_POSTS: true,
    });
    expect(settingsOf({}).SOUK_REVIEWS_BLOCKED_WORDS).toContain('payday loan');
  });

  test('are read as lists', () => {
    const env = {
      SOUK_REVIEWS_MEDIA_HOSTS: 'a.example, *.B.example',
      SOUK_REVIEWS_BLOCKED_WORDS: 'Gewinn,  Très  bon ',
    };
    expect(settingsOf(env)).toMatchObject({
      SOUK_REVIEWS_MEDIA_HOSTS: ['a.example', '*.b.example'],
      SOUK_REVIEWS_BLOCKED_WORDS: ['gewinn', 'tres bon'],
    });
  });

  test('that are wrong are all told at once', () => {
    const env = {
      SOUK_REVIEWS_MEDIA_HOSTS: 'https://a.example',
      SOUK_REVIEWS_BLOCKED_WORDS: '!!',
      SOUK_REVIEWS_POSTS_PER_HOUR: '0',
      SOUK_REVIEWS_HOLD_FIRST_POSTS: 'maybe',
    };
    expect(() => settingsOf(env)).toThrow(
      /MEDIA_HOSTS must be host names[\s\S]*BLOCKED_WORDS must be words[\s\S]*POSTS_PER_HOUR must be[\s\S]*FIRST_POSTS must be/,
    );
  });
});

const withBoth = MONGODB_URL === undefined || REDIS_URL === undefined ? describe.skip : describe;

withBoth('The running room', () => {
  let running: RunningRoom<Services>;
  const urls = { mongodb: MONGODB_URL!, redis: REDIS_URL! };
  const start = (given: typeof urls) =>
    startRoom(reviews, {
      urls: given,
      settings: settingsOf({}),
      viewerKeys: [randomViewerKey()],
      log: silentLog,
      metrics: createMetrics('reviews'),
    });

  beforeAll(async () => {
    running = await start(urls);
  });
  afterAll(() => running.stop());

  test('is healthy, and refuses what no router signed', async () => {
    for (const check of Object.values(running.checks)) await check();
    const body = Buffer.from('{"query":"{ viewer { id } }"}');
    const headers = { 'content-type': 'application/json' };
    const response = await running.handler({ method: 'POST', path: '/graphql', query: '', headers, body });
    expect(response.status).toBe(401);
  });

  test('answers exports and erasures', async () => {
    expect(await askPrivacy(urls.redis, 'reviews', 'ERASURE')).toMatchObject({
      domain: 'reviews',
      records: 0,
    });
  });

  test('counts anew, as soon as it is started, what the last process left half-counted', async () => {
    const { stores } = running.stores;
    const note = { _id: newId('rct'), kind: 'RATING' as const, subjectId: newId('prd'), dueAt: new Date() };
    await stores.recounts.insertOne(note);
    const next = await start(urls);
    try {
      await until(async () => (await stores.recounts.findOne({ _id: note._id })) === null);
    } finally {
      await next.stop();
    }
  });
});
