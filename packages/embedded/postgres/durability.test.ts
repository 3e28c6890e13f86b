/** What is committed is there after a crash or a full disk; what cannot be used is named and left as it is. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { startPostgres } from './server.ts';
import { ensureTemplate, moveInPlace } from './template.ts';
import { errorIn, openClient, rowsIn, say } from './tests/raw-client.ts';
import { eventually, temporaryFolder } from './tests/with-server.ts';

const folders: string[] = [];
const folder = () => {
  const dir = temporaryFolder();
  folders.push(dir);
  return dir;
};
afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

describe('a first start', () => {
  test('that was killed while it copied the template begins anew', async () => {
    const dir = folder();
    mkdirSync(join(dir, 'data-new-4711/base'), { recursive: true });
    writeFileSync(join(dir, 'data-new-4711/PG_VERSION'), '1');
    const server = await startPostgres({ dir });
    const client = await openClient(server.url);
    expect(rowsIn(await client.query('SELECT 1'))).toEqual([['1']]);
    await server.stop();
    expect(readdirSync(dir)).toEqual(['data']);
  });

  // A fresh clone's build makes it by the same script.
  (process.env.SOUK_LONG_TESTS ? test : test.skip)('makes the template where the build has not', async () => {
    const path = join(folder(), 'template');
    const warnings: string[] = [];
    await ensureTemplate((message) => warnings.push(message), path);
    expect(readFileSync(join(path, 'PG_VERSION'), 'utf8')).toBe('18\n');
    expect(warnings[0]).toContain('takes a few seconds, once');
  });

  test('of two templates made at once keeps one', () => {
    const [path, late] = [join(folder(), 'template'), join(folder(), 'late')];
    for (const [each, version] of [
      [path, '18'],
      [late, 'late'],
    ] as const) {
      mkdirSync(each);
      writeFileSync(join(each, 'PG_VERSION'), version);
    }
    moveInPlace(late, path);
    expect(readFileSync(join(path, 'PG_VERSION'), 'utf8')).toBe('18');
    expect(() => moveInPlace(late, join(late, 'nowhere', 'template'))).toThrow('ENOENT');
  });
});

describe('a folder that cannot be used', () => {
  test('is named when a file stands in its place', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, 'not a folder');
    await expect(startPostgres({ dir: file })).rejects.toThrow(file);
    await expect(startPostgres({ dir: join(file, 'below') })).rejects.toThrow(file);
  });

  test('gives an error for a damaged table that names the file, and serves all others', async () => {
    const dir = folder();
    const first = await startPostgres({ dir });
    let client = await openClient(first.url);
    await client.query('CREATE TABLE damaged AS SELECT g, md5(g::text) FROM generate_series(1, 1000) g');
    await client.query("CREATE TABLE sound AS SELECT 'readable'");
    const [[path]] = rowsIn(await client.query("SELECT pg_relation_filepath('damaged')")) as [[string]];
    await first.stop();
    const file = join(dir, 'data', path);
    const bytes = readFileSync(file);
    bytes.fill(0x55, 8192 + 100, 8192 + 300);
    writeFileSync(file, bytes);
    const second = await startPostgres({ dir });
    client = await openClient(second.url);
    const error = errorIn(await client.query('SELECT count(md5) FROM damaged'));
    expect(error).toMatchObject({ C: 'XX001', M: expect.stringContaining(path) });
    expect(rowsIn(await client.query('SELECT * FROM sound'))).toEqual([['readable']]);
    await second.stop();
  });
});

describe('an engine that dies', () => {
  test('is told to all, with the reason, and another one takes over what was committed', async () => {
    const dir = folder();
    const warnings: string[] = [];
    const server = await startPostgres({ dir, warn: (message) => warnings.push(message) });
    const [writer, bystander] = [await openClient(server.url), await openClient(server.url)];
    await writer.query('CREATE TABLE committed AS SELECT 42 AS i');
    await bystander.query('SELECT 1');
    const log = join(dir, 'data/pg_wal');
    renameSync(log, `${log}.away`);
    writer.send(say.query("SELECT pg_logical_emit_message(true, '', repeat('x', 3000000))"));
    for (const client of [writer, bystander]) {
      expect(errorIn(await client.until('E'))).toMatchObject({
        S: 'FATAL',
        C: '57P02',
        D: expect.stringContaining(join(dir, 'data')),
      });
      await client.closed;
    }
    await eventually(() => warnings.some((warning) => warning.includes('cannot start again')));
    await expect(openClient(server.url)).rejects.toMatchObject({
      code: '57P03',
      message: expect.stringContaining(dir),
    });
    renameSync(`${log}.away`, log);
    await eventually(async () => {
      try {
        const client = await openClient(server.url);
        return rowsIn(await client.query('SELECT i FROM committed'))[0]?.[0] === '42';
      } catch {
        // Not yet.
        return false;
      }
    });
    await server.stop();
  });

  test('or finds the disk full names the file, and goes on when there is room', async () => {
    const dir = folder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20M', 'tmpfs', dir], { stdio: 'ignore' });
    } catch {
      console.log('not tested: a full disk (no right to mount a small one)');
      return;
    }
    try {
      const server = await startPostgres({ dir: join(dir, 'server') });
      const client = await openClient(server.url);
      await client.query('CREATE TABLE growing (text text)');
      const filler = openSync(join(dir, 'filler'), 'w');
      expect(() => {
        for (;;) writeSync(filler, Buffer.alloc(4096));
      }).toThrow('ENOSPC');
      const fill = 'INSERT INTO growing SELECT md5(g::text) FROM generate_series(1, 10000) g';
      expect(errorIn(await client.query(fill))).toMatchObject({
        C: '53100',
        M: expect.stringMatching(/could not extend file "base\/.*": No space left on device/),
      });
      unlinkSync(join(dir, 'filler'));
      execFileSync('sh', ['-c', `: > /proc/${process.pid}/fd/${filler}`]);
      expect((await client.query(fill)).map(({ type }) => type).join('')).toBe('CZ');
      await server.stop();
    } finally {
      execFileSync('umount', ['-l', dir]);
    }
  });
});

describe('a stop', () => {
  test('lets the running statement end, rolls back the rest, and tells everybody', async () => {
    const dir = folder();
    const first = await startPostgres({ dir });
    const [running, open, idle] = [
      await openClient(first.url),
      await openClient(first.url),
      await openClient(first.url),
    ];
    await running.query('CREATE TABLE results (i int)');
    running.send(say.query('INSERT INTO results SELECT g FROM generate_series(1, 300000) g'));
    open.send(say.query('BEGIN; INSERT INTO results VALUES (-1)'));
    await running.until('C');
    await open.until('Z');
    running.send(say.query('SELECT 1'));
    await first.stop();
    for (const client of [open, idle]) {
      expect(errorIn(await client.until('E'))).toMatchObject({ S: 'FATAL', C: '57P01' });
      await client.closed;
    }
    const second = await startPostgres({ dir });
    const client = await openClient(second.url);
    expect(rowsIn(await client.query('SELECT count(*), min(i) FROM results'))).toEqual([['300000', '1']]);
    await second.stop();
    expect(existsSync(join(dir, 'data/postmaster.pid'))).toBe(false);
  });
});
