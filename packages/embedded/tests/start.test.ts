/** Starting, stopping, and every way in which a start can fail, as an operator sees it. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import postgres from 'postgres';
import { killAll, runToEnd, startProcess } from './embedded-process.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'souk-start-'));
});
afterEach(async () => {
  await killAll();
  rmSync(dir, { recursive: true, force: true });
});

describe('npm run embedded', () => {
  test('prints one line to export, keeps data over a graceful stop, and exits 0', async () => {
    const first = await startProcess(dir);
    const sql = postgres(first.postgres, { max: 1 });
    await sql`CREATE TABLE kept (word text)`;
    await sql`INSERT INTO kept VALUES ('postgres')`;
    const mongo = await MongoClient.connect(first.mongodb);
    await mongo.db('kept').collection('kept').insertOne({ word: 'mongodb' });
    const redis = new Redis(first.redis);
    await redis.set('kept', 'redis');
    redis.disconnect();
    await Promise.all([sql.end(), mongo.close()]);
    expect(await first.stop()).toBe(0);

    const second = await startProcess(dir);
    const sql2 = postgres(second.postgres, { max: 1 });
    const mongo2 = await MongoClient.connect(second.mongodb);
    const redis2 = new Redis(second.redis);
    expect([
      (await sql2`SELECT word FROM kept`)[0]?.word,
      (await mongo2.db('kept').collection('kept').findOne())?.word,
      await redis2.get('kept'),
    ]).toEqual(['postgres', 'mongodb', 'redis']);
    redis2.disconnect();
    await Promise.all([sql2.end(), mongo2.close()]);
    expect(await second.stop()).toBe(0);
  });

  test('keeps a second process out in one clear sentence, and stops with clients at work', async () => {
    const server = await startProcess(dir);
    const second = await runToEnd(dir);
    expect(second.code).toBe(1);
    expect(second.words).toBe(
      `Souk could not start its embedded servers: ${dir} is in use by process ${server.pid}. ` +
        'Stop it first, or set SOUK_DATA_DIR to another folder.\n',
    );

    const sql = postgres(server.postgres, { max: 1 });
    await sql`BEGIN`.catch(() => {}); // postgres.js advises against it, the server does not mind
    const mongo = await MongoClient.connect(server.mongodb);
    const redis = new Redis(server.redis, { retryStrategy: () => null });
    redis.on('error', () => {}); // the stop
    await redis.ping();
    expect(await server.stop()).toBe(0);
    redis.disconnect();
    await Promise.all([sql.end({ timeout: 0 }), mongo.close()]);
  });

  test('says of each server that its port is taken', async () => {
    const servers = ['PostgreSQL', 'MongoDB', 'Redis'];
    const squatters = await Promise.all(servers.map(squat));
    const [postgres, mongodb, redis] = squatters.map(({ port }) => String(port)) as [string, string, string];
    const ports = ['--postgres-port', postgres, '--mongodb-port', mongodb, '--redis-port', redis];
    const { code, words } = await runToEnd(dir, ...ports);
    expect(code).toBe(1);
    for (const [i, { port }] of squatters.entries())
      expect(words).toContain(
        `${servers[i]}: port ${port} on 127.0.0.1 is taken by another process; choose another one`,
      );
    for (const { leave } of squatters) leave();
  });

  test('tells every fault of its settings in one message', async () => {
    const { code, words } = await runToEnd('', '--redis-port', '99999', '--mongodb-port', 'x');
    expect(code).toBe(1);
    expect(words).toContain('--mongodb-port is "x", but must be a port from 0 to 65535');
    expect(words).toContain('--redis-port is "99999", but must be a port from 0 to 65535');
    expect(words).toContain('SOUK_DATA_DIR (or --data-dir) is empty, but must name a folder');
  });

  test('names an unknown flag and shows those there are', async () => {
    const { code, words } = await runToEnd(dir, '--prot', '1');
    expect(code).toBe(1);
    expect(words).toContain("Unknown option '--prot'");
    expect(words).toContain('--postgres-port PORT');
  });
});

/** Takes a port until it leaves, or the tests end. */
async function squat(): Promise<{ port: number; leave(): void }> {
  const server = createServer().listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, leave: () => server.close() };
}

