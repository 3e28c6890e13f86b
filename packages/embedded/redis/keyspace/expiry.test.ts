import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RespClient } from '../conformance/resp-client.ts';
import { type ServerUnderTest, startOnFreshFolder } from '../conformance/server-under-test.ts';

let server: ServerUnderTest;
let client: RespClient;

beforeAll(async () => {
  server = await startOnFreshFolder();
  client = await server.connect();
});

afterAll(async () => {
  client.close();
  await server.remove();
});

test('a key whose time has come is gone, even before anyone has had the time to delete it', async () => {
  // All of it comes in one piece, so that no timer can run in between.
  const busy = 'APPEND b x\r\n'.repeat(5000);
  client.write(`SET k v PX 1\r\n${busy}EXISTS k\r\nRANDOMKEY\r\nKEYS *\r\n`);
  expect(await client.read()).toEqual({ status: 'OK' });
  for (let length = 1; length <= 5000; length++) expect(await client.read()).toBe(length);
  expect(await client.read()).toBe(0);
  expect(await client.read()).toBe('b');
  expect(await client.read()).toEqual(['b']);
});

test('thousands of keys that expire at once are deleted, a few at a time, while others are served', async () => {
  await client.call('FLUSHALL');
  // Set as one, so that none of them comes after its own time.
  await client.call('MULTI');
  for (let key = 0; key < 5000; key++) client.send('SET', `k${key}`, 'v', 'PX', '100');
  for (let key = 0; key < 5000; key++) await client.read();
  await client.call('EXEC');
  while (Number(await client.call('DBSIZE')) > 0)
    expect(await client.call('PING')).toEqual({ status: 'PONG' });
  expect(String(await client.call('INFO', 'stats'))).toMatch(/expired_keys:[1-9]\d{3}\r/);
});

test('a key that lost its expiry, or was given another, does not go at the old one', async () => {
  // As one, so that none of them goes before it is kept.
  await client.call('MULTI');
  await client.call('SET', 'persisted', 'v', 'PX', '20');
  await client.call('PERSIST', 'persisted');
  await client.call('SET', 'postponed', 'v', 'PX', '20');
  await client.call('EXPIRE', 'postponed', '100');
  await client.call('SET', 'replaced', 'v', 'PX', '20');
  await client.call('SET', 'replaced', 'w');
  await client.call('SET', 'witness', 'v', 'PX', '25');
  await client.call('EXEC');
  while ((await client.call('EXISTS', 'witness')) === 1);
  expect(await client.call('EXISTS', 'persisted', 'postponed', 'replaced')).toBe(3);
});
