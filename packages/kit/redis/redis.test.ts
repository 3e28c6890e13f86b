import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isStoreAway } from '../errors/store-faults.ts';
import { serve } from '../http/serve.ts';
import { silentLog } from '../observe/log.ts';
import { newScope, runInScope } from '../observe/request-scope.ts';
import { cutProxy } from '../tests/cut-proxy.ts';
import { recordedTraces } from '../tests/recorded-traces.ts';
import { ownName, REDIS_URL, withRedis } from '../tests/stores.ts';
import { type OpenRedis, openRedis } from './redis.ts';

withRedis('Redis', () => {
  let open: OpenRedis;
  const traces = recordedTraces();
  const key = ownName('key');

  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service: 'kit-tests', traces });
  });

  afterAll(async () => {
    await open.redis.del(key);
    await open.close();
  });

  test('answers its health check', async () => {
    await expect(open.check()).resolves.toBeUndefined();
  });

  test('round trips are counted for the request, a pipeline as one', async () => {
    const scope = newScope('req-1');
    await runInScope(scope, async () => {
      await open.redis.set(key, '1');
      await open.redis.pipeline().incr(key).incr(key).get(key).exec();
      await open.redis.multi().incr(key).get(key).exec();
    });
    expect(scope.roundTrips.redis).toBe(3);
    expect(await open.redis.get(key)).toBe('4');
  });

  test('round trips are spans when the request is traced', async () => {
    const root = traces.start('request', 'server');
    await runInScope(newScope('req-1', root), async () => {
      await open.redis.get(key);
      await open.redis.call('NONSENSE').catch(() => {});
    });
    expect(traces.spans.slice(1)).toMatchObject([
      { name: 'redis', attributes: { 'db.query.text': 'get' }, ended: true, failed: false },
      { attributes: { 'db.query.text': 'NONSENSE' }, ended: true, failed: true },
    ]);
  });

  test('a connection that is lost is opened anew; a server that stays away fails commands soon', async () => {
    const proxy = await cutProxy(REDIS_URL!);
    const own = await openRedis({ url: proxy.url, service: 'kit-cut' });
    for (const how of ['end', 'reset'] as const) {
      proxy.cut(how);
      await expect(own.redis.ping()).resolves.toBe('PONG');
    }
    await proxy.close();
    const fault = await own.redis.ping().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(isStoreAway(fault)).toBe(true);
    await own.close();
  });
});

test('a server that is not there is told after the time it was given, without the password', async () => {
  const closed = await serve({ handler: () => Promise.reject(), log: silentLog });
  await closed.stop();
  const warnings: string[] = [];
  const opening = openRedis({
    url: `redis://:hunter2@127.0.0.1:${closed.port}`,
    service: 'shelf',
    connectWithinMs: 300,
    warn: (message) => warnings.push(message),
  });
  await expect(opening).rejects.toThrow(
    `shelf: cannot use Redis at redis://:***@127.0.0.1:${closed.port}: connect ECONNREFUSED`,
  );
  expect(warnings.join()).toContain('ECONNREFUSED');
  expect(warnings.join()).not.toContain('hunter2');
});

test('a connection that was closed counts as a store that is away', () => {
  expect(isStoreAway(new Error('Connection is closed.'))).toBe(true);
  expect(isStoreAway(new Error('WRONGTYPE'))).toBe(false);
  expect(isStoreAway(undefined)).toBe(false);
});
