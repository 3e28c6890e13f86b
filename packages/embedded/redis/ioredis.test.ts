/** An ordinary driver does its ordinary work, and finds its data again after a restart. */
import { setTimeout as passes } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type ServerUnderTest, startOnFreshFolder } from './conformance/server-under-test.ts';

let server: ServerUnderTest;
let redis: Redis;
const opened: Redis[] = [];

const connect = () => {
  const client = new Redis(server.url, { retryStrategy: () => 10, disconnectTimeout: 50 });
  client.on('error', () => {}); // while the server is down
  opened.push(client);
  return client;
};

beforeEach(async () => {
  server = await startOnFreshFolder();
  redis = connect();
});

afterEach(async () => {
  for (const client of opened.splice(0)) client.disconnect();
  await server.remove();
});

test('pipelines answer in order, with errors in their places', async () => {
  const replies = await redis
    .pipeline()
    .set('k', 'v')
    .incr('k')
    .get('k')
    .hset('h', { a: 1, b: 2 })
    .hgetall('h')
    .exec();
  expect(replies?.map(([error, reply]) => error?.message ?? reply)).toEqual([
    'OK',
    'ERR value is not an integer or out of range',
    'v',
    2,
    { a: '1', b: '2' },
  ]);
});

test('ten thousand pipelined commands are answered, whatever their size', async () => {
  const pipeline = redis.pipeline();
  for (let index = 0; index < 10_000; index++) pipeline.set(`k${index}`, 'x'.repeat(index % 500));
  for (let index = 0; index < 10_000; index++) pipeline.strlen(`k${index}`);
  const replies = await pipeline.exec();
  expect(replies?.slice(10_000).map(([, reply]) => reply)).toEqual(
    Array.from({ length: 10_000 }, (_, index) => index % 500),
  );
});

test('binary keys and values come back byte for byte', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  await redis.set(bytes, bytes);
  expect(await redis.getBuffer(bytes)).toEqual(bytes);
  await redis.hset('h', 'поле', 'значение 🙂');
  expect(await redis.hget('h', 'поле')).toBe('значение 🙂');
  expect(await redis.keysBuffer('*')).toContainEqual(bytes);
});

describe('transactions', () => {
  test('run as one', async () => {
    const replies = await redis.multi().set('n', 1).incr('n').exec();
    expect(replies).toEqual([
      [null, 'OK'],
      [null, 2],
    ]);
    const failing = redis.multi().set('a', 1);
    failing.call('NOSUCH');
    await expect(failing.exec()).rejects.toThrow('EXECABORT');
    expect(await redis.get('a')).toBeNull();
  });

  test('that watch a key which changes do nothing', async () => {
    await redis.watch('n');
    await connect().set('n', 'changed');
    expect(await redis.multi().set('n', 'mine').exec()).toBeNull();
    expect(await redis.get('n')).toBe('changed');
  });

  test('of many clients at once count right with WATCH', async () => {
    const clients = Array.from({ length: 5 }, connect);
    const increment = async (client: Redis) => {
      for (;;) {
        await client.watch('n');
        const n = Number((await client.get('n')) ?? 0);
        if (
          await client
            .multi()
            .set('n', n + 1)
            .exec()
        )
          return;
      }
    };
    await Promise.all(
      clients.map(async (client) => {
        for (let round = 0; round < 20; round++) await increment(client);
      }),
    );
    expect(await redis.get('n')).toBe('100');
  });
});

