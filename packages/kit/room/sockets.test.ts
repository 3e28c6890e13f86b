import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { randomViewerKey, signViewer } from '../auth/viewer.ts';
import { soukError } from '../errors/errors.ts';
import { silentLog } from '../observe/log.ts';
import { createMetrics, renderMetrics } from '../observe/metrics.ts';
import { until } from '../tests/until.ts';
import { attachRoomSockets, type RoomSocketsOptions } from './sockets.ts';
import { createSubgraph, type RequestContext } from './subgraph.ts';

const key = randomViewerKey();
const SDL = `
  type Query { hello: String }
  type Subscription { count(upTo: Int!): Int  waiting: Int  flood: String  expired: Int  broken: Int  me: ID }
`;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A room on a port. */
async function open(options: Partial<RoomSocketsOptions> = {}) {
  const seen = { ended: 0, flooded: 0 };
  const waiting = () => {
    let release = (_: unknown) => {};
    return {
      next: () => new Promise((resolve) => (release = resolve)),
      return: async () => {
        seen.ended += 1;
        release({ done: true });
        return { done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };
  const self = { resolve: (value: unknown) => value };
  const too = () => soukError('RESUME_EXPIRED', 'too old', { extensions: { oldest: '1-0' } });
  const metrics = createMetrics('discs');
  const subgraph = await createSubgraph<RequestContext>({
    name: 'discs',
    sdl: SDL,
    resolvers: {
      Subscription: {
        count: {
          ...self,
          subscribe: async function* (_: unknown, { upTo }: { upTo: number }) {
            for (let number = 1; number <= upTo; number++) yield number;
          },
        },
        waiting: { ...self, subscribe: waiting },
        flood: {
          ...self,
          subscribe: async function* () {
            for (;;) {
              seen.flooded += 1;
              yield 'x'.repeat(100_000);
            }
          },
        },
        expired: {
          ...self,
          subscribe: () => {
            throw too();
          },
        },
        broken: {
          ...self,
          subscribe: async function* () {
            yield 1;
            throw too();
          },
        },
        me: {
          ...self,
          subscribe: async function* (_: unknown, __: unknown, { viewer }: RequestContext) {
            yield viewer.userId;
          },
        },
      },
    },
    viewerKeys: [key],
    log: silentLog,
    metrics,
    context: (request) => request,
  });
  const server: Server = createServer((_, answer) => answer.end('http'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = attachRoomSockets({
    server,
    subscribe: subgraph.subscribe,
    viewerKeys: [key],
    log: silentLog,
    metrics,
    ...options,
  });
  closers.push(async () => {
    await sockets.stop();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, sockets, seen, metrics };
}

const signed = (userId?: string) => ({
  headers: { 'souk-viewer': signViewer({ scopes: [], ...(userId ? { userId } : {}) }, key) },
});

/** A router, by graphql-ws. */
function connect(url: string) {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: signed(),
    retryAttempts: 0,
  });
  closers.push(async () => client.dispose());
  const ask = (query: string, extensions: Record<string, unknown> = signed('usr_1')) => {
    const results: unknown[] = [];
    let leave = () => {};
    const over = new Promise<unknown>((resolve) => {
      leave = client.subscribe(
        { query, extensions },
        { next: (value) => results.push(value), error: resolve, complete: () => resolve('complete') },
      );
    });
    return { results, over, leave };
  };
  return { ask };
}

/** A socket that says what it likes. */
async function raw(url: string, messages: readonly unknown[]) {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  closers.push(async () => socket.terminate());
  const closed = new Promise<string>((resolve) => {
    socket.on('close', (code, reason) => resolve(`${code} ${reason}`));
  });
  const received: unknown[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  await once(socket, 'open');
  for (const message of messages)
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return { socket, closed, received };
}

const init = { type: 'connection_init', payload: signed() };

test('subscriptions of many viewers go over one socket, and end with what ended them', async () => {
  const { url, seen, metrics } = await open();
  const { ask } = connect(url);
  const [count, me, other] = [
    ask('subscription { count(upTo: 3) }'),
    ask('subscription { me }'),
    ask('subscription { me }', signed('usr_2')),
  ];
  expect(await count.over).toBe('complete');
  expect(count.results).toEqual([1, 2, 3].map((number) => ({ data: { count: number } })));
  await Promise.all([me.over, other.over]);
  expect([me.results, other.results]).toEqual([[{ data: { me: 'usr_1' } }], [{ data: { me: 'usr_2' } }]]);

  const told = [{ message: 'too old', extensions: { code: 'RESUME_EXPIRED', oldest: '1-0' } }];
  expect(await ask('subscription { expired }').over).toMatchObject(told);
  const broken = ask('subscription { broken }');
  expect(await broken.over).toMatchObject(told);
  expect(broken.results).toEqual([{ data: { broken: 1 } }]);
  expect(await ask('{ hello }').over).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  expect(await ask('subscription { me }', {}).over).toMatchObject([
    { extensions: { code: 'UNSIGNED_REQUEST' } },
  ]);

  const waiting = ask('subscription { waiting }');
  await until(async () =>
    (await renderMetrics([metrics.registry])).includes('souk_subscriptions_open{service="discs"} 1'),
  );
  expect(await renderMetrics([metrics.registry])).toContain(
    'souk_subscription_sockets_open{service="discs"} 1',
  );
  waiting.leave();
  await until(async () => seen.ended === 1);
});

test.each([
  ['no viewer', [{ type: 'connection_init' }], /^4401 .*router/],
  [
    'a forged one',
    [{ type: 'connection_init', payload: { headers: { 'souk-viewer': 'a.b' } } }],
    /^4403 .*SOUK_VIEWER_KEY/,
  ],
  ['a subscription first', [{ id: '1', type: 'subscribe', payload: { query: '{ a }' } }], /^4401/],
  ['two greetings', [init, init], /^4429/],
  ['no JSON', ['soon'], /^4400/],
  ['a message of the other side', [init, { type: 'connection_ack' }], /^4400/],
  ['too much at once', [{ ...init, more: 'x'.repeat(1_100_000) }], /^1009/],
])('a socket with %s is closed', async (_, messages, reason) => {
  const { url } = await open();
  expect(await (await raw(url, messages)).closed).toMatch(reason);
});

test('a socket holds so many subscriptions, a room so many sockets', async () => {
  const { url } = await open({ maxSubscriptions: 2, maxSockets: 1 });
  const { ask } = connect(url);
  const first = ask('subscription { waiting }');
  ask('subscription { waiting }');
  expect(await ask('subscription { waiting }').over).toMatchObject([
    { extensions: { code: 'SERVICE_UNAVAILABLE' } },
  ]);
  first.leave();
  await until(async () => (await ask('subscription { me }').over) === 'complete');
  await expect(raw(url, [])).rejects.toThrow('503');
  await expect(raw(url.replace('/graphql', '/other'), [])).rejects.toThrow('404');
});

test('a router that takes nothing any more is cut off, and others go on', async () => {
  const { url, seen } = await open({ maxBufferedBytes: 300_000 });
  const subscribe = (id: number) => ({
    id: String(id),
    type: 'subscribe',
    payload: { query: 'subscription { flood }', extensions: signed() },
  });
  const stuck = await raw(url, [init]);
  await until(async () => stuck.received.length === 1);
  stuck.socket.pause();
  for (let id = 1; id <= 20; id++) stuck.socket.send(JSON.stringify(subscribe(id)));
  await until(async () => seen.flooded > 20);
  expect(await connect(url).ask('subscription { count(upTo: 50) }').over).toBe('complete');
  let last = -1;
  // Nobody reads, so nothing more is made: it was cut off, or it waits.
  await until(async () => {
    const isStill = seen.flooded === last;
    last = seen.flooded;
    return isStill;
  });
  stuck.socket.resume();
  expect(await stuck.closed).toMatch(/^1006/);
});

test('a socket that is silent is closed, one that answers pings stays', async () => {
  const { url } = await open({ pingEveryMs: 250 });
  const deaf = await raw(url, [init]);
  const well = await raw(url, [init]);
  deaf.socket.pong = () => {};
  deaf.socket.removeAllListeners('ping');
  (deaf.socket as unknown as { _autoPong: boolean })._autoPong = false;
  expect(await deaf.closed).toMatch(/^1006/);
  expect(well.socket.readyState).toBe(WebSocket.OPEN);
});

test('a room that stops tells its routers to go elsewhere', async () => {
  const { url, sockets, seen, metrics } = await open();
  const router = await raw(url, [init]);
  await until(async () => router.received.length === 1);
  const payload = { query: 'subscription { waiting }', extensions: signed() };
  router.socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  const isOpen = 'souk_subscriptions_open{service="discs"} 1';
  await until(async () => (await renderMetrics([metrics.registry])).includes(isOpen));
  await sockets.stop();
  expect(await router.closed).toBe('1012 The room restarts');
  expect(seen.ended).toBe(1);
  await expect(raw(url, [])).rejects.toThrow('503');
});
