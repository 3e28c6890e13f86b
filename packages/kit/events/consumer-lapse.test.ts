/** A reader whose lease runs out by its own clock and is then renewed all the same, as when an answer of Redis is slow. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { silentLog } from '../observe/log.ts';
import { createMetrics } from '../observe/metrics.ts';
import { type OpenRedis, openRedis } from '../redis/redis.ts';
import { countingEvents } from '../tests/counting-domains.ts';
import { ownName, REDIS_URL, withRedis } from '../tests/stores.ts';
import { until } from '../tests/until.ts';
import { newId } from '../values/ids.ts';
import { startConsumer } from './consumer.ts';
import { eventKeys, readerKeys } from './event-keys.ts';
import { encodeEvent, stampEvent } from './events.ts';
import type { Inbox } from './inbox.ts';

/** No renewal by the clock falls into the test. */
const LEASE_MS = 60_000;

withRedis('a reader whose lease runs out for a moment', () => {
  const service = ownName('lapse');
  let open: OpenRedis;
  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service });
  });
  afterAll(() => open.close());

  test('applies no later event of an aggregate before the one that it passed over', async () => {
    const { redis } = open;
    const from = countingEvents(ownName('told'));
    const type = `${from.subgraph}.thing.counted`;
    const { stream } = eventKeys(from.subgraph);
    const tell = (number: number) => {
      const event = { ...stampEvent(from, newId, { type, data: { number } }), aggregateId: 'a' };
      return redis.xadd(stream, '*', 'json', encodeEvent(event));
    };
    const pending = async () => ((await redis.xpending(stream, 'ear')) as [number])[0];
    const isWaitingForMore = async () =>
      ((await redis.client('LIST')) as string)
        .split('\n')
        .some((line) => line.includes(service) && line.includes('cmd=xread '));

    const heard: number[] = [];
    let letFirstEnd = () => {};
    const mayEnd = new Promise<void>((resolve) => {
      letFirstEnd = resolve;
    });
    const inbox: Inbox<undefined> = {
      once: async ({ event }, apply) => {
        await apply(undefined);
        if (event.data.number === 1) await mayEnd;
        return 'applied';
      },
      tidy: async () => {},
    };
    await tell(1);
    await tell(2);
    const consumer = startConsumer({
      ...{ redis, from, group: 'ear', inbox, log: silentLog, metrics: createMetrics('ear') },
      handlers: { [type]: async ({ data }) => heard.push(data.number) },
      leaseMs: LEASE_MS,
    });
    const realNow = performance.now.bind(performance);
    const clock = jest.spyOn(performance, 'now');
    try {
      await until(async () => (await isWaitingForMore()) && (await pending()) === 2);
      clock.mockImplementation(() => realNow() + LEASE_MS);
      letFirstEnd();
      // By its own clock, its turn is over when the second one would begin.
      await until(async () => (await pending()) === 1);
      await redis.ping();
      // As by a renewal that was on its way.
      clock.mockImplementation(realNow);
      await tell(3);
      await until(async () => heard.includes(3));
      expect(heard).toEqual([1, 2, 3]);
      await until(async () => (await pending()) === 0);
    } finally {
      await consumer.stop();
      clock.mockRestore();
      await redis.del(
        ...Object.values(eventKeys(from.subgraph)),
        ...Object.values(readerKeys(from.subgraph, 'ear')),
      );
    }
  });
});
