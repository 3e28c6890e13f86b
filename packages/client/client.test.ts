/** Against a server of the real protocol whose every word the test decides. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { createLiveClient, LiveError, type LiveEvent, type LiveOptions } from './client.ts';

interface Message {
  type: string;
  id?: string;
  payload?: { extensions?: { after?: string }; authorization?: string; query?: string };
}

const OPERATION = 'subscription { told { cursor number } }';
let server: WebSocketServer;
let clients: ReturnType<typeof createLiveClient>[];
/** What the server does with a message; each test says so. */
let answer: (socket: WebSocket, message: Message) => void;

beforeEach(async () => {
  clients = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) =>
    socket.on('message', (text) => answer(socket, JSON.parse(String(text)))),
  );
  await once(server, 'listening');
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.stop()));
  for (const socket of server.clients) socket.terminate();
  await new Promise((closed) => server.close(closed));
});

function live(options: Partial<LiveOptions> = {}): ReturnType<typeof createLiveClient> {
  const { port } = server.address() as AddressInfo;
  const client = createLiveClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: WebSocket,
    ...options,
  });
  clients.push(client);
  return client;
}

const say = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message));

/** Numbers from `from` to `to`, with themselves as cursors. */
function tell(socket: WebSocket, id: string | undefined, from: number, to: number): void {
  for (let number = from; number <= to; number++) {
    const payload = { data: { told: { number } }, extensions: { cursor: `c${number}` } };
    say(socket, { id, type: 'next', payload });
  }
}

/** Acknowledges connections and hands on the rest. */
function onSubscribe(then: (socket: WebSocket, message: Message, time: number) => void) {
  let times = 0;
  return (socket: WebSocket, message: Message) => {
    if (message.type === 'connection_init') say(socket, { type: 'connection_ack' });
    if (message.type === 'subscribe') then(socket, message, ++times);
  };
}

async function take(events: AsyncIterable<LiveEvent<unknown>>, count: number): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { data } of events) {
    numbers.push((data as { told: { number: number } }).told.number);
    if (numbers.length === count) break;
  }
  return numbers;
}

