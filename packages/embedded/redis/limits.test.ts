/** What a client can make the server hold is bounded, and who goes beyond is cut off while the others work on. */
import { setTimeout as passes } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from './client.ts';
import type { RespClient } from './conformance/resp-client.ts';
import { type ServerUnderTest, startOnFreshFolder } from './conformance/server-under-test.ts';
import {
  createBufferBudget,
  QUERY_BUFFER_LIMIT,
  SUBSCRIBER_HARD_LIMIT,
  SUBSCRIBER_SOFT_LIMIT,
  THROTTLE_ABOVE,
  tooSlow,
} from './limits.ts';

let server: ServerUnderTest;
let other: RespClient;

beforeAll(async () => {
  server = await startOnFreshFolder();
  other = await server.connect();
});

afterAll(async () => {
  other.close();
  await server.remove();
});

const MB = 1024 * 1024;

describe('a client', () => {
  test('that sends a command without end is cut off', async () => {
    const client = await server.connect();
    client.write(`*1000\r\n`);
    const argument = `$${8 * MB}\r\n${'x'.repeat(8 * MB)}\r\n`;
    for (let sent = 0; sent < QUERY_BUFFER_LIMIT + 16 * MB; sent += argument.length) client.write(argument);
    await client.closed;
    expect(await other.call('PING')).toEqual({ status: 'PONG' });
    expect(server.warnings.splice(0)).toEqual([expect.stringContaining('query buffer is over 128mb')]);
  });

  test('that reads no replies is served as much as it can hold, and goes on when it reads', async () => {
    await other.call('SET', 'large', 'x'.repeat(MB));
    const client = await server.connect();
    const id = await client.call('CLIENT', 'ID');
    client.socket.pause();
    client.write('GET large\r\n'.repeat(100));
    let held = 0;
    while (held < THROTTLE_ABOVE) {
      const line = String(await other.call('CLIENT', 'LIST', 'ID', String(id)));
      held = Number(/ omem=(\d+)/.exec(line)![1]);
    }
    expect(held).toBeLessThan(THROTTLE_ABOVE + 2 * MB);
    client.socket.resume();
    for (let reply = 0; reply < 100; reply++) expect(String(await client.read()).length).toBe(MB);
    client.close();
  });

  test('that subscribes and does not read is cut off at 32mb', async () => {
    const subscriber = await server.connect();
    await subscriber.call('SUBSCRIBE', 'c');
    subscriber.socket.pause();
    const message = 'x'.repeat(MB);
    let reached = 1;
    for (let sent = 0; reached > 0 && sent < 100; sent++)
      reached = Number(await other.call('PUBLISH', 'c', message));
    expect(reached).toBe(0);
    expect(server.warnings.splice(0)).toEqual([expect.stringContaining('output buffer is over 32mb')]);
    subscriber.close();
  });

  test('that announces a reply too large for words gets an error instead', async () => {
    await other.call('SETRANGE', 'large', String(60 * MB - 1), 'x');
    const keys = Array.from({ length: 10 }, () => 'large');
    expect(await other.call('MGET', ...keys)).toEqual({ error: 'ERR the reply would be larger than 256mb' });
    await other.call('DEL', 'large');
  });

  test('over the number of connections is told so', async () => {
    const clients: RespClient[] = [];
    let refused = '';
    while (refused === '' && clients.length < 1100) {
      const client = await server.connect();
      clients.push(client);
      if (clients.length % 100 > 0 && clients.length < 990) continue;
      client.socket.once('data', (bytes) => {
        refused = String(bytes);
      });
      await passes(1);
    }
    expect(refused).toBe('-ERR max number of clients reached\r\n');
    for (const client of clients) client.close();
  });
});

describe('a subscriber', () => {
  const slow = (outputBytes: number) => ({ outputBytes, slowSince: undefined }) as unknown as Client;

  test('may be over 8mb for a minute, and no longer', () => {
    const client = slow(SUBSCRIBER_SOFT_LIMIT + 1);
    expect(tooSlow(client, 1_000)).toBeUndefined();
    expect(tooSlow(client, 60_000)).toBeUndefined();
    expect(tooSlow(client, 61_001)).toBe('its output buffer was over 8mb for 60 s');
  });

  test('that catches up has a minute again', () => {
    const client = slow(SUBSCRIBER_SOFT_LIMIT + 1);
    tooSlow(client, 1_000);
    Object.assign(client, { outputBytes: SUBSCRIBER_SOFT_LIMIT });
    tooSlow(client, 50_000);
    Object.assign(client, { outputBytes: SUBSCRIBER_SOFT_LIMIT + 1 });
    expect(tooSlow(client, 100_000)).toBeUndefined();
    expect(tooSlow(slow(SUBSCRIBER_HARD_LIMIT + 1), 0)).toBe('its output buffer is over 32mb');
  });
});

test('when all clients together hold too much, the one that holds most is cut off', () => {
  const clients = new Map<number, Client>();
  const cutOff: number[] = [];
  const budget = createBufferBudget(
    clients,
    (client) => {
      cutOff.push(client.id);
      client.kill();
    },
    1000,
  );
  const holding = (id: number, bytes: number) => {
    const client = new Client(id, undefined, 0);
    clients.set(id, client);
    client.send('x'.repeat(bytes));
    budget.account(client);
    return client;
  };
  holding(1, 300);
  holding(2, 600);
  expect(cutOff).toEqual([]);
  const protectedOne = new Client(3, undefined, 0);
  protectedOne.noEvict = true;
  clients.set(3, protectedOne);
  protectedOne.send('x'.repeat(900));
  budget.account(protectedOne);
  expect(cutOff).toEqual([2, 1]);
  expect(clients.get(1)!.accountedBytes).toBe(0);
});
