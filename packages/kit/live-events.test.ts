import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { eventKeys } from './event-keys.ts';
import { encodeEvent } from './events.ts';
import { type LiveEvent, type LiveEvents, openLiveEvents } from './live-events.ts';
import { silentLog } from './log.ts';
import { type OpenRedis, openRedis } from './redis.ts';
import { type CutProxy, cutProxy } from './tests/cut-proxy.ts';
import { ownName, REDIS_URL, withRedis } from './tests/stores.ts';
import { until } from './tests/until.ts';

withRedis('events are followed', () => {
  let open: OpenRedis;
  let redis: Redis;
  let proxy: CutProxy;
  let behind: OpenRedis;
  let subgraph: string;
  let number = 0;
  const lives: LiveEvents[] = [];

  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service: 'kit-tests' });
    ({ redis } = open);
    proxy = await cutProxy(REDIS_URL!);
    behind = await openRedis({ url: proxy.url, service: 'kit-tests' });
  });
  afterEach(async () => {
    for (const live of lives.splice(0)) await live.stop();
    await redis.del(eventKeys(subgraph).stream);
  });
  afterAll(async () => {
    await behind.close();
    await proxy.close();
    await open.close();
  });

  const start = async (more: { maxWaiting?: number; redis?: Redis } = {}) => {
    const live = await openLiveEvents({ redis, subgraph, log: silentLog, ...more });
    lives.push(live);
    return live;
  };
  const tell = async (aggregateId: string) => {
    number += 1;
    const event = {
      id: `evt_${number}`,
      type: 'x.y',
      version: 1,
      aggregateId,
      occurredAt: new Date(),
      data: { number },
    };
    const id = await redis.xadd(eventKeys(subgraph).stream, '*', 'json', encodeEvent(event));
    return { cursor: id!, aggregateId, number };
  };
  /** Takes what comes until it is stopped. */
  const taking = (iterator: AsyncIterableIterator<LiveEvent>) => {
    const taken: LiveEvent[] = [];
    const ended = (async () => {
      for await (const one of iterator) taken.push(one);
    })();
    ended.catch(() => {});
    return { taken, ended, stop: () => iterator.return!() };
  };
  const numbers = (events: readonly LiveEvent[]) => events.map(({ event }) => event.data.number);

  test('from any cursor on, while they go on happening and connections break: none lost, doubled or out of turn', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c', 'cut', 'join'), { minLength: 10, maxLength: 40 }),
        fc.nat(),
        async (steps, seed) => {
          subgraph = ownName('live');
          const live = await start({ redis: behind.redis });
          const told: Awaited<ReturnType<typeof tell>>[] = [];
          const joined: { from: number; taking: ReturnType<typeof taking> }[] = [];
          for (const [at, step] of steps.entries()) {
            if (step === 'cut') proxy.cut(at % 2 === 0 ? 'reset' : 'end');
            else if (step === 'join' && told.length > 0) {
              const from = (seed + at) % told.length;
              // Redis may be away for the moment: whoever asks then asks again.
              await until(() =>
                behind.check().then(
                  () => true,
                  () => false,
                ),
              );
              joined.push({
                from,
                taking: taking(live.follow({ of: ['a', 'b'], after: told[from]!.cursor })),
              });
            } else if (step !== 'join') told.push(await tell(step));
          }
          for (const { from, taking } of joined) {
            const due = told.slice(from + 1).filter(({ aggregateId }) => aggregateId !== 'c');
            const outcome = await Promise.race([
              until(async () => taking.taken.length >= due.length && 'all'),
              taking.ended.then(
                () => 'ended',
                (error: Error) => error.message,
              ),
            ]);
            // One that was cut while it read the past is told so, and comes back with its last cursor.
            if (outcome === 'all') expect(numbers(taking.taken)).toEqual(due.map(({ number }) => number));
            else
              expect(numbers(taking.taken)).toEqual(
                due.slice(0, taking.taken.length).map(({ number }) => number),
              );
            await taking.stop();
          }
          await live.stop();
          await redis.del(eventKeys(subgraph).stream);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('from now on without a cursor, by those alone who ask for them', async () => {
    subgraph = ownName('live');
    await tell('a');
    const live = await start();
    const [ofA, ofBoth] = [taking(live.follow({ of: ['a'] })), taking(live.follow({ of: ['a', 'b'] }))];
    const [second, third] = [await tell('b'), await tell('a')];
    await tell('c');
    await until(async () => ofBoth.taken.length === 2 && ofA.taken.length === 1);
    expect(numbers(ofA.taken)).toEqual([third.number]);
    expect(numbers(ofBoth.taken)).toEqual([second.number, third.number]);
    await ofA.stop();
    await tell('a');
    await until(async () => ofBoth.taken.length === 3);
    expect(ofA.taken).toHaveLength(1);
  });

  test('and a cursor that is too old, unknown or nonsense is refused with what there is', async () => {
    subgraph = ownName('live');
    const { stream } = eventKeys(subgraph);
    const first = await tell('a');
    const second = await tell('a');
    const last = await tell('b');
    const live = await start();
    await redis.xtrim(stream, 'MINID', second.cursor);
    const refusal = (after: string) =>
      live
        .follow({ of: ['a'], after })
        .next()
        .then(
          () => undefined,
          (error: { extensions: object }) => error.extensions,
        );
    expect(await refusal(first.cursor)).toEqual({ code: 'RESUME_EXPIRED', oldest: second.cursor });
    expect(await refusal('99999999999999-0')).toMatchObject({ code: 'RESUME_EXPIRED' });
    expect(() => live.follow({ of: ['a'], after: 'soon' })).toThrow(/no cursor/);
    // Everything was trimmed, and nothing has come since this one.
    await redis.xtrim(stream, 'MAXLEN', 0);
    const waiting = taking(live.follow({ of: ['a'], after: last.cursor }));
    const next = await tell('a');
    await until(async () => waiting.taken.length === 1);
    expect(numbers(waiting.taken)).toEqual([next.number]);
  });

  test('until somebody lets too many wait, who is cut off after what they had and can come back', async () => {
    subgraph = ownName('live');
    const live = await start({ maxWaiting: 3 });
    const slow = live.follow({ of: ['a'] });
    const quick = taking(live.follow({ of: ['a'] }));
    const told = [];
    for (let count = 0; count < 6; count++) {
      told.push(await tell('a'));
      await until(async () => quick.taken.length === told.length);
    }
    const { taken, ended } = taking(slow);
    await expect(ended).rejects.toMatchObject({ extensions: { code: 'SUBSCRIBER_TOO_SLOW' } });
    expect(numbers(taken)).toEqual(told.slice(0, 3).map(({ number }) => number));
    const back = taking(live.follow({ of: ['a'], after: taken.at(-1)!.cursor }));
    await until(async () => back.taken.length === 3);
    expect(numbers(back.taken)).toEqual(told.slice(3).map(({ number }) => number));
  });
});
