/**
 * Processes that write, relay and listen are killed at random, and the Redis between them too, which also stands still now
 * and then; every event is applied all the same, once and in order. Who follows them live, and comes back with its cursor each time, is told them so too.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passes } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { bundled } from '../tests/bundled.ts';
import { openMongodbDomain, openPostgresDomain } from '../tests/counting-domains.ts';
import { startLeavingFollower } from '../tests/leaving-follower.ts';
import { MONGODB_URL, ownName, POSTGRES_URL } from '../tests/stores.ts';
import { until } from '../tests/until.ts';
import { isBefore } from './stream-ids.ts';

/** Each worker at least once, and Redis between them. */
const KILLS = process.env.SOUK_LONG_TESTS ? 20 : 4;
/** Before each of them and after the last one. */
const STALLS = 3;
const WORKERS = 3;
const dir = mkdtempSync(join(tmpdir(), 'souk-events-'));
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const THINGS = ['t0', 't1', 't2'];
const running = new Set<ChildProcess>();

const start = async (...args: string[]) => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const [line] = (await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])) as [
    Buffer | number | null,
  ];
  if (!Buffer.isBuffer(line)) throw new Error(`${args[0]} ended with ${line} before it was ready`);
  return { child, line: line.toString().trim() };
};

const kill = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};

/** As on a busy machine: answers are late, so a lease may run out for its holder first and for Redis later, or never. */
const stall = async (child: ChildProcess) => {
  for (let stalls = 0; stalls < STALLS; stalls++) {
    await passes(Math.random() * 60);
    child.kill('SIGSTOP');
    await passes(50 + Math.random() * 200);
    child.kill('SIGCONT');
  }
};

type Counts = Record<string, number>;
const total = (counts: Counts) => Object.values(counts).reduce((a, b) => a + b, 0);

/** The counts, once they do not change any more: a write may be under way. */
const settled = ({ counts }: { counts(): Promise<Counts> }): Promise<Counts> =>
  until(async () => {
    const before = await counts();
    await passes(200);
    const now = await counts();
    return total(now) === total(before) && now;
  });

const both = POSTGRES_URL === undefined || MONGODB_URL === undefined ? describe.skip : describe;
both('when processes are killed at random', () => {
  afterAll(async () => {
    for (const child of running) await kill(child);
    rmSync(dir, { recursive: true, force: true });
  });

  test('every event is applied once and in order', async () => {
    const worker = bundled('./event-worker.ts');
    const [rows, documents] = [ownName('rows'), ownName('docs')];
    const postgres = await openPostgresDomain(POSTGRES_URL!, rows);
    const mongodb = await openMongodbDomain(MONGODB_URL!, documents);
    try {
      let redis = await start(path('../tests/redis-process.mjs'), dir, '0');
      const url = redis.line;
      const port = new URL(url).port;
      const startWorker = () => start(worker, POSTGRES_URL!, MONGODB_URL!, url, rows, documents);
      const workers = Array.from({ length: WORKERS }, startWorker);
      const followers = await Promise.all(
        [rows, documents].map((name) => startLeavingFollower(url, name, THINGS)),
      );
      await Promise.all(workers);
      for (let kills = 1; kills <= KILLS; kills++) {
        await stall(redis.child);
        // The others go on, and take over what it had begun.
        const victim = kills % WORKERS;
        await kill((await workers[victim]!).child);
        workers[victim] = startWorker();
        if (kills % 3 > 0) continue;
        await kill(redis.child);
        redis = await start(path('../tests/redis-process.mjs'), dir, port);
      }
      await Promise.all(workers);
      await stall(redis.child);
      await until(async () => total(await postgres.counts()) > 100 && total(await mongodb.counts()) > 100);
      // Each has come back with its cursor some times.
      await until(async () => followers.every((follower) => follower.visits() > 3));
      // From here on nobody writes; the last of them has to hear everything.
      for (const { child } of await Promise.all(workers)) child.kill('SIGUSR2');

      const [ofRows, ofDocuments] = [await settled(postgres), await settled(mongodb)];
      for (const [source, counts, follower] of [
        [rows, ofRows, followers[0]!],
        [documents, ofDocuments, followers[1]!],
      ] as const) {
        const lists = Object.fromEntries(
          Object.entries(counts).map(([id, count]) => [id, Array.from({ length: count }, (_, at) => at + 1)]),
        );
        // The comparisons tell what is missing: whoever follows has all of the stream, so what only a listener lacks, it lost.
        const { taken } = follower;
        await until(async () => taken.length >= total(counts)).catch(() => {});
        await follower.stop();
        for (const [id, numbers] of Object.entries(lists))
          expect(taken.filter((one) => one.id === id).map(({ number }) => number)).toEqual(numbers);
        expect(taken).toHaveLength(total(counts));
        for (const [at, { cursor }] of taken.entries())
          if (at > 0) expect(isBefore(taken[at - 1]!.cursor, cursor)).toBe(true);
        for (const [name, listener] of [[rows, postgres] as const, [documents, mongodb] as const]) {
          const hasAll = async () =>
            Object.values(await listener.heard(source)).flat().length >= total(counts);
          await until(hasAll).catch(() => {});
          expect({ name, source, heard: await listener.heard(source) }).toEqual({
            name,
            source,
            heard: lists,
          });
        }
      }
    } finally {
      for (const child of running) await kill(child);
      await postgres.drop();
      await mongodb.drop();
    }
  }, 180_000);
});