describe('channels', () => {
  test('deliver to subscribers and patterns', async () => {
    const subscriber = connect();
    const heard: string[] = [];
    const third = new Promise<void>((resolve) => {
      const hear = (text: string) => heard.push(text) === 3 && resolve();
      subscriber.on('message', (channel, message) => hear(`${channel}: ${message}`));
      subscriber.on('pmessage', (pattern, channel, message) => hear(`${pattern} ${channel}: ${message}`));
    });
    await subscriber.subscribe('orders');
    await subscriber.psubscribe('ord*');
    expect(await redis.publish('orders', 'one')).toBe(2);
    expect(await redis.publish('ordinary', 'two')).toBe(1);
    await third;
    expect(heard).toEqual(['orders: one', 'ord* orders: one', 'ord* ordinary: two']);
  });

  test('tell of keys that expire, when they do', async () => {
    const subscriber = connect();
    await redis.config('SET', 'notify-keyspace-events', 'Ex');
    await subscriber.subscribe('__keyevent@0__:expired');
    const expired: string[] = [];
    const both = new Promise<void>((resolve) => {
      subscriber.on('message', (_, key) => expired.push(key) === 2 && resolve());
    });
    const started = Date.now();
    // As one: a pause in between would let the first go first.
    await redis.multi().set('session', 'v', 'PX', 60).set('cart', 'v', 'PX', 30).exec();
    await both;
    expect(expired).toEqual(['cart', 'session']);
    expect(Date.now() - started).toBeGreaterThanOrEqual(60);
    expect(await redis.dbsize()).toBe(0);
  });
});

describe('streams', () => {
  test('spread entries over the consumers of a group, each to one', async () => {
    const JOBS = 100;
    await redis.xgroup('CREATE', 'jobs', 'workers', '$', 'MKSTREAM');
    const taken: string[] = [];
    const work = async (name: string) => {
      const worker = connect();
      while (taken.length < JOBS) {
        const found = (await worker.xreadgroup(
          'GROUP',
          'workers',
          name,
          'COUNT',
          5,
          'BLOCK',
          100,
          'STREAMS',
          'jobs',
          '>',
        )) as [string, [string, string[]][]][] | null;
        for (const [id, fields] of found?.[0]?.[1] ?? []) {
          taken.push(fields[1]!);
          await worker.xack('jobs', 'workers', id);
        }
      }
    };
    const workers = ['alice', 'bob', 'carol'].map(work);
    for (let job = 0; job < JOBS; job++) await redis.xadd('jobs', '*', 'job', job);
    await Promise.all(workers);
    expect(taken.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: JOBS }, (_, job) => job));
    expect(await redis.xpending('jobs', 'workers')).toEqual([0, null, null, null]);
  });

  test('hand what a dead consumer held to another', async () => {
    await redis.xgroup('CREATE', 'jobs', 'workers', '0', 'MKSTREAM');
    const id = await redis.xadd('jobs', '*', 'job', '1');
    await redis.xreadgroup('GROUP', 'workers', 'dead', 'STREAMS', 'jobs', '>');
    await passes(2);
    expect(await redis.xautoclaim('jobs', 'workers', 'alive', 1, '0')).toEqual([
      '0-0',
      [[id, ['job', '1']]],
      [],
    ]);
    const [line] = (await redis.xpending('jobs', 'workers', '-', '+', 10)) as [
      string,
      string,
      number,
      number,
    ][];
    expect(line).toEqual([id, 'alive', expect.any(Number), 2]);
  });
});

describe('waiting', () => {
  test('for a list ends at its time, with nothing', async () => {
    const started = Date.now();
    expect(await redis.blpop('empty', 0.05)).toBeNull();
    expect(Date.now() - started).toBeGreaterThanOrEqual(49);
  });

  test('ends for a client that goes away, and leaves the element to the next', async () => {
    const gone = connect();
    const next = connect();
    gone.blpop('q', 0).catch(() => {}); // it will not be there to hear
    await untilBlocked(1);
    const taken = next.blpop('q', 0);
    await untilBlocked(2);
    gone.disconnect();
    await untilBlocked(1);
    await redis.rpush('q', 'a');
    expect(await taken).toEqual(['q', 'a']);
  });

  test('ends for a client that is killed, at that very moment', async () => {
    const killed = connect();
    const id = await killed.client('ID');
    killed.blpop('q', 0).catch(() => {}); // it is cut off
    await untilBlocked(1);
    await redis.pipeline().client('KILL', 'ID', id).rpush('q', 'a').exec();
    expect(await redis.lrange('q', 0, -1)).toEqual(['a']);
  });

  test('ends when someone else says so', async () => {
    const waiter = connect();
    const id = await waiter.client('ID');
    const nothing = waiter.blpop('q', 0);
    await untilBlocked(1);
    expect(await redis.client('UNBLOCK', id)).toBe(1);
    expect(await nothing).toBeNull();
    const failed = waiter.blpop('q', 0);
    await untilBlocked(1);
    await redis.client('UNBLOCK', id, 'ERROR');
    await expect(failed).rejects.toThrow('UNBLOCKED client unblocked via CLIENT UNBLOCK');
    expect(await waiter.ping()).toBe('PONG');
  });

  test('holds up the commands behind it, and no one else', async () => {
    const waiter = connect();
    const popped = waiter.blpop('q', 0);
    const after = waiter.get('k');
    await untilBlocked(1);
    await redis.set('k', 'set meanwhile');
    await redis.rpush('q', 'a');
    expect(await popped).toEqual(['q', 'a']);
    expect(await after).toBe('set meanwhile');
  });

  async function untilBlocked(count: number): Promise<void> {
    while (!(await redis.info('clients')).includes(`blocked_clients:${count}`)) await passes(1);
  }
});

