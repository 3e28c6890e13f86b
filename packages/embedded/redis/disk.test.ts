/** A disk that refuses: writes are told so, reads go on, and nothing is lost once it takes them again. */
import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { RespClient } from './conformance/resp-client.ts';
import { type ServerUnderTest, startOnFreshFolder } from './conformance/server-under-test.ts';
import { LOG_FILE } from './server.ts';

let server: ServerUnderTest;
let client: RespClient;

beforeEach(async () => {
  server = await startOnFreshFolder();
  client = await server.connect();
});

afterEach(async () => {
  jest.restoreAllMocks();
  client.close();
  await server.remove();
});

function fillDisk() {
  jest.spyOn(fs, 'writeSync').mockImplementation(() => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  });
}

const freeDisk = () => jest.restoreAllMocks();

const refused = () => ({
  error: `MISCONF Errors writing to the AOF file ${join(server.dir, LOG_FILE)}: No space left on device`,
});

test('refuses writes by name of the file, and goes on reading', async () => {
  await client.call('SET', 'k', 'before');
  fillDisk();
  expect(await client.call('SET', 'k', 'after')).toEqual(refused());
  expect(await client.call('INCR', 'n')).toEqual(refused());
  expect(await client.call('GET', 'other')).toBeNull();
  expect(await client.call('PING')).toEqual({ status: 'PONG' });
  expect(String(await client.call('INFO', 'persistence'))).toContain('aof_last_write_status:err');
  expect(server.warnings).toEqual([expect.stringContaining('No space left on device')]);
});

test('replies to what came together are the errors of the writes, and the answers of the reads', async () => {
  await client.call('SET', 'k', 'v');
  fillDisk();
  client.write('GET k\r\nSET k w\r\nPING\r\nGET k\r\n');
  expect(await client.read()).toBe('v');
  expect(await client.read()).toEqual(refused());
  expect(await client.read()).toEqual({ status: 'PONG' });
  // The change is made, and waits for the disk: Redis cannot take it back either.
  expect(await client.read()).toBe('w');
});

test('refuses a transaction with writes, and runs one with reads', async () => {
  fillDisk();
  expect(await client.call('SET', 'first', 'x')).toEqual(refused());
  await client.call('MULTI');
  expect(await client.call('SET', 'k', 'v')).toEqual(refused());
  expect(await client.call('EXEC')).toEqual({
    error: 'EXECABORT Transaction discarded because of previous errors.',
  });
  await client.call('MULTI');
  expect(await client.call('GET', 'k')).toEqual({ status: 'QUEUED' });
  expect(await client.call('EXEC')).toEqual([null]);
});

test('refuses EXEC when the disk fills after the commands were queued', async () => {
  await client.call('MULTI');
  await client.call('SET', 'k', 'v');
  fillDisk();
  const other = await server.connect();
  await other.call('SET', 'x', 'y');
  expect(await client.call('EXEC')).toEqual({
    error: `EXECABORT Transaction discarded because of: ${refused().error}`,
  });
  expect(await client.call('EXISTS', 'k')).toBe(0);
  other.close();
});

test('tells who was waiting, too', async () => {
  const waiter = await server.connect();
  waiter.send('BLPOP', 'q', '0');
  while (!/blocked_clients:1/.test(String(await client.call('INFO', 'clients'))));
  fillDisk();
  expect(await client.call('RPUSH', 'q', 'a')).toEqual(refused());
  expect(await waiter.read()).toEqual(refused());
  waiter.close();
});

test('takes writes again as soon as the disk does, and has lost nothing', async () => {
  fillDisk();
  expect(await client.call('SET', 'pending', 'v')).toEqual(refused());
  freeDisk();
  expect(await client.call('SET', 'k', 'v')).toEqual({ status: 'OK' });
  await server.restart();
  client = await server.connect();
  expect(await client.call('MGET', 'pending', 'k')).toEqual(['v', 'v']);
});

test('lets keys expire all the same', async () => {
  await client.call('SET', 'k', 'v', 'PX', '20');
  fillDisk();
  while ((await client.call('EXISTS', 'k')) === 1);
  expect(await client.call('DBSIZE')).toBe(0);
  freeDisk();
  await server.restart();
  client = await server.connect();
  expect(await client.call('DBSIZE')).toBe(0);
});