describe('damaged data', () => {
  const filled = mkdtempSync(join(tmpdir(), 'souk-filled-'));
  beforeAll(async () => {
    const server = await startProcess(filled);
    const mongo = await MongoClient.connect(server.mongodb);
    const redis = new Redis(server.redis);
    for (let i = 0; i < 50; i++) {
      await mongo.db('shop').collection('things').insertOne({ i });
      await redis.set(`thing:${i}`, i);
    }
    redis.disconnect();
    await mongo.close();
    await server.stop();
  });
  beforeEach(() => cpSync(filled, dir, { recursive: true }));
  afterAll(() => rmSync(filled, { recursive: true, force: true }));

  /** The logs of MongoDB and Redis. */
  const logs = () =>
    ['mongodb', 'redis'].map((kind) => {
      const name = readdirSync(join(dir, kind)).find((each) => each.endsWith('.log'));
      return join(dir, kind, name!);
    });

  test('in the middle of a file is named, for each server, and left as it is', async () => {
    const control = join(dir, 'postgres/data/global/pg_control');
    const damaged = new Map([[control, Buffer.alloc(100, 0xee)]]);
    for (const log of logs()) {
      const bytes = readFileSync(log);
      const middle = bytes.length >> 1;
      damaged.set(log, bytes.fill(0xee, middle, middle + 40));
    }
    for (const [file, bytes] of damaged) writeFileSync(file, bytes);
    const { code, words } = await runToEnd(dir);
    expect(code).toBe(1);
    expect(words).toContain(`PostgreSQL cannot start on ${join(dir, 'postgres/data')}`);
    for (const log of logs())
      expect(words).toMatch(new RegExp(`${log} is damaged at byte .*Nothing was changed`));
    for (const [file, bytes] of damaged) expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test('at the torn end of a log is dropped with a warning', async () => {
    for (const log of logs()) appendFileSync(log, readFileSync(log).subarray(8, 30));
    const server = await startProcess(dir);
    for (const log of logs())
      expect(server.words()).toContain(`${log}: the last write was cut short; its 22 bytes were dropped`);
    const mongo = await MongoClient.connect(server.mongodb);
    const redis = new Redis(server.redis);
    expect(await mongo.db('shop').collection('things').countDocuments()).toBe(50);
    expect(await redis.dbsize()).toBe(50);
    redis.disconnect();
    await mongo.close();
    await server.stop();
  });
});

/** Mounting is the privilege of root, and of containers that were given it. */
function mount(folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'souk-test', folder], { stdio: 'ignore' });
    return true;
  } catch {
    // Not allowed here; the tests that need it are skipped by name.
    return false;
  }
}

const probe = mkdtempSync(join(tmpdir(), 'souk-mount-'));
const mayMount = mount(probe, 'size=1m');
if (mayMount) execFileSync('umount', [probe]);
rmSync(probe, { recursive: true });

(mayMount ? describe : describe.skip)('a disk that does not take writes', () => {
  const disk = mkdtempSync(join(tmpdir(), 'souk-disk-'));
  afterEach(() => {
    execFileSync('umount', ['-l', disk]);
  });
  afterAll(() => rmSync(disk, { recursive: true, force: true }));

  test('because it is read-only is named at start', async () => {
    mount(disk, 'ro');
    const { code, words } = await runToEnd(join(disk, 'data'));
    expect(code).toBe(1);
    expect(words).toContain(`${join(disk, 'data')} cannot be made as the data folder: Read-only file system`);
  });

  test('because it is full refuses writes by the file’s name, reads on, and loses nothing', async () => {
    mount(disk, 'size=160m');
    mkdirSync(join(disk, 'data'));
    const data = join(disk, 'data');
    const server = await startProcess(data);
    const sql = postgres(server.postgres, { max: 1 });
    await sql`CREATE TABLE kept (n integer, ballast text)`;
    await sql`INSERT INTO kept VALUES (1, '')`;
    const mongo = await MongoClient.connect(server.mongodb);
    const things = mongo.db('shop').collection('things');
    await things.insertOne({ n: 1 });
    const redis = new Redis(server.redis);
    await redis.set('kept', '1');

    const filler = join(disk, 'filler');
    execFileSync('sh', ['-c', `dd if=/dev/zero of=${filler} bs=64k 2>/dev/null || true`]);
    const ballast = 'x'.repeat(400_000);
    await expect(things.insertOne({ n: 2, ballast })).rejects.toMatchObject({
      code: 14031,
      message: expect.stringContaining(join(data, 'mongodb')),
    });
    await expect(redis.set('kept', ballast)).rejects.toThrow(/^MISCONF .*redis.*No space left on device/);
    await expect(
      sql`INSERT INTO kept SELECT n, repeat(md5(n::text), 100) FROM generate_series(1, 5000) n`,
    ).rejects.toMatchObject({
      code: '53100',
    });
    expect((await things.findOne({ n: 1 }))?.n).toBe(1);
    expect((await sql`SELECT n FROM kept WHERE n = 1`)[0]?.n).toBe(1);
    expect(await redis.exists('kept')).toBe(1);

    rmSync(filler);
    await things.insertOne({ n: 3 });
    await redis.set('later', '3');
    await sql`INSERT INTO kept VALUES (3, '')`;
    redis.disconnect();
    await Promise.all([sql.end({ timeout: 1 }), mongo.close()]);
    await server.kill();

    const again = await startProcess(data);
    const sql2 = postgres(again.postgres, { max: 1 });
    expect((await sql2`SELECT n FROM kept ORDER BY n`).map((row) => row.n)).toEqual([1, 3]);
    const mongo2 = await MongoClient.connect(again.mongodb);
    expect(
      await mongo2
        .db('shop')
        .collection('things')
        .countDocuments({ n: { $in: [1, 3] } }),
    ).toBe(2);
    const redis2 = new Redis(again.redis);
    expect(await redis2.get('later')).toBe('3');
    redis2.disconnect();
    await Promise.all([sql2.end(), mongo2.close()]);
    await again.stop();
  }, 60_000);
});
