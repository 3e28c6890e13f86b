/** How sockets come in beside HTTP, and how they go when the process stops. */
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type LiveDoor, openLiveDoor } from '../tests/toy/live-door.ts';
import { until } from '../tests/toy/until.ts';

let door: LiveDoor;
beforeEach(async () => {
  door = await openLiveDoor();
});
afterEach(() => door.close());

/** Until the router closes. */
function raw(...lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(door.served.port, '127.0.0.1', () => socket.write(lines.join('\r\n')));
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });
}
const UPGRADE = ['host: a', 'connection: Upgrade', 'upgrade: websocket'];
const KEY = ['sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='];

test('An upgrade elsewhere, or to nothing that is a WebSocket, is refused', async () => {
  expect(await raw('GET /elsewhere HTTP/1.1', ...UPGRADE, ...KEY, '', '')).toMatch(
    /^HTTP\/1\.1 404 .*NOT_FOUND/s,
  );
  for (const wrong of [
    ['GET /graphql HTTP/1.1', ...UPGRADE],
    ['POST /graphql HTTP/1.1', ...UPGRADE, ...KEY],
  ]) {
    expect(await raw(...wrong, '', '')).toMatch(/^HTTP\/1\.1 40[05] /);
  }
  expect(await raw('GET /graphql HTTP/1.1', ...UPGRADE, ...KEY, `x: ${'x'.repeat(20_000)}`, '', '')).toMatch(
    /^HTTP\/1\.1 431 /,
  );
});

test('A request that offers HTTP/2 beside is answered as any other', async () => {
  const body = '{"query":"{ hello }"}';
  const offer = ['connection: Upgrade, HTTP2-Settings', 'upgrade: h2c', 'http2-settings: AAMAAABk'];
  const heard = await raw(
    'POST /graphql HTTP/1.1',
    'host: a',
    ...offer,
    'content-type: application/json',
    `content-length: ${body.length}`,
    '',
    `${body}GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
  );
  expect(heard.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  expect(heard.match(/\{"data":\{"hello":"Hello, you"\}\}/g)).toHaveLength(2);
});

test('A stop sends everyone elsewhere, and answers first what runs', async () => {
  const [busy, following] = [await door.connect(), await door.connect()];
  busy.subscribe('query', '{ slow }');
  following.subscribe('1', 'subscription { published { text } }');
  const stream = await fetch(
    `${door.url}?query=${encodeURIComponent('subscription { published { text } }')}`,
    {
      headers: { accept: 'text/event-stream' },
    },
  );
  await until(async () => (await door.metric('souk_router_subscriptions')) === 2);
  const stopped = Promise.all([door.served.stop(), door.router.disconnect()]);
  expect(await following.closed).toEqual({ code: 1012, reason: 'Service restart' });
  expect(await stream.text()).toBe(':\n\n');
  busy.subscribe('too late', '{ hello }');
  door.news.release();
  expect((await busy.next('next', 'query')).payload).toEqual({ data: { slow: 'at last' } });
  expect(await busy.closed).toMatchObject({ code: 1012 });
  expect(busy.heard.filter(({ id }) => id === 'too late')).toEqual([]);
  await stopped;
});

test('The client of graphql-ws comes back by itself when the process does', async () => {
  const told: string[] = [];
  let at = 0;
  const client = createClient({
    url: () => [door.wsUrl, next.wsUrl][at++ % 2]!,
    webSocketImpl: WebSocket,
    retryWait: async () => {},
  });
  const next = await openLiveDoor();
  client.subscribe<{ published: { text: string } }>(
    { query: 'subscription { published { text } }' },
    { next: ({ data }) => told.push(data!.published.text), error: () => {}, complete: () => {} },
  );
  await until(() => door.news.upstreams() === 1);
  door.news.publish('here');
  await until(() => told.length === 1);
  await door.router.disconnect();
  await until(() => next.news.upstreams() === 1);
  next.news.publish('there');
  await until(() => told.length === 2);
  expect(told).toEqual(['here', 'there']);
  await client.dispose();
  await next.close();
});

test('A client that is gone without a word is found out, one that answers is kept', async () => {
  const watchful = await openLiveDoor({ sockets: { pingEveryMs: 300 } });
  const [alive, gone] = [await watchful.connect(), await watchful.connect()];
  gone.ws.pause();
  await until(
    async () => (await watchful.metric('souk_router_connections_closed_total', { why: 'silent' })) === 1,
  );
  alive.subscribe('1', '{ hello }');
  await alive.next('complete', '1');
  await watchful.close();
});

test('A connection is one line in the log when it closes, each operation is one, and all are counted', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = { debug() {}, warn() {}, error() {}, info: (line: object) => lines.push({ ...line }) };
  const told = await openLiveDoor({ log: log as never });
  const client = await told.connect();
  client.subscribe('1', 'query Greet { hello }');
  await client.next('complete', '1');
  client.ws.close(4321, 'enough');
  await until(() => lines.length === 2);
  expect(lines).toMatchObject([
    { method: 'WEBSOCKET', status: 200, operation: 'Greet', kind: 'query', fetches: ['news'] },
    { transport: 'websocket', why: 'left', code: 4321, reason: 'enough', operations: 1, frames: 3 },
  ]);
  const page = await told.router.metrics.registry.metrics();
  for (const line of [
    'souk_router_connections{transport="websocket",service="router"} 0',
    'souk_router_connections_closed_total{transport="websocket",why="left",service="router"} 1',
    'souk_router_sent_frames_total{transport="websocket",service="router"} 3',
    'souk_router_subscriptions{service="router"} 0',
    'souk_router_subscription_flows{kind="upstreams",service="router"} 0',
    'souk_router_fan_out_seconds_count{service="router"} 0',
  ]) {
    expect(page).toContain(`${line}\n`);
  }
  await told.close();
});
