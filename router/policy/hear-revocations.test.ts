/** On a Redis whose connections are cut, as networks do. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/observe/log';
import { type CutProxy, cutProxy } from '@souk/kit/tests/cut-proxy';
import { ownName, REDIS_URL, withRedis } from '@souk/kit/tests/stores';
import { Redis } from 'ioredis';
import { until } from '../tests/toy/until.ts';
import { type Hearing, hearRevocations } from './hear-revocations.ts';
import { openRedisLink, type RedisLink } from './redis-link.ts';
import { createRevocations, type Revocations } from './revocations.ts';

const KEPT_MS = 1_800_000;

withRedis('Revocations', () => {
  let issuer: Redis;
  let proxy: CutProxy;
  let link: RedisLink;
  let book: Revocations;
  let hearing: Hearing;
  let channel: string;
  let stream: string;

  beforeAll(() => {
    issuer = new Redis(REDIS_URL!);
  });
  afterAll(() => issuer.quit());
  beforeEach(async () => {
    channel = ownName('revocations');
    stream = `${channel}:recent`;
    proxy = await cutProxy(REDIS_URL!);
    link = openRedisLink(proxy.url, silentLog);
    book = createRevocations({ claims: { sessionId: 'sid' }, keptMs: KEPT_MS });
  });
  afterEach(async () => {
    await hearing.stop();
    link.close();
    await proxy.close();
    await issuer.del(stream);
  });

  const begin = (lookEveryMs = 5_000) => {
    hearing = hearRevocations({
      redis: link.redis,
      channel,
      stream,
      keptMs: KEPT_MS,
      book,
      log: silentLog,
      lookEveryMs,
    });
  };
  const message = (sessionId: string) => JSON.stringify({ sessionId, at: new Date().toISOString() });
  const keep = (sessionId: string) => issuer.xadd(stream, '*', 'json', message(sessionId));
  const isEnded = (sid: string) => book.ended(book.of({ sid }));

  test('are heard within a second, and those from before the start too', async () => {
    await keep('before');
    begin();
    await until(() => hearing.heard());
    expect(isEnded('before')).toBe(true);
    const published = performance.now();
    await issuer.publish(channel, message('now'));
    await until(() => isEnded('now'));
    expect(performance.now() - published).toBeLessThan(1_000);
    await issuer.publish(channel, 'nonsense');
    expect(isEnded('other')).toBe(false);
  });

  test('are caught up with after the connection was lost', async () => {
    begin();
    await until(() => hearing.heard());
    proxy.cut('reset');
    await until(() => !hearing.heard());
    await keep('missed');
    await until(() => isEnded('missed'));
    expect(hearing.heard()).toBe(true);
  });

  test('are found in the stream when the channel lost them', async () => {
    begin(50);
    await until(() => hearing.heard());
    await keep('lost');
    await until(() => isEnded('lost'));
  });

  test('are all found, however many there were', async () => {
    const pipeline = issuer.pipeline();
    for (let index = 0; index < 2_500; index++) pipeline.xadd(stream, '*', 'json', message(`s${index}`));
    await pipeline.exec();
    begin();
    await until(() => hearing.heard());
    expect(book.size()).toBe(2_500);
  });

  test('from before the memory of tokens are not read', async () => {
    await issuer.xadd(stream, `${Date.now() - KEPT_MS - 60_000}-0`, 'json', message('old'));
    await keep('new');
    begin();
    await until(() => hearing.heard());
    expect([isEnded('old'), isEnded('new')]).toEqual([false, true]);
  });
});

test('Without Redis nothing is heard, and nothing breaks', async () => {
  const link = openRedisLink('redis://127.0.0.1:1', silentLog);
  const book = createRevocations({ claims: {}, keptMs: KEPT_MS });
  const hearing = hearRevocations({
    redis: link.redis,
    channel: 'c',
    stream: 's',
    keptMs: KEPT_MS,
    book,
    log: silentLog,
  });
  await expect(link.redis.ping()).rejects.toThrow();
  expect(hearing.heard()).toBe(false);
  await hearing.stop();
  link.close();
});
