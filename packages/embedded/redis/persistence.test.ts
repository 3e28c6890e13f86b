/** What was acknowledged is there after a restart, exactly, and the log stays in bounds. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passes } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { encodeFrame } from '../files/frame.ts';
import { openLog } from '../files/log.ts';
import { commandTable, replayTable } from './commands/table.ts';
import { commandsTable } from './commands.table.ts';
import { contentsOf } from './conformance/contents.ts';
import { RespClient } from './conformance/resp-client.ts';
import { runSequence } from './conformance/run-sequence.ts';
import { type ServerUnderTest, startOnFreshFolder } from './conformance/server-under-test.ts';
import { createDispatcher } from './dispatch.ts';
import { createInstance } from './instance.ts';
import { decodeRecord, encodeRecord } from './record.ts';
import { LOG_FILE, startRedis } from './server.ts';
import { snapshotRecords } from './snapshot.ts';

async function readContents(server: { connect(): Promise<RespClient> }) {
  const client = await server.connect();
  const contents = await contentsOf(client);
  client.close();
  return contents;
}

/** Replays a log as a server does, and writes a new one from the snapshot of what it holds. */
async function rewriteLog(from: string, to: string): Promise<void> {
  const idle = { serve: () => false, resume() {}, flushed() {} };
  const instance = createInstance(from, () => {}, idle);
  const dispatcher = createDispatcher(instance, commandTable, replayTable);
  const log = openLog({
    path: join(from, LOG_FILE),
    replay: (bytes) => dispatcher.replay(decodeRecord(bytes)),
    snapshot: () => [],
  });
  await log.close();
  mkdirSync(to);
  const rewritten = openLog({ path: join(to, LOG_FILE), replay() {}, snapshot: () => [] });
  for (const record of snapshotRecords(instance.keyspace)) rewritten.append(record);
  rewritten.commit();
  await rewritten.close();
}

describe('after each sequence of the table, what a server holds', () => {
  let server: ServerUnderTest;
  beforeEach(async () => {
    server = await startOnFreshFolder();
  });
  afterEach(() => server.remove());

  for (const [family, table] of Object.entries(commandsTable)) {
    test(`${family}: comes back from its log, and from a rewritten log`, async () => {
      for (const sequence of table) {
        await runSequence(server.url, '7.2', sequence);
        const before = await readContents(server);
        await server.restart();
        expect({ [sequence.name]: await readContents(server) }).toEqual({ [sequence.name]: before });

        const copy = `${server.dir}/rewritten`;
        await rewriteLog(server.dir, copy);
        const second = await startRedis({ dir: copy });
        const connect = () => RespClient.open(second.url);
        expect({ [sequence.name]: await readContents({ connect }) }).toEqual({ [sequence.name]: before });
        await second.stop();
        rmSync(copy, { recursive: true });
      }
      expect(server.warnings).toEqual([]);
    });
  }
});

