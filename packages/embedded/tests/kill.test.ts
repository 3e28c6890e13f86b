/** The promise of durability: what was acknowledged is there after kill -9, whatever was going on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passes } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { type EmbeddedProcess, killAll, startProcess } from './embedded-process.ts';
import { openSimpleClient, type SimpleClient } from './simple-queries.ts';

const KILLS = 20;
/** What each store acknowledges at least before a kill. */
const WRITES = 10;
/** At once on PostgreSQL, which takes statements of several connections together. */
const CONNECTIONS = 4;
const dir = mkdtempSync(join(tmpdir(), 'souk-kill-'));
afterAll(async () => {
  await killAll();
  rmSync(dir, { recursive: true, force: true });
});

/** Large enough that the logs of Redis and MongoDB are rewritten several times while being killed. */
const BALLAST = 'x'.repeat(20_000);

interface Store {
  name: string;
  /** Writes one number; it counts as acknowledged once this resolves. */
  write(n: number): Promise<unknown>;
  /** Every number that is there. */
  read(): Promise<Set<number>>;
  disconnect(): Promise<unknown>;
}

async function openPostgres(url: string): Promise<Store> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => openSimpleClient(url)));
  const [first] = clients as [SimpleClient];
  await first.query(
    'CREATE TABLE IF NOT EXISTS written (n integer, writer integer, PRIMARY KEY (n, writer))',
  );
  const writeBy = async (client: SimpleClient, n: number, writer: number) => {
    const insert = `INSERT INTO written VALUES (${n}, ${writer})`;
    if (n % 2) return client.query(insert);
    await client.query('BEGIN');
    await client.query(insert);
    return client.query('COMMIT');
  };
  return {
    name: 'PostgreSQL',
    write: (n) => Promise.all(clients.map((client, writer) => writeBy(client, n, writer))),
    read: async () => {
      const whole = await first.query(`SELECT n FROM written GROUP BY n HAVING count(*) = ${CONNECTIONS}`);
      return new Set(whole.map(Number));
    },
    disconnect: async () => {
      for (const client of clients) client.close();
    },
  };
}

async function openMongoDB(url: string): Promise<Store> {
  const client = await MongoClient.connect(url);
  const written = client.db('kill').collection<{ _id: number }>('written');
  const rewritten = client.db('kill').collection<{ _id: number; last: number }>('rewritten');
  return {
    name: 'MongoDB',
    write: async (n) => {
      await rewritten.updateOne({ _id: n % 5 }, { $set: { last: n, ballast: BALLAST } }, { upsert: true });
      await written.insertOne({ _id: n });
    },
    read: async () => new Set((await written.find().toArray()).map(({ _id }) => _id)),
    disconnect: () => client.close(),
  };
}

async function openRedis(url: string): Promise<Store> {
  const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on('error', () => {}); // the kill; the pending command is rejected too
  return {
    name: 'Redis',
    write: (n) =>
      redis
        .multi()
        .set(`rewritten:${n % 5}`, BALLAST)
        .sadd('written', n)
        .exec(),
    read: async () => new Set((await redis.smembers('written')).map(Number)),
    disconnect: async () => redis.disconnect(),
  };
}

const open = ({ postgres, mongodb, redis }: EmbeddedProcess) =>
  Promise.all([openPostgres(postgres), openMongoDB(mongodb), openRedis(redis)]);

/** Writes ever higher numbers until the server is gone; adds those acknowledged to the set. */
async function writeUntilGone(
  store: Store,
  from: number,
  acknowledged: Set<number>,
  onEnough: () => void,
): Promise<void> {
  for (let n = from; ; n++) {
    if (n === from + WRITES) onEnough();
    try {
      await store.write(n);
    } catch {
      return; // the kill, which is what we wait for
    }
    acknowledged.add(n);
  }
}

test(`${KILLS} kills while all three are written to lose no acknowledged write`, async () => {
  const acknowledged = new Map<string, Set<number>>();
  let next = 0;
  for (let round = 0; round <= KILLS; round++) {
    const server = await startProcess(dir);
    const stores = await open(server);
    for (const store of stores) {
      const expected = acknowledged.get(store.name) ?? new Set<number>();
      const found = await store.read();
      expect({ store: store.name, lost: [...expected].filter((n) => !found.has(n)) }).toEqual({
        store: store.name,
        lost: [],
      });
      acknowledged.set(store.name, expected);
    }
    if (round === KILLS) {
      await Promise.all(stores.map((store) => store.disconnect()));
      break;
    }
    const writers: Promise<void>[] = [];
    const write = (store: Store) =>
      new Promise<void>((enough) => {
        // Also when it ends before: the count at the end tells.
        writers.push(writeUntilGone(store, next, acknowledged.get(store.name)!, enough).finally(enough));
      });
    await Promise.all(stores.map(write));
    await passes(Math.random() * 400); // the moment of the kill is the point: any is as good
    await server.kill();
    await Promise.all(writers);
    await Promise.all(stores.map((store) => store.disconnect()));
    next = Math.max(...[...acknowledged.values()].map((set) => Math.max(0, ...set))) + 2;
  }
  for (const [store, set] of acknowledged) {
    expect({ store, enough: set.size >= KILLS * WRITES }).toEqual({ store, enough: true });
  }
}, 180_000);
