/** Sorted sets and trimmed streams against models so simple that they are right at sight. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RespClient } from '../conformance/resp-client.ts';
import { type ServerUnderTest, startOnFreshFolder } from '../conformance/server-under-test.ts';

let server: ServerUnderTest;
let client: RespClient;

beforeAll(async () => {
  server = await startOnFreshFolder();
  client = await server.connect();
});

afterAll(async () => {
  client.close();
  await server.remove();
});

const member = fc.integer({ min: 0, max: 300 }).map((number) => `m${number}`);
const score = fc.integer({ min: -20, max: 20 });
const scoreLimit = fc.tuple(score, fc.boolean());

type Step =
  | { kind: 'add'; member: string; score: number }
  | { kind: 'increase'; member: string; score: number }
  | { kind: 'remove'; member: string }
  | { kind: 'removeRanks'; start: number; end: number }
  | { kind: 'popMin' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), member, score }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('increase' as const), member, score }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), member }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('removeRanks' as const), start: fc.nat(200), end: fc.nat(200) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'popMin' as const }) },
);

type Model = Map<string, number>;

const inOrder = (model: Model) =>
  [...model].sort(([a, scoreA], [b, scoreB]) => scoreA - scoreB || (a < b ? -1 : 1));

async function apply(model: Model, change: Step): Promise<void> {
  switch (change.kind) {
    case 'add':
      await client.call('ZADD', 'z', String(change.score), change.member);
      model.set(change.member, change.score);
      break;
    case 'increase':
      await client.call('ZINCRBY', 'z', String(change.score), change.member);
      model.set(change.member, (model.get(change.member) ?? 0) + change.score);
      break;
    case 'remove':
      await client.call('ZREM', 'z', change.member);
      model.delete(change.member);
      break;
    case 'removeRanks':
      await client.call('ZREMRANGEBYRANK', 'z', String(change.start), String(change.end));
      for (const [name] of inOrder(model).slice(change.start, change.end + 1)) model.delete(name);
      break;
    case 'popMin':
      await client.call('ZPOPMIN', 'z');
      model.delete(inOrder(model)[0]?.[0] ?? '');
      break;
  }
}

test('a sorted set is a map, sorted by score and member', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 50, maxLength: 400 }),
      scoreLimit,
      scoreLimit,
      fc.nat(10),
      async (steps, [low, lowOut], [high, highOut], offset) => {
        await client.call('DEL', 'z');
        const model: Model = new Map();
        for (const each of steps) await apply(model, each);
        const sorted = inOrder(model);
        expect(await client.call('ZRANGE', 'z', '0', '-1', 'WITHSCORES')).toEqual(
          sorted.flatMap(([name, value]) => [name, String(value)]),
        );
        const within = sorted.filter(
          ([, value]) => (lowOut ? value > low : value >= low) && (highOut ? value < high : value <= high),
        );
        const limits = [`${lowOut ? '(' : ''}${low}`, `${highOut ? '(' : ''}${high}`] as const;
        expect(await client.call('ZCOUNT', 'z', ...limits)).toBe(within.length);
        const page = ['LIMIT', String(offset), '5'];
        expect(await client.call('ZRANGEBYSCORE', 'z', ...limits, ...page)).toEqual(
          within.slice(offset, offset + 5).map(([name]) => name),
        );
        expect(await client.call('ZREVRANGEBYSCORE', 'z', limits[1], limits[0], ...page)).toEqual(
          [...within]
            .reverse()
            .slice(offset, offset + 5)
            .map(([name]) => name),
        );
        for (const [rank, [name]] of sorted.entries()) {
          if (rank % 20 === 0) expect(await client.call('ZRANK', 'z', name)).toBe(rank);
        }
      },
    ),
    { numRuns: 15 },
  );
});

const trimming = fc.oneof(
  fc.nat(250).map((last) => ({ args: ['MAXLEN', String(last)], last, exact: true })),
  fc.nat(250).map((last) => ({ args: ['MAXLEN', '~', String(last)], last, exact: false })),
);

test('a stream that is trimmed keeps its newest entries: so many, or with ~ some more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 400 }),
      fc.array(trimming, { maxLength: 6 }),
      async (count, trims) => {
        await client.call('DEL', 's');
        for (let id = 1; id <= count; id++) client.send('XADD', 's', `${id}-1`, 'f', String(id));
        for (let id = 1; id <= count; id++) await client.read();
        let length = count;
        for (const { args, last, exact } of trims) {
          const dropped = Number(await client.call('XTRIM', 's', ...args));
          length -= dropped;
          if (exact) expect(length).toBe(Math.min(length + dropped, last));
          else expect(length === length + dropped || length - last < 100).toBe(true);
          expect(length).toBeGreaterThanOrEqual(Math.min(last, length + dropped));
        }
        const ids = ((await client.call('XRANGE', 's', '-', '+')) as [string, string[]][]).map(([id]) => id);
        expect(ids).toEqual(Array.from({ length }, (_, index) => `${count - length + index + 1}-1`));
        expect(await client.call('XADD', 's', 'MAXLEN', '2', '*', 'f', 'v')).toEqual(expect.any(String));
        expect(await client.call('XLEN', 's')).toBe(Math.min(2, length + 1));
      },
    ),
    { numRuns: 25 },
  );
});

test('LIMIT bounds how much is dropped at once', async () => {
  for (let id = 1; id <= 500; id++) await client.call('XADD', 'l', `${id}-1`, 'f', 'v');
  expect(await client.call('XTRIM', 'l', 'MAXLEN', '~', '0', 'LIMIT', '250')).toBe(200);
  expect(await client.call('XTRIM', 'l', 'MINID', '~', '400', 'LIMIT', '0')).toBe(100);
  expect(await client.call('XTRIM', 'l', 'MAXLEN', '=', '10')).toBe(190);
});

test('large collections are scanned page by page', async () => {
  const fields = Array.from({ length: 1000 }, (_, index) => [`f${index}`, `${index}`]).flat();
  await client.call('HSET', 'h', ...fields);
  await client.call('ZADD', 'zs', ...fields.map((_, place) => fields[place % 2 ? place - 1 : place + 1]!));
  await client.call('SADD', 'ss', ...fields);
  for (const [command, key, count] of [
    ['HSCAN', 'h', 2000],
    ['ZSCAN', 'zs', 2000],
    ['SSCAN', 'ss', 2000],
  ] as const) {
    let cursor = '0';
    const found: string[] = [];
    let pages = 0;
    do {
      const [next, page] = (await client.call(command, key, cursor, 'COUNT', '50')) as [string, string[]];
      found.push(...page);
      cursor = next;
      pages++;
    } while (cursor !== '0');
    expect(pages).toBeGreaterThan(10);
    expect(new Set(found).size).toBe(new Set(command === 'SSCAN' ? fields : found).size);
    expect(found.length).toBe(count);
  }
});

test('random members come with and without repeats', async () => {
  const members = Array.from({ length: 300 }, (_, index) => `m${index}`);
  await client.call('SADD', 'r', ...members);
  const different = (await client.call('SRANDMEMBER', 'r', '100')) as string[];
  expect(new Set(different).size).toBe(100);
  const repeated = (await client.call('SRANDMEMBER', 'r', '-1000')) as string[];
  expect(repeated.length).toBe(1000);
  expect(new Set(repeated).size).toBeGreaterThan(200);
  const popped = (await client.call('SPOP', 'r', '250')) as string[];
  expect(new Set(popped).size).toBe(250);
  expect(await client.call('SCARD', 'r')).toBe(50);
});