describe('a log', () => {
  let server: ServerUnderTest;
  let client: RespClient;
  beforeEach(async () => {
    server = await startOnFreshFolder();
    client = await server.connect();
  });
  afterEach(async () => {
    client.close();
    await server.remove();
  });

  const restart = async () => {
    await server.restart();
    client = await server.connect();
  };
  const logFile = () => join(server.dir, LOG_FILE);

  test('brings back chance, time and floating point as they were', async () => {
    await client.call('SADD', 's', ...Array.from({ length: 50 }, (_, index) => String(index)));
    await client.call('SPOP', 's', '20');
    await client.call('INCRBYFLOAT', 'f', '0.1');
    await client.call('HINCRBYFLOAT', 'h', 'f', '1000.1');
    await client.call('ZADD', 'z', '0.1', 'a', 'inf', 'b', '-1e-300', 'c');
    await client.call('ZINCRBY', 'z', '0.2', 'a');
    await client.call('XADD', 'st', '*', 'f', 'v');
    await client.call('SET', 'k', 'v', 'EX', '100');
    await client.call('SET', 'bytes \0\xff', '\r\n\0\xff');
    const before = await contentsOf(client);
    await restart();
    expect(await contentsOf(client)).toEqual(before);
  });

  test('lets a key go whose time came while the server was down', async () => {
    const at = Date.now() + 40;
    await client.call('SET', 'gone', 'v', 'PXAT', String(at));
    await client.call('SET', 'later', 'v', 'EX', '1000');
    await client.call('SET', 'stays', 'v');
    await server.stop();
    while (Date.now() <= at) await passes(5);
    await restart();
    expect(await client.call('MGET', 'gone', 'later', 'stays')).toEqual([null, 'v', 'v']);
    expect(await client.call('DBSIZE')).toBe(2);
    // The counter starts anew, and does so in every later replay.
    expect(await client.call('INCR', 'gone')).toBe(1);
    await restart();
    expect(await client.call('GET', 'gone')).toBe('1');
  });

  test('holds a transaction as a whole or not at all', async () => {
    await client.call('SET', 'a', '1');
    for (const command of ['MULTI', 'SET a 2', 'SET b 2', 'EXEC']) await client.call(...command.split(' '));
    await server.stop();
    truncateSync(logFile(), statSync(logFile()).size - 3);
    await restart();
    expect(await client.call('MGET', 'a', 'b')).toEqual(['1', null]);
    expect(server.warnings).toEqual([expect.stringContaining('the last write was cut short')]);
  });

  test('keeps what a served waiter took', async () => {
    const waiter = await server.connect();
    waiter.send('BLPOP', 'q', '0');
    while (!/blocked_clients:1/.test(String(await client.call('INFO', 'clients')))) await passes(1);
    await client.call('RPUSH', 'q', 'a', 'b');
    expect(await waiter.read()).toEqual(['q', 'a']);
    await restart();
    expect(await client.call('LRANGE', 'q', '0', '-1')).toEqual(['b']);
  });

  test('with a record that is no command stops the start, and names the file', async () => {
    await client.call('SET', 'k', 'v');
    await server.stop();
    for (const [record, why] of [
      [encodeRecord(0, ['NOSUCH', 'x']), "unknown command 'NOSUCH'"],
      [encodeRecord(16, ['SET', 'a', 'b']), 'it is not a command behind the number of a database'],
      [Buffer.from('1:05:SET'), 'an argument is cut short'],
      [Buffer.from('garbage'), 'an argument is cut short'],
    ] as const) {
      const whole = readFileSync(logFile());
      appendFileSync(logFile(), encodeFrame([record], whole.length));
      await expect(startRedis({ dir: server.dir })).rejects.toThrow(why);
      await expect(startRedis({ dir: server.dir })).rejects.toThrow(logFile());
      truncateSync(logFile(), whole.length);
    }
    await restart();
    expect(await client.call('GET', 'k')).toBe('v');
  });

  test('is rewritten while clients work, and loses nothing', async () => {
    await client.call('RPUSH', 'list', ...Array.from({ length: 1000 }, (_, index) => `item ${index}`));
    await client.call('XADD', 'stream', '1-1', 'f', 'v');
    await client.call('XGROUP', 'CREATE', 'stream', 'g', '0');
    await client.call('XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 'stream', '>');
    await client.call('XDEL', 'stream', '1-1'); // pending, and deleted
    await client.call('SET', 'expires', 'v', 'EX', '1000');
    const ballast = 'x'.repeat(200_000);
    let largest = 0;
    for (let round = 0; round < 150; round++) {
      await client.call('MULTI');
      await client.call('SET', `ballast ${round % 3}`, ballast);
      await client.call('INCR', 'rounds');
      await client.call('EXEC');
      largest = Math.max(largest, statSync(logFile()).size);
    }
    expect(largest).toBeGreaterThan(10_000_000);
    expect(statSync(logFile()).size).toBeLessThan(largest);
    const before = await contentsOf(client);
    expect(before['0 rounds']).toEqual(['string', -1, '150']);
    await restart();
    expect(await contentsOf(client)).toEqual(before);
    expect(server.warnings).toEqual([]);
  });
});

test('a port that is taken is told, and the log is let go', async () => {
  const first = await startOnFreshFolder();
  const second = await startOnFreshFolder();
  await second.stop();
  await expect(startRedis({ dir: second.dir, port: first.port })).rejects.toThrow(`port ${first.port}`);
  const again = await startRedis({ dir: second.dir });
  await again.stop();
  await first.remove();
  await second.remove();
});
