import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { silentLog } from '../observe/log.ts';
import { createMetrics, renderMetrics } from '../observe/metrics.ts';
import { type OpenRedis, openRedis } from '../redis/redis.ts';
import { countingEvents, openMongodbDomain, openPostgresDomain } from '../tests/counting-domains.ts';
import { cutProxy } from '../tests/cut-proxy.ts';
import { MONGODB_URL, ownName, POSTGRES_URL, REDIS_URL, withRedis } from '../tests/stores.ts';
import { until } from '../tests/until.ts';
import { newId } from '../values/ids.ts';
import { type ConsumerOptions, startConsumer } from './consumer.ts';
import { orderLetter, readLetters } from './dead-letters.ts';
import { eventKeys, readerKeys } from './event-keys.ts';
import { declareEvents, encodeEvent, stampEvent } from './events.ts';
import type { Inbox } from './inbox.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const QUICK = { leaseMs: 400, firstWaitMs: 1, longestWaitMs: 20, maxAttempts: 3 };

withRedis('a consumer', () => {
  let open: OpenRedis;
  let redis: Redis;
  const consumers: { stop(): Promise<void> }[] = [];
  const streams: string[] = [];

  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service: 'kit-tests' });
    ({ redis } = open);
  });
  afterEach(async () => {
    for (const consumer of consumers.splice(0)) await consumer.stop();
    for (const name of streams.splice(0))
      await redis.del(...Object.values(eventKeys(name)), ...Object.values(readerKeys(name, 'ear')));
  });
  afterAll(() => open.close());

  type Types = ReturnType<typeof countingEvents>['types'];
  const listen = <Place>(
    options: Pick<ConsumerOptions<Types, Place>, 'from' | 'handlers' | 'inbox'> & object,
  ) => {
    const metrics = createMetrics('ear');
    const consumer = startConsumer({ redis, group: 'ear', log: silentLog, metrics, ...QUICK, ...options });
    consumers.push(consumer);
    return { ...consumer, metrics };
  };
  const tell = async (from: ReturnType<typeof countingEvents>, aggregateId: string, number: number) => {
    const event = stampEvent(from, newId, { type: `${from.subgraph}.thing.counted`, data: { number } });
    await redis.xadd(eventKeys(from.subgraph).stream, '*', 'json', encodeEvent({ ...event, aggregateId }));
    return event.id;
  };
  const source = () => {
    const from = countingEvents(ownName('told'));
    streams.push(from.subgraph);
    return from;
  };
  const pendingOf = async (subgraph: string) =>
    ((await redis.xpending(eventKeys(subgraph).stream, 'ear')) as [number])[0];

  /** Remembers in this process only; for what is not about stores. */
  const memoryInbox = (): Inbox<undefined> => {
    const seen = new Set<string>();
    return {
      once: async ({ event }, apply) => {
        if (seen.has(event.id)) return 'seen';
        await apply(undefined);
        seen.add(event.id);
        return 'applied';
      },
      tidy: async () => {},
    };
  };

  /** Hears numbers, and refuses those that a test wants refused. */
  const listener = (from: ReturnType<typeof countingEvents>) => {
    const heard: Record<string, number[]> = {};
    const refused = new Set<string>();
    let tries = 0;
    const handlers = {
      [`${from.subgraph}.thing.counted`]: async (event: {
        aggregateId: string;
        data: { number: number };
      }) => {
        const { aggregateId, data } = event;
        if (refused.has(`${aggregateId}${data.number}`)) {
          tries += 1;
          throw new Error('spoilt');
        }
        heard[aggregateId] = [...(heard[aggregateId] ?? []), data.number];
      },
    };
    return { heard, refused, handlers, tries: () => tries };
  };

  const domains = {
    PostgreSQL: () => openPostgresDomain(POSTGRES_URL!, ownName('ear')),
    MongoDB: () => openMongodbDomain(MONGODB_URL!, ownName('ear')),
  };

  for (const [store, openDomain] of Object.entries(domains)) {
    test(`applies once in ${store} what is told twice and handed out again`, async () => {
      const domain = await openDomain();
      const from = source();
      const { stream } = eventKeys(from.subgraph);
      try {
        const handlers = { [`${from.subgraph}.thing.counted`]: domain.hear('x') };
        const ears = [1, 2, 3].map(() => listen({ from, handlers, inbox: domain.inbox } as never));
        for (const number of upTo(30))
          await tell(from, number % 3 === 0 ? 'c' : 'ab'[(number % 3) - 1]!, number);
        // Told again, as a relay does that could not know better.
        for (const [, fields] of await redis.xrange(stream, '-', '+'))
          await redis.xadd(stream, '*', ...fields);
        await until(
          async () =>
            (await redis.xlen(stream)) === 60 &&
            (await pendingOf(from.subgraph)) === 0 &&
            Object.values(await domain.heard('x')).flat().length >= 30,
        );
        expect(await domain.heard('x')).toEqual({
          a: upTo(30).filter((number) => number % 3 === 1),
          b: upTo(30).filter((number) => number % 3 === 2),
          c: upTo(30).filter((number) => number % 3 === 0),
        });
        for (const ear of ears) await ear.stop();
      } finally {
        for (const consumer of consumers.splice(0)) await consumer.stop();
        await domain.drop();
      }
    });
  }

  test('tries again, then lays an event aside with its reason, and what comes after it behind it', async () => {
    const from = source();
    const { heard, refused, handlers, tries } = listener(from);
    refused.add('a2');
    const { metrics } = listen({ from, handlers, inbox: memoryInbox() } as never);
    for (const number of upTo(4)) {
      await tell(from, 'a', number);
      await tell(from, 'b', number);
    }
    const letters = await until(async () => {
      const found = await readLetters(redis, from.subgraph);
      return found.length === 3 && found;
    });
    // Others go on.
    await until(async () => heard.b?.length === 4);
    expect(heard.a).toEqual([1]);
    expect(tries()).toBe(3);
    expect(letters.map(({ event, reason, attempts }) => [event!.data.number, reason, attempts])).toEqual([
      [2, 'spoilt', 3],
      [3, 'waits behind an earlier event of a', 0],
      [4, 'waits behind an earlier event of a', 0],
    ]);
    expect(await pendingOf(from.subgraph)).toBe(0);
    expect(await renderMetrics([metrics.registry])).toContain(
      `souk_dead_letters{from="${from.subgraph}",service="ear"} 3`,
    );
  });

  test('goes through what it laid aside in order, also after a restart, and before anything newer', async () => {
    const from = source();
    const { heard, refused, handlers } = listener(from);
    const inbox = memoryInbox();
    refused.add('a1').add('a3');
    const first = listen({ from, handlers, inbox } as never);
    for (const number of upTo(4)) await tell(from, 'a', number);
    const letters = await until(async () => {
      const found = await readLetters(redis, from.subgraph);
      return found.length === 4 && found;
    });
    await first.stop();
    refused.delete('a1');
    // Asked for by a later one of them, while nobody reads.
    await orderLetter(redis, letters[2]!, { act: 'replay', letter: letters[2]!.id });
    await tell(from, 'a', 5);
    listen({ from, handlers, inbox } as never);
    const left = await until(async () => {
      const found = await readLetters(redis, from.subgraph);
      return heard.a?.length === 2 && found.length === 3 && found[0]!.attempts > 0 && found;
    });
    expect(heard.a).toEqual([1, 2]);
    expect(left.map(({ event, reason }) => [event!.data.number, reason])).toEqual([
      [3, 'spoilt'],
      [4, 'waits behind an earlier event of a'],
      [5, 'waits behind an earlier event of a'],
    ]);
    await orderLetter(redis, left[0]!, { act: 'discard', letter: left[0]!.id });
    await until(async () => (await readLetters(redis, from.subgraph)).length === 0);
    await tell(from, 'a', 6);
    await until(async () => heard.a!.length === 5);
    expect(heard.a).toEqual([1, 2, 4, 5, 6]);
  });

  test('reads an older version, and lays a newer one and nonsense aside', async () => {
    const name = ownName('told');
    streams.push(name);
    const data = z.object({ grams: z.number() });
    const type = `${name}.tea.weighed`;
    const upcasts = { 1: ({ ounces }: Record<string, unknown>) => ({ grams: Number(ounces) * 28 }) };
    const from = declareEvents(name, { [type]: { version: 2, when: 'tea is weighed', data, upcasts } });
    const grams: number[] = [];
    const handlers = { [type]: async (event: { data: { grams: number } }) => grams.push(event.data.grams) };
    listen({ from, handlers, inbox: memoryInbox() } as never);
    const add = (aggregateId: string, version: number, more: object) =>
      redis.xadd(
        eventKeys(name).stream,
        '*',
        'json',
        encodeEvent({
          id: newId('evt'),
          type,
          version,
          aggregateId,
          occurredAt: new Date(),
          data: { ...more },
        }),
      );
    await add('a', 1, { ounces: 2 });
    await add('a', 2, { grams: 5, tin: 'red' });
    await add('b', 3, { kilos: 1 });
    await add('c', 2, { grams: 'much' });
    await redis.xadd(eventKeys(name).stream, '*', 'json', 'nonsense');
    const letters = await until(async () => {
      const found = await readLetters(redis, name);
      return found.length === 3 && found;
    });
    expect(grams).toEqual([56, 5]);
    const reasons = letters.map(({ reason }) => reason).sort();
    expect(reasons[0]).toBe('it cannot be read as an event');
    expect(reasons[1]).toContain('it was written as version 3 and this process reads up to 2');
    expect(reasons[2]).toContain('its data does not fit: grams: Invalid input');
  });

  test('waits for a store that is away, without counting it against the event', async () => {
    const from = source();
    const { heard, handlers } = listener(from);
    const inbox = memoryInbox();
    let refusals = 0;
    const away: Inbox<undefined> = {
      ...inbox,
      once: async (delivery, apply) => {
        // As often as an event may fail at most.
        if (refusals++ < QUICK.maxAttempts) throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
        return inbox.once(delivery, apply);
      },
    };
    listen({ from, handlers, inbox: away } as never);
    await tell(from, 'a', 1);
    await until(async () => heard.a?.length === 1);
    expect(await redis.xlen(eventKeys(from.subgraph).dead)).toBe(0);
  });

  test('lays an event aside whose readers keep dying of it', async () => {
    const from = source();
    const { stream } = eventKeys(from.subgraph);
    const id = await tell(from, 'a', 1);
    await redis.xgroup('CREATE', stream, 'ear', '0');
    await redis.xreadgroup('GROUP', 'ear', 'reader', 'COUNT', 1, 'STREAMS', stream, '>');
    const [[entry]] = (await redis.xrange(stream, '-', '+')) as [[string, string[]]];
    // As readers leave it that began and never came back.
    await redis.hset(readerKeys(from.subgraph, 'ear').attempts, entry, 3);
    const { heard, handlers } = listener(from);
    listen({ from, handlers, inbox: memoryInbox() } as never);
    const [letter] = await until(async () => {
      const found = await readLetters(redis, from.subgraph);
      return found.length === 1 && found;
    });
    expect(letter).toMatchObject({ id, reason: expect.stringContaining('did it kill its process?') });
    expect(heard).toEqual({});
  });

  test('goes on by itself when Redis was away, and when it has lost everything', async () => {
    const proxy = await cutProxy(REDIS_URL!);
    const behind = await openRedis({ url: proxy.url, service: 'kit-tests' });
    const from = source();
    const { heard, handlers } = listener(from);
    const consumer = listen({ from, handlers, inbox: memoryInbox(), redis: behind.redis } as never);
    try {
      for (const number of upTo(6)) {
        await tell(from, 'a', number);
        proxy.cut(number % 2 === 0 ? 'reset' : 'end');
      }
      await until(async () => heard.a?.length === 6);
      const { stream, wishes } = eventKeys(from.subgraph);
      expect(await redis.xlen(wishes)).toBe(1);
      await redis.del(stream, ...Object.values(readerKeys(from.subgraph, 'ear')));
      await tell(from, 'a', 7);
      await until(async () => heard.a?.length === 7);
      expect(heard.a).toEqual(upTo(7));
      // Whoever has no group any more may have missed something, and asks to be told anew.
      expect(await redis.xlen(wishes)).toBe(2);
    } finally {
      await consumer.stop();
      await behind.close();
      await proxy.close();
    }
  });
});