test('goes on after the last cursor when the line breaks, and tells nothing twice', async () => {
  const asked: (string | undefined)[] = [];
  answer = onSubscribe((socket, { id, payload }, time) => {
    asked.push(payload?.extensions?.after);
    tell(socket, id, [1, 3, 6][time - 1]!, [3, 5, 9][time - 1]!);
    if (time < 3) setTimeout(() => (time === 1 ? socket.terminate() : socket.close(1012, 'restarting')), 5);
  });
  const states: string[] = [];
  const events = live({ onState: (state) => states.push(state) }).events({
    document: OPERATION,
    after: 'c0',
  });
  expect(await take(events, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(asked).toEqual(['c0', 'c3', 'c5']);
  expect(states.slice(0, 5)).toEqual(['live', 'paused', 'live', 'paused', 'live']);
  // Nobody is left who needs the socket.
  while (server.clients.size > 0) await new Promise((turn) => setTimeout(turn, 5));
});

test('bears that nobody is there, and that a domain is away', async () => {
  answer = onSubscribe((socket, { id }, time) => {
    const away = [{ message: 'away', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }];
    if (time === 1) say(socket, { id, type: 'error', payload: away });
    else tell(socket, id, 1, 2);
  });
  const { port } = server.address() as AddressInfo;
  const client = live();
  await new Promise((closed) => server.close(closed));
  const numbers = take(client.events({ document: OPERATION }), 2);
  server = new WebSocketServer({ port, host: '127.0.0.1' });
  server.on('connection', (socket) =>
    socket.on('message', (text) => answer(socket, JSON.parse(String(text)))),
  );
  expect(await numbers).toEqual([1, 2]);
});

test.each([
  ['RESUME_EXPIRED', 1],
  ['GRAPHQL_VALIDATION_FAILED', 1],
  ['SLOW_CONSUMER', 3],
])('ends with %s, told %i times', async (code, times) => {
  let asked = 0;
  answer = onSubscribe((socket, { id }) => {
    asked++;
    say(socket, {
      id,
      type: 'error',
      payload: [{ message: 'no', extensions: { code, oldest: 'c7' } }],
    });
  });
  const error = await take(live().events({ document: OPERATION }), 1).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LiveError);
  expect(error).toMatchObject({ code, message: 'no', extensions: { oldest: 'c7' } });
  expect(asked).toBe(times);
});

test('ends when the server wants nothing of it', async () => {
  answer = (socket) => socket.close(4403, 'Forbidden');
  await expect(take(live().events({ document: OPERATION }), 1)).rejects.toMatchObject({
    code: 'FORBIDDEN',
    message: 'Forbidden',
  });
});

test('ends when it is cut off again and again for being slow', async () => {
  answer = onSubscribe((socket) => socket.close(4413, 'Slow consumer'));
  await expect(take(live().events({ document: OPERATION }), 1)).rejects.toMatchObject({
    code: 'SLOW_CONSUMER',
  });
});

test('renews its token on the socket when the server says that it expires', async () => {
  const offered: (string | undefined)[] = [];
  let tokens = 0;
  answer = (socket, { type, id, payload }) => {
    if (type === 'connection_init' || type === 'ping') offered.push(payload?.authorization);
    if (type === 'connection_init') say(socket, { type: 'connection_ack' });
    if (type === 'subscribe') {
      tell(socket, id, 1, 1);
      say(socket, { type: 'ping', payload: { tokenExpiresAt: new Date().toISOString() } });
    }
    if (type === 'ping') for (const open of server.clients) open.close(4401, 'Token expired');
  };
  const client = live({ token: async () => `t${++tokens}` });
  const events = client.events({ document: OPERATION });
  const first = events.next();
  await first;
  // The next socket asks for a token of its own.
  while (offered.length < 3) await new Promise((turn) => setTimeout(turn, 5));
  expect(offered.slice(0, 3)).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t3']);
  await events.return?.();
});

test('ends as UNAUTHENTICATED when no token that it is given is good', async () => {
  let connections = 0;
  answer = (socket) => {
    connections++;
    socket.close(4401, 'Token expired');
  };
  const numbers = take(live({ token: async () => 'old' }).events({ document: OPERATION }), 1);
  await expect(numbers).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: 'Token expired' });
  expect(connections).toBe(3);
});

test('lets the server remember what a slow reader has no time for', async () => {
  const asked: (string | undefined)[] = [];
  let left = 0;
  const burst = onSubscribe((socket, { id, payload }) => {
    asked.push(payload?.extensions?.after);
    const from = Number(asked.at(-1)!.slice(1)) + 1;
    tell(socket, id, from, Math.min(2_500, from + 1_499));
  });
  answer = (socket, message) => {
    if (message.type === 'complete') left++;
    burst(socket, message);
  };
  const events = live().events({ document: OPERATION, after: 'c0' });
  while (left === 0) await new Promise((turn) => setTimeout(turn, 5));
  const numbers = take(events, 2_500);
  expect(await numbers).toEqual(Array.from({ length: 2_500 }, (_, at) => at + 1));
  expect(asked.slice(0, 2)).toEqual(['c0', 'c1000']);
});

test('ends at once, also while somebody waits', async () => {
  answer = onSubscribe((socket, { id }) => tell(socket, id, 1, 3));
  const client = live();
  const left = client.events({ document: OPERATION });
  const waiting = left.next();
  await left.return?.();
  expect(await waiting).toMatchObject({ done: true });

  const cursors: unknown[] = [];
  const completed = new Promise<void>((complete) => {
    const next = ({ cursor }: LiveEvent<unknown>) => {
      if (cursors.push(cursor) === 3) void client.stop();
    };
    client.subscribe({ document: OPERATION }, { next, error: () => {}, complete });
  });
  await completed;
  expect(cursors).toEqual(['c1', 'c2', 'c3']);
});
