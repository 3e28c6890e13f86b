import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { cutProxy } from '../tests/cut-proxy.ts';
import { ownName, REDIS_URL, withRedis } from '../tests/stores.ts';
import { until } from '../tests/until.ts';
import { createLease, type Lease } from './lease.ts';
import { type OpenRedis, openRedis } from './redis.ts';

withRedis('a lease', () => {
  let open: OpenRedis;
  let key: string;
  const leases: Lease[] = [];

  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service: 'kit-tests' });
  });
  beforeEach(() => {
    key = ownName('lease');
  });
  afterEach(async () => {
    for (const lease of leases.splice(0)) lease.close();
    await open.redis.del(key, `${key}:x`);
  });
  afterAll(() => open.close());

  const create = (leaseMs: number, redis = open.redis) => {
    const lease = createLease({ redis, key, leaseMs });
    leases.push(lease);
    return lease;
  };
  const write = (lease: Lease, value: string) =>
    lease.whileHeld((transaction) => transaction.set(`${key}:x`, value));
  const written = () => open.redis.get(`${key}:x`);

  test('is had by one at a time, until it is given back', async () => {
    const [one, other] = [create(10_000), create(10_000)];
    expect([await one.take(), await other.take(), await one.take()]).toEqual([true, false, true]);
    expect([one.isHeld(), other.isHeld()]).toEqual([true, false]);
    await one.release((transaction) => transaction.set(`${key}:x`, 'last'));
    expect(await written()).toBe('last');
    expect([one.isHeld(), await other.take()]).toEqual([false, true]);
  });

  test('ends by itself, and who had it writes nothing any more', async () => {
    const [paused, next] = [create(50), create(10_000)];
    expect(await paused.take()).toBe(true);
    await until(() => next.take());
    expect(await write(next, 'next')).toBeDefined();
    expect(await write(paused, 'paused')).toBeUndefined();
    await paused.release((transaction) => transaction.set(`${key}:x`, 'paused'));
    expect(await written()).toBe('next');
    expect([paused.isHeld(), next.isHeld()]).toEqual([false, true]);
  });

  test('lasts as long as its holder writes', async () => {
    const lease = create(10_000);
    await lease.take();
    for (let writes = 0; writes < 3; writes++) {
      // As if that much had passed.
      await open.redis.pexpire(key, 4_000);
      expect(await write(lease, 'still')).toBeDefined();
      expect(await open.redis.pttl(key)).toBeGreaterThan(4_000);
    }
    expect(lease.isHeld()).toBe(true);
  });

  test('is never written past a connection that broke', async () => {
    const proxy = await cutProxy(REDIS_URL!);
    const behind = await openRedis({ url: proxy.url, service: 'kit-tests' });
    try {
      const lease = create(10_000, behind.redis);
      expect(await until(() => lease.take())).toBe(true);
      const attempt = write(lease, 'once');
      proxy.cut('reset');
      const outcome = await attempt.catch(() => 'failed');
      // Done or not, but not done later by a client that sends again.
      const now = await written();
      expect(await until(() => lease.take().catch(() => false))).toBe(true);
      expect(await written()).toBe(now);
      if (outcome !== 'failed') expect(now).toBe('once');
    } finally {
      await behind.close();
      await proxy.close();
    }
  });
});
