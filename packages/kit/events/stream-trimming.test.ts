import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { type OpenRedis, openRedis } from '../redis/redis.ts';
import { ownName, REDIS_URL, withRedis } from '../tests/stores.ts';
import { after, isBefore } from './stream-ids.ts';
import { trimStream } from './stream-trimming.ts';

const HOUR = 60 * 60_000;

withRedis('a stream is kept', () => {
  let open: OpenRedis;
  let redis: Redis;
  let stream: string;

  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service: 'kit-tests' });
    ({ redis } = open);
  });
  afterEach(() => redis.del(stream));
  afterAll(() => open.close());

  /** One an hour, the last of them now. */
  const fill = async (count: number) => {
    stream = ownName('stream');
    const now = Date.now();
    const ids = Array.from({ length: count }, (_, index) => `${now - (count - 1 - index) * HOUR}-0`);
    for (const id of ids) await redis.xadd(stream, id, 'json', '{}');
    return ids;
  };
  const kept = async () => (await redis.xrange(stream, '-', '+')).map(([id]) => id);
  const read = (group: string, count: number) =>
    redis.xreadgroup('GROUP', group, 'reader', 'COUNT', count, 'STREAMS', stream, '>');
  const LONG = { keepMs: 2.5 * HOUR, maxLength: 100 };

  test('for as long as it is young, when nobody reads it', async () => {
    const ids = await fill(6);
    expect(await trimStream(redis, stream, LONG)).toEqual([]);
    expect(await kept()).toEqual(ids.slice(-3));
  });

  test('for as long as a group has not handled it, however old it is', async () => {
    const ids = await fill(6);
    await redis.xgroup('CREATE', stream, 'slow', '0');
    await redis.xgroup('CREATE', stream, 'quick', '0');
    await read('quick', 6);
    await redis.xack(stream, 'quick', ...ids);
    await read('slow', 3);
    await redis.xack(stream, 'slow', ids[0]!, ids[2]!);
    expect(await trimStream(redis, stream, LONG)).toEqual([]);
    // The second one is at hand.
    expect(await kept()).toEqual(ids.slice(1));
    await redis.xack(stream, 'slow', ids[1]!);
    await trimStream(redis, stream, LONG);
    expect(await kept()).toEqual(ids.slice(3));
  });

  test('within its length whatever happens, and who lost something is named', async () => {
    const ids = await fill(6);
    await redis.xgroup('CREATE', stream, 'gone', '0');
    await redis.xgroup('CREATE', stream, 'quick', '0');
    await read('quick', 6);
    await redis.xack(stream, 'quick', ...ids);
    expect(await trimStream(redis, stream, { ...LONG, maxLength: 2 })).toEqual([
      { group: 'gone', entries: 4 },
    ]);
    expect(await kept()).toEqual(ids.slice(-2));
    expect(await trimStream(redis, stream, { ...LONG, maxLength: 2 })).toEqual([]);
  });

  test('also when there is none', async () => {
    stream = ownName('stream');
    expect(await trimStream(redis, stream, LONG)).toEqual([]);
  });

  test('its ids are compared as numbers', () => {
    expect(isBefore('9-0', '10-0')).toBe(true);
    expect(isBefore('10-9', '10-10')).toBe(true);
    expect(isBefore('10-1', '10-1')).toBe(false);
    expect(after('10-18446744073709551614')).toBe('10-18446744073709551615');
  });
});
