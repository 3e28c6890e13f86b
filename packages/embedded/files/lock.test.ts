import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lockFolder } from './lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'souk-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const lockFile = () => join(dir, 'souk.lock');
const inUse = (pid: number) =>
  `${dir} is in use by process ${pid}. Stop it first, or set SOUK_DATA_DIR to another folder.`;

test('makes the folder, holds it, and lets it go', () => {
  const nested = join(dir, 'a', 'b');
  const release = lockFolder(nested);
  expect(() => lockFolder(nested)).toThrow(`is in use by process ${process.pid}`);
  release();
  lockFolder(nested)();
});

test('refuses while another process lives, and takes over once it was killed', async () => {
  const other = spawn('sleep', ['60']);
  const started = spawnSync('cut', ['-d', ' ', '-f22', `/proc/${other.pid}/stat`], {
    encoding: 'utf8',
  }).stdout.trim();
  writeFileSync(lockFile(), JSON.stringify({ pid: other.pid, started: started || undefined }));
  expect(() => lockFolder(dir)).toThrow(inUse(other.pid!));
  other.kill('SIGKILL');
  await once(other, 'exit');
  lockFolder(dir)();
});

test('is not fooled by a new process under the old number', () => {
  writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, started: 'long ago' }));
  lockFolder(dir)();
});

test('takes over a lock file without sense', () => {
  writeFileSync(lockFile(), '{"pid":');
  lockFolder(dir)();
});

test('waits out a take-over that is under way, but not one that was killed', () => {
  writeFileSync(lockFile(), JSON.stringify({ pid: 2 ** 30, started: 'never' }));
  writeFileSync(`${lockFile()}.takeover`, '');
  expect(() => lockFolder(dir)).toThrow('another process that is just starting');
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(`${lockFile()}.takeover`, longAgo, longAgo);
  const release = lockFolder(dir);
  expect(existsSync(`${lockFile()}.takeover`)).toBe(false);
  release();
});

test('says which path is no folder', () => {
  writeFileSync(join(dir, 'file'), '');
  expect(() => lockFolder(join(dir, 'file', 'data'))).toThrow(
    /file\/data cannot be made as the data folder: a file stands/,
  );
});
