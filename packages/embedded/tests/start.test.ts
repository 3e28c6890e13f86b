/** Starting, stopping, and every way in which a start can fail, as an operator sees it. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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

  test('stops with clients connected and a transaction open', async () => {
    const server = await startProcess(dir);
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

  test('gives a second process on the same folder one clear sentence', async () => {
    const first = await startProcess(dir);
    const { code, words } = await runToEnd(dir);
    expect(code).toBe(1);
    expect(words).toBe(
      `Souk could not start its embedded servers: ${dir} is in use by process ${first.pid}. ` +
        'Stop it first, or set SOUK_DATA_DIR to another folder.\n',
    );
    await first.stop();
  });

  test.each(['postgres', 'mongodb', 'redis'])('says that the port for %s is taken', async (kind) => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const { code, words } = await runToEnd(dir, `--${kind}-port`, String(port));
    expect(code).toBe(1);
    expect(words).toMatch(
      new RegExp(`: port ${port} on 127.0.0.1 is taken by another process; choose another one`),
    );
    squatter.close();
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

describe('damaged data', () => {
  const logs = (kind: string) =>
    readdirSync(join(dir, kind))
      .filter((name) => name.endsWith('.log'))
      .map((name) => join(dir, kind, name));

  async function fill(): Promise<void> {
    const server = await startProcess(dir);
    const mongo = await MongoClient.connect(server.mongodb);
    const redis = new Redis(server.redis);
    for (let i = 0; i < 50; i++) {
      await mongo.db('shop').collection('things').insertOne({ i });
      await redis.set(`thing:${i}`, i);
    }
    redis.disconnect();
    await mongo.close();
    await server.stop();
  }

  test.each(['mongodb', 'redis'])('in the middle of the %s log is named and left as it is', async (kind) => {
    await fill();
    const [log] = logs(kind);
    const bytes = readFileSync(log!);
    const middle = bytes.length >> 1;
    bytes.fill(0xee, middle, middle + 40);
    writeFileSync(log!, bytes);
    const { code, words } = await runToEnd(dir);
    expect(code).toBe(1);
    expect(words).toContain(`${log} is damaged at byte`);
    expect(words).toContain('Nothing was changed');
    expect(readFileSync(log!).equals(bytes)).toBe(true);
  });

  test.each(['mongodb', 'redis'])('at the torn end of the %s log is dropped with a warning', async (kind) => {
    await fill();
    const [log] = logs(kind);
    appendFileSync(log!, readFileSync(log!).subarray(8, 30));
    const server = await startProcess(dir);
    expect(server.words()).toContain(`${log}: the last write was cut short; its 22 bytes were dropped`);
    const mongo = await MongoClient.connect(server.mongodb);
    const redis = new Redis(server.redis);
    expect(await mongo.db('shop').collection('things').countDocuments()).toBe(50);
    expect(await redis.dbsize()).toBe(50);
    redis.disconnect();
    await mongo.close();
    await server.stop();
  });

  test('of PostgreSQL names the folder and deletes nothing', async () => {
    const server = await startProcess(dir);
    await server.stop();
    const control = execFileSync('find', [join(dir, 'postgres'), '-name', 'pg_control'], {
      encoding: 'utf8',
    }).trim();
    writeFileSync(control, Buffer.alloc(100, 0xee));
    const { code, words } = await runToEnd(dir);
    expect(code).toBe(1);
    expect(words).toContain(join(dir, 'postgres'));
    expect(readFileSync(control).equals(Buffer.alloc(100, 0xee))).toBe(true);
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
