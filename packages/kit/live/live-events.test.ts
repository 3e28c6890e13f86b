import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { eventKeys } from '../events/event-keys.ts';
import { topicKey } from '../events/event-topics.ts';
import { declareEvents } from '../events/events.ts';
import { createTelling } from '../events/telling.ts';
import { silentLog } from '../observe/log.ts';
import { createMetrics, renderMetrics } from '../observe/metrics.ts';
import { type OpenRedis, openRedis } from '../redis/redis.ts';
import { type CutProxy, cutProxy } from '../tests/cut-proxy.ts';
import { ownName, REDIS_URL, withRedis } from '../tests/stores.ts';
import { until } from '../tests/until.ts';
import { type FollowOptions, type LiveEventsOptions, openLiveEvents } from './live-events.ts';

const counted = {
  version: 1,
  when: 'a thing is counted',
  data: z.object({ number: z.number(), shelf: z.string().optional() }),
  topics: ({ shelf }: { shelf?: string | undefined }) => (shelf === undefined ? [] : [shelf]),
};
const declare = (subgraph: string) =>
  declareEvents<Record<string, typeof counted>>(subgraph, {
    [`${subgraph}.thing.counted`]: counted,
    [`${subgraph}.thing.dropped`]: counted,
  });

withRedis('events are followed', () => {
  let open: OpenRedis;
  let redis: Redis;
  let proxy: CutProxy;
  let behind: OpenRedis;
  let number = 0;
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service: 'kit-tests' });
    ({ redis } = open);
    proxy = await cutProxy(REDIS_URL!);
    behind = await openRedis({ url: proxy.url, service: 'kit-tests' });
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  afterAll(async () => {
    await behind.close();
    await proxy.close();
    await open.close();
  });

  /** A domain of its own, with one who tells and one who is followed. */
  const setUp = (options: Partial<LiveEventsOptions<Record<string, typeof counted>>> = {}) => {
    const subgraph = ownName('live');
    const declared = declare(subgraph);
    const metrics = createMetrics(subgraph);
    const live = openLiveEvents({ redis, declared, log: silentLog, metrics, ...options });
    const telling = createTelling({ redis, subgraph, declared });
    const tell = async (aggregateId: string, more: { shelf?: string; type?: string } = {}) => {
      const { shelf, type = 'counted' } = more;
      number += 1;
      const event = {
        id: `evt_${number}`,
        type: `${subgraph}.thing.${type}`,
        version: 1,
        aggregateId,
        occurredAt: new Date(),
        data: { number, ...(shelf === undefined ? {} : { shelf }) },
      };
      await telling.begin();
      const transaction = redis.multi();
      telling.tell(transaction, [event]);
      await transaction.exec();
      const [latest] = await redis.xrevrange(eventKeys(subgraph).stream, '+', '-', 'COUNT', 1);
      const cursor = latest![0];
      return { cursor, aggregateId, number };
    };
    /** Takes what comes until it is stopped. */
    const follow = async (options: FollowOptions) => {
      const iterator = await live.follow(options);
      const taken: { cursor: string; number: number }[] = [];
      const ended = (async () => {
        for await (const { cursor, event } of iterator) taken.push({ cursor, number: event.data.number });
      })();
      ended.catch(() => {});
      const numbers = () => taken.map((one) => one.number);
      return { taken, numbers, ended, stop: () => iterator.return!() };
    };
    closers.push(async () => {
      await live.stop();
      const keys = await redis.keys(`souk:${subgraph}*`);
      if (keys.length > 0) await redis.del(...keys);
    });
    return { subgraph, stream: eventKeys(subgraph).stream, live, tell, follow, metrics };
  };

  test('from any cursor on or from now, while they go on and connections break: none lost, doubled or out of turn', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c', 'cut', 'join', 'join'), { minLength: 10, maxLength: 40 }),
        fc.nat(),
        async (steps, seed) => {
          const { tell, follow, live } = setUp({ redis: behind.redis, pageLength: 3 });
          const told: Awaited<ReturnType<typeof tell>>[] = [];
          const joined: { due: number; follower: Awaited<ReturnType<typeof follow>> }[] = [];
          for (const [at, step] of steps.entries()) {
            if (step === 'cut') proxy.cut(at % 2 === 0 ? 'reset' : 'end');
            else if (step === 'join') {
              const from = (seed + at) % (told.length + 1);
              const after = told[from]?.cursor;
              const follower = await until(() =>
                // Redis may be away for the moment: whoever asks then asks again.
                follow({ topics: ['a', 'b'], after }).catch(() => false as const),
              );
              joined.push({ due: after === undefined ? told.length : from + 1, follower });
            } else told.push(await tell(step));
          }
          for (const { due, follower } of joined) {
            const wanted = told.slice(due).filter(({ aggregateId }) => aggregateId !== 'c');
            // The comparison tells what is missing.
            await until(async () => follower.taken.length >= wanted.length).catch(() => {});
            expect(follower.taken).toEqual(wanted.map(({ cursor, number }) => ({ cursor, number })));
          }
          await live.stop();
        },
      ),
      { numRuns: process.env.SOUK_LONG_TESTS ? 200 : 8 },
    );
  }, 300_000);

  test('by topic and type, each once however many of its topics are followed', async () => {
    const { subgraph, tell, follow } = setUp();
    await tell('a', { shelf: 's' });
    const ofShelf = await follow({ topics: ['s'] });
    const ofBoth = await follow({ topics: ['a', 's'] });
    const ofDrops = await follow({ topics: ['a'], types: [`${subgraph}.thing.dropped`] });
    const onShelf = await tell('a', { shelf: 's' });
    const dropped = await tell('a', { type: 'dropped' });
    const other = await tell('b', { shelf: 's' });
    await tell('c');
    await until(
      async () => ofShelf.taken.length === 2 && ofBoth.taken.length === 3 && ofDrops.taken.length === 1,
    );
    expect(ofShelf.numbers()).toEqual([onShelf.number, other.number]);
    expect(ofBoth.numbers()).toEqual([onShelf.number, dropped.number, other.number]);
    expect(ofDrops.numbers()).toEqual([dropped.number]);
    const replayed = await follow({ topics: ['s'], after: onShelf.cursor });
    await until(async () => replayed.taken.length === 1);
    await ofShelf.stop();
    await tell('b', { shelf: 's' });
    await until(async () => ofBoth.taken.length === 4 && replayed.taken.length === 2);
    expect(ofShelf.taken).toHaveLength(2);
  });

  test('until they leave, and then nobody listens for them any more', async () => {
    const { subgraph, live, metrics } = setUp();
    const channel = topicKey(subgraph, 'a');
    const heardBy = async () => Number(((await redis.pubsub('NUMSUB', channel)) as [string, number])[1]);
    const [one, other] = [await live.follow({ topics: ['a'] }), await live.follow({ topics: ['a'] })];
    expect(await heardBy()).toBe(1);
    const next = one.next();
    await one.return!();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await heardBy()).toBe(1);
    await other.return!();
    await until(async () => (await heardBy()) === 0);
    expect(await renderMetrics([metrics.registry])).toContain('souk_event_followers{service="');
    expect(await renderMetrics([metrics.registry])).toMatch(/souk_event_followers\{.*\} 0/);
  });

  test('and a cursor that is too old, unknown or nonsense is refused with what there is', async () => {
    const { stream, tell, follow } = setUp();
    const first = await tell('a');
    const quiet = await tell('quiet');
    const second = await tell('a');
    const last = await tell('b');
    await redis.xtrim(stream, 'MINID', second.cursor);
    const refusal = (after: string, topics = ['a']) =>
      follow({ topics, after }).then(
        () => undefined,
        (error: { extensions: object }) => error.extensions,
      );
    expect(await refusal(first.cursor)).toEqual({ code: 'RESUME_EXPIRED', oldest: second.cursor });
    expect(await refusal('1-0', ['unheard-of'])).toEqual({ code: 'RESUME_EXPIRED', oldest: second.cursor });
    expect(await refusal('99999999999999-0')).toMatchObject({ code: 'RESUME_EXPIRED' });
    expect(await refusal('soon')).toEqual({ code: 'BAD_USER_INPUT', argument: 'after' });
    expect(await refusal(second.cursor)).toBeUndefined();
    // Of this topic nothing was missed, though much was trimmed.
    expect(await refusal(quiet.cursor, ['quiet'])).toBeUndefined();
    expect(await refusal(quiet.cursor, ['quiet', 'a'])).toMatchObject({ code: 'RESUME_EXPIRED' });
    // Everything was trimmed, and nothing has come since this one.
    await redis.xtrim(stream, 'MAXLEN', 0);
    const waiting = await follow({ topics: ['a'], after: last.cursor });
    const next = await tell('a');
    await until(async () => waiting.taken.length === 1);
    expect(waiting.numbers()).toEqual([next.number]);
  });

  test('until somebody lets too many wait, who is cut off after what they had and can come back', async () => {
    const { live, tell, follow } = setUp({ maxWaiting: 3 });
    const quick = await follow({ topics: ['a'] });
    const slow = await live.follow({ topics: ['a'] });
    const told: Awaited<ReturnType<typeof tell>>[] = [];
    for (let count = 0; count < 6; count++) {
      told.push(await tell('a'));
      await until(async () => quick.taken.length === told.length);
    }
    const taken: string[] = [];
    const drain = async () => {
      for await (const { cursor } of slow) taken.push(cursor);
    };
    const cursors = told.map(({ cursor }) => cursor);
    await expect(drain()).rejects.toMatchObject({
      extensions: { code: 'SLOW_CONSUMER', cursor: cursors[2] },
    });
    expect(taken).toEqual(cursors.slice(0, 3));
    const back = await follow({ topics: ['a'], after: taken.at(-1) });
    await until(async () => back.taken.length === 3);
    expect(back.taken.map(({ cursor }) => cursor)).toEqual(cursors.slice(3));
  });

  test('through what cannot be read, and what was told before there were topics', async () => {
    const { subgraph, stream, tell, follow } = setUp();
    const first = await tell('a');
    const old = {
      id: 'evt_x',
      type: `${subgraph}.thing.counted`,
      version: 1,
      aggregateId: 'a',
      occurredAt: new Date(),
    };
    await redis.xadd(stream, '*', 'json', JSON.stringify({ ...old, data: { number: -1 } }));
    await redis.xadd(stream, '*', 'json', 'nonsense');
    await redis.xadd(stream, '*', 'json', JSON.stringify({ ...old, version: 2, data: {} }));
    const second = await tell('a');
    const follower = await follow({ topics: ['a'], after: first.cursor });
    await until(async () => follower.taken.length === 2);
    for (const message of ['nonsense', '99999999999999-0 nonsense', ''])
      await redis.publish(topicKey(subgraph, 'a'), message);
    const third = await tell('a');
    await until(async () => follower.taken.length === 3);
    expect(follower.numbers()).toEqual([-1, second.number, third.number]);
  });
});
