/** The same work for every server: single inserts, look-ups of one, of a range of 20 along an index, and transactions. */
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import postgres from 'postgres';

export const WORKLOADS = ['inserts', 'point reads', 'range reads', 'transactions'] as const;
export type Workload = (typeof WORKLOADS)[number];

export interface Target {
  run: Record<Workload, (i: number) => Promise<unknown>>;
  close(): Promise<unknown>;
}

export const ROWS = 10_000;
const RANGE = 20;

/** Spread over the rows so that neighbours in time are no neighbours in the index. */
const pick = (i: number) => (i * 7919) % ROWS;

export async function openPostgres(url: string, callers: number): Promise<Target> {
  const sql = postgres(url, { max: callers, onnotice: () => {} });
  await sql`DROP TABLE IF EXISTS bench_rows, bench_log`;
  await sql`CREATE TABLE bench_rows (id integer PRIMARY KEY, name text NOT NULL, stock integer NOT NULL)`;
  await sql`CREATE TABLE bench_log (id bigserial PRIMARY KEY, name text NOT NULL)`;
  await sql`INSERT INTO bench_rows SELECT n, 'row ' || n, 100 FROM generate_series(0, ${ROWS - 1}) n`;
  return {
    run: {
      inserts: (i) => sql`INSERT INTO bench_log (name) VALUES (${`row ${i}`})`,
      'point reads': (i) => sql`SELECT * FROM bench_rows WHERE id = ${pick(i)}`,
      'range reads': (i) => sql`SELECT * FROM bench_rows WHERE id >= ${pick(i)} ORDER BY id LIMIT ${RANGE}`,
      transactions: (i) =>
        sql.begin(async (tx) => {
          await tx`UPDATE bench_rows SET stock = stock - 1 WHERE id = ${pick(i)}`;
          await tx`INSERT INTO bench_log (name) VALUES (${`sale of ${i}`})`;
        }),
    },
    close: async () => {
      await sql`DROP TABLE bench_rows, bench_log`;
      await sql.end();
    },
  };
}

interface Row {
  _id: number;
  name: string;
  stock: number;
}

/** A standalone MongoDB has no transactions over documents: findOneAndUpdate of one stands in their place. */
export async function openMongoDB(url: string, callers: number): Promise<Target> {
  const client = await MongoClient.connect(url, { maxPoolSize: callers });
  const database = client.db('souk_bench');
  await database.dropDatabase();
  const rows = database.collection<Row>('rows');
  const log = database.collection('log');
  await rows.createIndex({ name: 1 }, { unique: true });
  await rows.insertMany(Array.from({ length: ROWS }, (_, i) => ({ _id: i, name: `row ${i}`, stock: 100 })));
  return {
    run: {
      inserts: (i) => log.insertOne({ name: `row ${i}` }),
      'point reads': (i) => rows.findOne({ name: `row ${pick(i)}` }),
      'range reads': (i) =>
        rows
          .find({ name: { $gte: `row ${pick(i)}` } })
          .sort({ name: 1 })
          .limit(RANGE)
          .toArray(),
      transactions: (i) => rows.findOneAndUpdate({ name: `row ${pick(i)}` }, { $inc: { stock: -1 } }),
    },
    close: async () => {
      await database.dropDatabase();
      await client.close();
    },
  };
}

/** One connection a caller: ioredis would pipeline the callers of a shared one. */
export async function openRedis(url: string, callers: number): Promise<Target> {
  const connections = Array.from({ length: callers }, () => new Redis(url));
  const first = connections[0]!;
  const free = [...connections];
  const withConnection = async (use: (redis: Redis) => Promise<unknown>) => {
    const redis = free.pop() ?? first;
    await use(redis);
    free.push(redis);
  };
  const filling = first.pipeline();
  for (let i = 0; i < ROWS; i++) filling.set(`bench:row:${i}`, `row ${i}`).zadd('bench:rows', i, `row ${i}`);
  await filling.exec();
  return {
    run: {
      inserts: (i) => withConnection((redis) => redis.set(`bench:log:${i % 100_000}`, `row ${i}`)),
      'point reads': (i) => withConnection((redis) => redis.get(`bench:row:${pick(i)}`)),
      'range reads': (i) =>
        withConnection((redis) => redis.zrange('bench:rows', pick(i), pick(i) + RANGE - 1, 'WITHSCORES')),
      transactions: (i) =>
        withConnection((redis) =>
          redis
            .multi()
            .incr('bench:sales')
            .set(`bench:sale:${i % 1000}`, i)
            .exec(),
        ),
    },
    close: async () => {
      for await (const keys of first.scanStream({ match: 'bench:*', count: 1000 })) {
        if (keys.length > 0) await first.del(...keys);
      }
      for (const redis of connections) redis.disconnect();
    },
  };
}
