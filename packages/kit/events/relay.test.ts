import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { silentLog } from '../observe/log.ts';
import { createMetrics, renderMetrics } from '../observe/metrics.ts';
import { type OpenRedis, openRedis } from '../redis/redis.ts';
import { openMongodbDomain, openPostgresDomain } from '../tests/counting-domains.ts';
import { cutProxy } from '../tests/cut-proxy.ts';
import { MONGODB_URL, ownName, POSTGRES_URL, REDIS_URL, withRedis } from '../tests/stores.ts';
import { until } from '../tests/until.ts';
import { eventKeys } from './event-keys.ts';
import { decodeEvent, type ToldEvent } from './events.ts';
import type { Outbox } from './outbox.ts';
import { type RelayOptions, startRelay } from './relay.ts';

withRedis('a relay', () => {
  let open: OpenRedis;
  let redis: Redis;
  const relays: { stop(): Promise<void> }[] = [];
  const streams: string[] = [];

  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service: 'kit-tests' });
    ({ redis } = open);
  });
  afterEach(async () => {
    for (const relay of relays.splice(0)) await relay.stop();
    for (const name of streams.splice(0)) await redis.del(...Object.values(eventKeys(name)));
  });
  afterAll(() => open.close());

  const start = (subgraph: string, outbox: Outbox, more: Partial<RelayOptions> = {}) => {
    const metrics = createMetrics(subgraph);
    const relay = startRelay({
      redis,
      subgraph,
      outbox,
      log: silentLog,
      metrics,
      pollMs: 50,
      leaseMs: 500,
      ...more,
    });
    relays.push(relay);
    streams.push(subgraph);
    return { ...relay, metrics };
  };
  const told = async (subgraph: string) =>
    (await redis.xrange(eventKeys(subgraph).stream, '-', '+')).map(([, fields]) => decodeEvent(fields[1]!));
  const numbersIn = (events: readonly ToldEvent[]) => {
    const lists: Record<string, unknown[]> = {};
    for (const { aggregateId, data } of events)
      lists[aggregateId] = [...(lists[aggregateId] ?? []), data.number];
    return lists;
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  const domains = {
    PostgreSQL: () => openPostgresDomain(POSTGRES_URL!, ownName('relay')),
    MongoDB: () => openMongodbDomain(MONGODB_URL!, ownName('relay')),
  };

  for (const [store, openDomain] of Object.entries(domains)) {
    test(`tells what ${store} holds once and in order, however many relays there are and writers meet`, async () => {
      const domain = await openDomain();
      const subgraph = ownName('told');
      try {
        for (let relay = 0; relay < 3; relay++) start(subgraph, domain.outbox, { batch: 7 });
        const counts: Record<string, number> = {};
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 20 }),
            async (ids) => {
              await Promise.all(ids.map((id) => domain.count(id)));
              for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
            },
          ),
          { numRuns: process.env.SOUK_LONG_TESTS ? 10 : 4 },
        );
        const total = Object.values(counts).reduce((a, b) => a + b, 0);
        const events = await until(async () => {
          const found = await told(subgraph);
          return found.length >= total && found;
        });
        expect(numbersIn(events)).toEqual(
          Object.fromEntries(Object.entries(counts).map(([id, count]) => [id, upTo(count)])),
        );
        await until(async () => (await domain.outbox.waiting()).count === 0);
      } finally {
        for (const relay of relays.splice(0)) await relay.stop();
        await domain.drop();
      }
    });
  }

  /** An outbox in memory whose removals a test can make fail. */
  const memoryOutbox = () => {
    let events: ToldEvent[] = [];
    let fails = false;
    const add = (number: number) => {
      const event = {
        id: `evt_${number}`,
        type: 'x.y',
        version: 1,
        aggregateId: 'a',
        occurredAt: new Date(),
        data: { number },
      };
      events.push(event);
    };
    const outbox: Outbox = {
      read: async (limit) => events.slice(0, limit),
      remove: async (done) => {
        if (fails) throw new Error('the store is away');
        const ids = new Set(done.map(({ id }) => id));
        events = events.filter(({ id }) => !ids.has(id));
      },
      waiting: async () => ({ count: events.length, oldest: events[0]?.occurredAt }),
    };
    return {
      outbox,
      add,
      failRemovals: (value: boolean) => {
        fails = value;
      },
      left: () => events.length,
    };
  };

  test('does not tell again what it had told and could not take out', async () => {
    const subgraph = ownName('told');
    const { outbox, add, failRemovals, left } = memoryOutbox();
    upTo(5).forEach(add);
    failRemovals(true);
    const first = start(subgraph, outbox, { batch: 2 });
    await until(async () => (await told(subgraph)).length === 2);
    await first.stop();
    failRemovals(false);
    // Another one, which has to find out.
    start(subgraph, outbox, { batch: 2 });
    await until(async () => left() === 0);
    expect(numbersIn(await told(subgraph))).toEqual({ a: upTo(5) });
  });

  test('is woken, and does not wait for the clock', async () => {
    const domain = await openPostgresDomain(POSTGRES_URL!, ownName('relay'));
    const mongo = await openMongodbDomain(MONGODB_URL!, ownName('relay'));
    try {
      const [one, other] = [ownName('told'), ownName('told')];
      const never = { pollMs: 600_000 };
      domain.outbox.onCommit(start(one, domain.outbox, never).wake);
      mongo.onWritten(start(other, mongo.outbox, never).wake);
      for (const number of upTo(3)) {
        await Promise.all([domain.count('a'), mongo.count('a')]);
        await until(async () => (await told(one)).length === number && (await told(other)).length === number);
      }
    } finally {
      for (const relay of relays.splice(0)) await relay.stop();
      await domain.drop();
      await mongo.drop();
    }
  });

  test('goes on by itself when Redis comes back, and is not healthy meanwhile', async () => {
    const proxy = await cutProxy(REDIS_URL!);
    const behind = await openRedis({ url: proxy.url, service: 'kit-tests' });
    const subgraph = ownName('told');
    const { outbox, add } = memoryOutbox();
    const relay = start(subgraph, outbox, { redis: behind.redis });
    try {
      add(1);
      relay.wake();
      await until(async () => (await told(subgraph)).length === 1);
      for (const number of [2, 3, 4, 5, 6]) {
        proxy.cut(number % 2 === 0 ? 'reset' : 'end');
        add(number);
        relay.wake();
      }
      await until(async () => (await told(subgraph)).length === 6);
      expect(numbersIn(await told(subgraph))).toEqual({ a: upTo(6) });
      await expect(relay.check()).resolves.toBeUndefined();
      await proxy.close();
      add(7);
      const realNow = Date.now;
      await until(async () => {
        // Later for the check alone, which looks at the clock at once: the relay goes on meanwhile.
        Date.now = () => realNow() + 60_000;
        const checked = relay.check();
        Date.now = realNow;
        return checked.then(
          () => false,
          () => true,
        );
      });
    } finally {
      await relay.stop();
      await behind.close();
      await proxy.close();
    }
  });

  test('says how much waits and how long', async () => {
    const subgraph = ownName('told');
    const { outbox, add } = memoryOutbox();
    const isBlocked = { ...outbox, read: async () => [] };
    upTo(3).forEach(add);
    const { metrics } = start(subgraph, isBlocked, { upkeepMs: 10 });
    const text = await until(async () => {
      const rendered = await renderMetrics([metrics.registry]);
      return rendered.includes(`souk_outbox_waiting{service="${subgraph}"} 3`) && rendered;
    });
    expect(Number(/souk_outbox_lag_seconds\{.*\} (\S+)/.exec(text)![1])).toBeGreaterThan(0);
    expect(await redis.hgetall(eventKeys(subgraph).status)).toMatchObject({ waiting: '3' });
  });
});
