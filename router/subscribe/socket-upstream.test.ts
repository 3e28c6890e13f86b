/** One socket to a subgraph, by what goes over it. */
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/observe/log';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../tests/toy/until.ts';
import { createSocketUpstream } from './socket-upstream.ts';
import type { Upstream } from './upstream.ts';

interface Message {
  id?: string;
  type: string;
  payload?: { query?: string; headers?: unknown; extensions?: { headers: unknown } };
}

let server: WebSocketServer;
let upstream: Upstream;
let sockets: WebSocket[];
let messages: Message[];
let signatures: number;
let reconnected: number;

beforeEach(async () => {
  [sockets, messages, signatures, reconnected] = [[], [], 0, 0];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.on('listening', resolve));
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      messages.push(message);
      if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}');
    });
  });
  upstream = createSocketUpstream({
    subgraph: 'news',
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    connectionHeaders: () => ({ who: 'guest' }),
    maxBytes: 1_000,
    idleMs: 20,
    onReconnected: () => reconnected++,
    log: silentLog,
  });
});
afterEach(async () => {
  upstream.close();
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

/** What its listener was told. */
function open(query: string) {
  const told: string[] = [];
  const leave = upstream.open(
    { query, variables: {}, headers: () => ({ signed: `${++signatures}` }) },
    {
      next: (event) => told.push(event.toString()),
      fail: (errors) => told.push(`fail ${JSON.stringify(errors)}`),
      complete: () => told.push('complete'),
      lost: () => told.push('lost'),
    },
  );
  return { told, leave };
}
const asked = () => messages.filter(({ type }) => type === 'subscribe');

test('carries all subscriptions; each says who asks at the moment it is sent', async () => {
  const [one, other] = [open('{ one }'), open('{ other }')];
  await until(() => asked().length === 2);
  expect(messages[0]).toEqual({ type: 'connection_init', payload: { headers: { who: 'guest' } } });
  expect(asked().map(({ payload }) => payload)).toEqual([
    { query: '{ one }', variables: {}, extensions: { headers: { signed: '1' } } },
    { query: '{ other }', variables: {}, extensions: { headers: { signed: '2' } } },
  ]);
  const [first, second] = asked().map(({ id }) => id);
  const socket = sockets[0]!;
  socket.send(`{"id":"${first}","type":"next","payload":{"data":{"n":1.50000000000000000001}}}`);
  socket.send(`{"type":"next","id":"${second}","payload":{"data":{"n":10}}}`);
  socket.send(`{ "type": "next", "id": "${second}", "payload": { "data": { "n": 11 } } }`);
  for (const strange of [
    'no JSON',
    '[]',
    '{"type":"next"}',
    '{"type":"other","id":"1"}',
    '{"id":"99","type":"complete"}',
  ]) {
    socket.send(strange);
  }
  socket.send('{"type":"ping"}');
  socket.send(`{"id":"${first}","type":"error","payload":[{"message":"no"}]}`);
  socket.send(`{"id":"${first}","type":"next","payload":{"data":{"n":2}}}`);
  socket.send(`{"id":"${second}","type":"complete"}`);
  await until(() => other.told.length === 3);
  expect(one.told).toEqual(['{"data":{"n":1.50000000000000000001}}', 'fail [{"message":"no"}]']);
  expect(other.told).toEqual(['{"data":{"n":10}}', '{"data":{"n":11}}', 'complete']);
  await until(() => messages.some(({ type }) => type === 'pong'));
  expect(sockets).toHaveLength(1);
});

test('that breaks has lost what was asked for, and keeps what was not', async () => {
  const early = open('{ early }');
  await until(() => asked().length === 1);
  sockets[0]!.terminate();
  await until(() => early.told.length === 1);
  expect(early.told).toEqual(['lost']);
  const late = open('{ late }');
  await until(() => asked().length === 2);
  expect(late.told).toEqual([]);
  expect([asked()[1]!.payload!.query, reconnected]).toEqual(['{ late }', 1]);
});

test('is closed when nobody needs it any more, and opened again for the next', async () => {
  const first = open('{ first }');
  await until(() => asked().length === 1);
  first.leave();
  await until(() => server.clients.size === 0);
  expect(messages.at(-1)).toEqual({ id: asked()[0]!.id, type: 'complete' });
  open('{ second }');
  await until(() => asked().length === 2);
  expect([first.told, reconnected]).toEqual([[], 0]);
});
