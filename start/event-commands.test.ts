/** The operator's commands, on a real consumer that refuses what it is told to refuse. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startConsumer } from '@souk/kit/events/consumer';
import { eventKeys, readerKeys } from '@souk/kit/events/event-keys';
import { encodeEvent, stampEvent } from '@souk/kit/events/events';
import { silentLog } from '@souk/kit/observe/log';
import { createMetrics } from '@souk/kit/observe/metrics';
import { type OpenRedis, openRedis } from '@souk/kit/redis/redis';
import { countingEvents } from '@souk/kit/tests/counting-domains';
import { ownName, REDIS_URL, withRedis } from '@souk/kit/tests/stores';
import { until } from '@souk/kit/tests/until';
import { newId } from '@souk/kit/values/ids';
import { runEventCommand } from './event-commands.ts';

withRedis('npm run events', () => {
  let open: OpenRedis;
  let ear: { stop(): Promise<void> } | undefined;
  const subgraph = ownName('told');
  const from = countingEvents(subgraph);
  const refused = new Set<string>();
  const heard: string[] = [];

  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service: 'tests' });
  });
  afterAll(async () => {
    await ear?.stop();
    await open.redis.del(
      ...Object.values(eventKeys(subgraph)),
      ...Object.values(readerKeys(subgraph, 'ear')),
    );
    await open.close();
  });

  const run = (...args: string[]) =>
    runEventCommand(args, { redis: open.redis, subgraphs: [subgraph, 'nobody'], width: 300, waitMs: 2_000 });
  const tell = async (aggregateId: string, number: number) => {
    const event = stampEvent(from, newId, { type: `${subgraph}.thing.counted`, data: { number } });
    await open.redis.xadd(eventKeys(subgraph).stream, '*', 'json', encodeEvent({ ...event, aggregateId }));
    return event.id;
  };
  const listen = () => {
    const handler = async ({ aggregateId, data }: { aggregateId: string; data: { number: number } }) => {
      if (refused.has(aggregateId)) throw new Error(`no ${aggregateId}\nplease`);
      heard.push(`${aggregateId}${data.number}`);
    };
    const inbox = {
      once: async (_: unknown, apply: (place: undefined) => Promise<void>) => {
        await apply(undefined);
        return 'applied' as const;
      },
      tidy: async () => {},
    };
    const pace = { leaseMs: 400, maxAttempts: 2, firstWaitMs: 1, longestWaitMs: 5 };
    return startConsumer({
      ...{
        redis: open.redis,
        from,
        group: 'ear',
        inbox,
        ...pace,
        log: silentLog,
        metrics: createMetrics('ear'),
      },
      handlers: { [`${subgraph}.thing.counted`]: handler },
    });
  };
  const deadUntil = (count: number) =>
    until(async () => {
      const letters = JSON.parse((await run('list', '--json')).text) as { id: string; attempts: number }[];
      return letters.length === count && letters;
    });

  test('an operator sees what is dead, why, and brings it to life in order', async () => {
    expect((await run('list')).text).toBe('There are no dead letters.\n');
    refused.add('tea');
    ear = listen();
    const first = await tell('tea', 1);
    await tell('tea', 2);
    await tell('salt', 1);
    await deadUntil(2);
    const { text } = await run('list');
    expect(text).toContain('EVENT');
    expect(text).toMatch(
      new RegExp(`${first} +${subgraph}.thing.counted +tea +ear +2 +\\d+ s +no tea; please`),
    );
    expect(text).toMatch(/waits behind an earlier event of tea\n/);
    const shown = (await run('show', first)).text;
    expect(shown).toMatch(/reason {5}no tea; please/);
    expect(shown).toMatch(/"number": 1/);
    expect((await run('lag')).text).toMatch(new RegExp(`${subgraph} +ear +0 +0 +2 +\\S+:${process.pid}`));

    // Not mended yet.
    const failed = await run('replay', first);
    expect(failed).toEqual({ status: 1, text: `${first}  failed again: no tea; please\n` });
    expect((await deadUntil(2))[0]).toMatchObject({ attempts: 3 });

    refused.delete('tea');
    expect(await run('replay', '--all')).toEqual({ status: 0, text: `${first}  was applied by ear\n` });
    await deadUntil(0);
    await until(async () => heard.length === 3);
    expect(heard).toEqual(['salt1', 'tea1', 'tea2']);
  });

  test('gives up one, and lets the rest go on', async () => {
    refused.add('rug');
    const first = await tell('rug', 1);
    await deadUntil(1);
    refused.delete('rug');
    await tell('rug', 2);
    await deadUntil(2);
    expect(await run('discard', first)).toEqual({ status: 0, text: `${first}  is discarded\n` });
    await deadUntil(0);
    expect(heard.slice(-1)).toEqual(['rug2']);
  });

  test('says so when nobody is there to do it, and it is done later', async () => {
    refused.add('ink');
    const id = await tell('ink', 1);
    await deadUntil(1);
    await ear!.stop();
    refused.delete('ink');
    const { status, text } = await runEventCommand(['replay', id], {
      ...{ redis: open.redis, subgraphs: [subgraph], width: 100, waitMs: 50 },
    });
    expect([status, text]).toEqual([1, `${id}  will be done when ear runs: nobody reads for it now\n`]);
    ear = listen();
    await deadUntil(0);
    expect(heard.slice(-1)).toEqual(['ink1']);
  });

  test('says what is wrong with a command', async () => {
    for (const [args, said] of [
      [[], 'Which command?'],
      [['lst'], 'There is no command "lst".'],
      [['list', '--jsn'], "Unknown option '--jsn'"],
      [['replay'], 'Say which event.'],
      [['replay', 'evt_1', '--all'], 'Either an event or --all.'],
      [['discard', '--all'], 'Events are discarded one by one'],
    ] as const) {
      const { status, text } = await run(...args);
      expect(status).toBe(2);
      expect(text).toContain(said);
      expect(text).toContain('npm run events -- <command>');
    }
    expect(await run('show', 'evt_1')).toMatchObject({
      status: 1,
      text: expect.stringContaining('no dead letter evt_1'),
    });
  });
});