describe('connections', () => {
  test('come back by themselves after a restart, and find their data', async () => {
    await redis.set('k', 'v');
    await redis.zadd('z', 1.5, 'a');
    await server.restart();
    expect(await redis.get('k')).toBe('v');
    expect(await redis.zscore('z', 'a')).toBe('1.5');
  });

  test('can be named, listed and killed', async () => {
    const victim = connect();
    await victim.client('SETNAME', 'victim');
    const list = String(await redis.client('LIST'));
    const line = list.split('\n').find((each) => each.includes('name=victim'))!;
    expect(line).toMatch(/^id=\d+ addr=127\.0\.0\.1:\d+ .* db=0 .* cmd=client\|setname .* resp=2 /);
    const ended = new Promise((resolve) => victim.once('close', resolve));
    expect(await redis.client('KILL', 'ID', /id=(\d+)/.exec(line)![1]!)).toBe(1);
    await ended;
    expect(await redis.client('KILL', 'TYPE', 'pubsub')).toBe(0);
  });

  test('have their own database', async () => {
    const second = new Redis(`${server.url}/3`, { disconnectTimeout: 50 });
    opened.push(second);
    await second.set('k', 'in 3');
    expect(await redis.get('k')).toBeNull();
    expect((await redis.info('keyspace')).trim()).toBe('# Keyspace\r\ndb3:keys=1,expires=0,avg_ttl=0');
  });

  test('may scan a large database while it changes', async () => {
    const pipeline = redis.pipeline();
    for (let index = 0; index < 5000; index++) pipeline.set(`key:${index}`, index);
    await pipeline.exec();
    const seen = new Set<string>();
    for await (const keys of redis.scanStream({ match: 'key:*', count: 100 })) {
      for (const key of keys as string[]) seen.add(key);
      await redis.del(`key:${Math.floor(Math.random() * 1000)}`);
      await redis.set(`new:${Math.random()}`, 1);
    }
    for (let index = 1000; index < 5000; index++) expect(seen.has(`key:${index}`)).toBe(true);
  });
});

test('what a server tells of itself is what dashboards look for', async () => {
  const info = await redis.info();
  for (const field of [
    'redis_version:7.2',
    'loading:0',
    'role:master',
    'connected_clients:1',
    'used_memory:',
  ]) {
    expect(info).toContain(field);
  }
  expect((await redis.info('replication', 'nosuch')).startsWith('# Replication\r\nrole:master')).toBe(true);
  expect(await redis.memory('USAGE', 'absent')).toBeNull();
  await redis.rpush('l', 'a', 'b');
  await redis.hset('h', 'f', 'v');
  await redis.sadd('s', 'm');
  await redis.zadd('z', 1, 'm');
  await redis.xadd('st', '*', 'f', 'v');
  for (const key of ['l', 'h', 's', 'z', 'st']) expect(await redis.memory('USAGE', key)).toBeGreaterThan(100);
  const [seconds, microseconds] = await redis.time();
  expect(Math.abs(Number(seconds) * 1000 + Number(microseconds) / 1000 - Date.now())).toBeLessThan(5000);
  expect(await redis.command('COUNT')).toBeGreaterThan(150);
  const [get] = (await redis.command('INFO', 'get')) as unknown[][];
  expect(get!.slice(0, 6)).toEqual(['get', 2, ['readonly', 'fast'], 1, 1, 1]);
});
