/** Requests for paths of other services, over real sockets: a client, the router's server, a service behind it. */
import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { textResponse } from '@souk/kit/http/handler';
import { type Served, serve } from '@souk/kit/http/serve';
import { type Log, silentLog } from '@souk/kit/observe/log';
import { noTraces } from '@souk/kit/observe/traces';
import { createForward, type Forward, type ForwardLimits } from './forward.ts';

const services: Server[] = [];
const fronts: { served: Served; forward: Forward }[] = [];
const warnings: string[] = [];
const log = {
  ...silentLog,
  info: () => {},
  warn: (_: unknown, message: string) => warnings.push(message),
} as unknown as Log;

afterEach(async () => {
  for (const { served, forward } of fronts.splice(0)) {
    await served.stop();
    await forward.stop();
  }
  for (const service of services.splice(0)) {
    service.closeAllConnections();
    service.close();
  }
  warnings.length = 0;
});

async function behind(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  services.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function front(
  origin: string,
  limits: Partial<ForwardLimits> = {},
  streamIdleMs?: number,
): Promise<string> {
  const forward = createForward({ targets: [{ prefix: '/files/', origin }], log, traces: noTraces, limits });
  const served = await serve({
    handler: forward.before(async () => textResponse(200, 'the router itself')),
    streams: forward.streams,
    log,
    stopWithinMs: 0,
    ...(streamIdleMs === undefined ? {} : { streamIdleMs }),
  });
  fronts.push({ served, forward });
  return served.url;
}

test('a request goes on as it came, but for what belongs to its own connection', async () => {
  let seen: Partial<IncomingMessage> = {};
  const url = await front(
    await behind((incoming, outgoing) => {
      seen = incoming;
      outgoing.end('ok');
    }),
  );
  const asked = httpRequest(`${url}/files/a%20b?x=1&y`, {
    headers: {
      accept: 'text/plain',
      connection: 'keep-alive, x-mine',
      'x-mine': '1',
      te: 'trailers',
      'proxy-authorization': 'Basic x',
      'souk-viewer': 'me',
      'x-forwarded-for': '10.0.0.1',
      host: 'shop.example',
      authorization: 'Bearer t',
    },
  }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  expect(await text(answer)).toBe('ok');
  expect([seen.method, seen.url]).toEqual(['GET', '/files/a%20b?x=1&y']);
  expect(seen.headers).toMatchObject({
    accept: 'text/plain',
    authorization: 'Bearer t',
    'x-forwarded-for': '10.0.0.1, 127.0.0.1',
    'x-forwarded-host': 'shop.example',
    'x-forwarded-proto': 'http',
    'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  for (const name of ['x-mine', 'te', 'proxy-authorization', 'souk-viewer']) {
    expect(seen.headers).not.toHaveProperty(name);
  }
});

test('an answer comes back as it is: status, headers, every cookie', async () => {
  const url = await front(
    await behind((_, outgoing) => {
      outgoing.writeHead(206, {
        etag: '"e"',
        'set-cookie': ['a=1', 'b=2'],
        'keep-alive': 'timeout=1',
        'content-length': 2,
        connection: 'close, x-hop',
        'x-hop': '1',
      });
      outgoing.end('hi');
    }),
  );
  const answer = await fetch(`${url}/files/x`);
  expect([answer.status, await answer.text()]).toEqual([206, 'hi']);
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(answer.headers.get('etag')).toBe('"e"');
  expect(answer.headers.get('content-length')).toBe('2');
  expect(answer.headers.get('x-hop')).toBeNull();
});

test.each(['HEAD', 'GET'])('answers without a body stay so: %s', async (method) => {
  const url = await front(
    await behind((_, outgoing) => {
      outgoing.writeHead(method === 'HEAD' ? 200 : 304, method === 'HEAD' ? { 'content-length': 5 } : {});
      outgoing.end();
    }),
  );
  const answer = await fetch(`${url}/files/x`, { method });
  expect([answer.status, await answer.text()]).toEqual([method === 'HEAD' ? 200 : 304, '']);
});

test('paths without a service are left to the router', async () => {
  const url = await front(await behind((_, outgoing) => outgoing.end('the service')));
  const bodies = ['/files/x', '/files', '/graphql', '/files/%2e%2e/graphql'].map(async (path) => {
    const asked = httpRequest(new URL(url), { path }).end();
    return text(((await once(asked, 'response')) as [IncomingMessage])[0]);
  });
  expect(await Promise.all(bodies)).toEqual(['the service', ...Array(3).fill('the router itself')]);
});

test('files are handed on piece by piece, both ways', async () => {
  const url = await front(await behind((incoming, outgoing) => incoming.pipe(outgoing)));
  const sent = httpRequest(`${url}/files/x`, { method: 'PUT' });
  sent.write('first');
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const [piece] = await once(answer, 'data');
  expect(String(piece)).toBe('first');
  // The first piece has come all the way round before the last one was sent.
  sent.end('last');
  expect(await text(answer)).toBe('last');
});

test('a file of any size goes through', async () => {
  const url = await front(
    await behind(async (incoming, outgoing) => {
      let size = 0;
      for await (const piece of incoming) size += piece.length;
      outgoing.end(`${size} ${incoming.headers['content-length']}`);
    }),
  );
  const size = 20 * 1_048_576;
  const answer = await fetch(`${url}/files/x`, { method: 'PUT', body: Buffer.alloc(size) });
  expect(await answer.text()).toBe(`${size} ${size}`);
});

test('a service that is away is told with its path', async () => {
  const url = await front('http://127.0.0.1:1');
  const answer = await fetch(`${url}/files/x`, { method: 'PUT', body: 'abc' });
  expect([answer.status, await answer.json()]).toEqual([
    502,
    {
      errors: [
        {
          message: 'The service behind /files/ cannot be reached; try again later',
          extensions: { code: 'UPSTREAM_UNAVAILABLE' },
        },
      ],
    },
  ]);
  expect(warnings).toEqual(['The service behind /files/ gave no answer']);
});

test.each<[string, Partial<ForwardLimits>]>([
  ['says nothing', { silenceMs: 50 }],
  ['takes too long', { wholeMs: 50 }],
])('a service that %s is given up', async (_, limits) => {
  const url = await front(await behind(() => {}), limits);
  const answer = await fetch(`${url}/files/x`);
  expect(answer.status).toBe(504);
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }] });
});

test('an answer that breaks off is not taken for whole', async () => {
  const url = await front(
    await behind((_, outgoing) => {
      outgoing.write('half');
      outgoing.flushHeaders();
      setImmediate(() => outgoing.destroy());
    }),
  );
  const answer = fetch(`${url}/files/x`).then((response) => response.text());
  await expect(answer).rejects.toThrow();
});

test('a client that leaves takes its request with it', async () => {
  let left = () => {};
  const hasLeft = new Promise<void>((resolve) => {
    left = resolve;
  });
  const controller = new AbortController();
  const url = await front(
    await behind((_, outgoing) => {
      outgoing.on('close', left);
      controller.abort();
    }),
  );
  await expect(fetch(`${url}/files/x`, { signal: controller.signal })).rejects.toThrow();
  await hasLeft;
  expect(warnings).toEqual([]);
});

test('an upload that stalls is told so by the router, and the service is rid of it', async () => {
  let left = () => {};
  const hasLeft = new Promise<void>((resolve) => {
    left = resolve;
  });
  const url = await front(await behind((incoming) => incoming.on('close', left).resume()), {}, 50);
  const sent = httpRequest(`${url}/files/x`, { method: 'PUT' });
  sent.write('first');
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(408);
  sent.on('error', () => {}).destroy();
  await hasLeft;
});

test('beyond its connections a service is given no more, and takes more once it has answered', async () => {
  let enter = (_: () => void) => {};
  const inside = new Promise<() => void>((resolve) => {
    enter = resolve;
  });
  let requests = 0;
  const url = await front(
    await behind((_, outgoing) => {
      requests += 1;
      if (requests === 1) enter(() => outgoing.end('done'));
      else outgoing.end('next');
    }),
    { connections: 1 },
  );
  const ask = () => fetch(`${url}/files/x`);
  const first = ask();
  const release = await inside;
  const refused = await ask();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  release();
  expect(await (await first).text()).toBe('done');
  expect(await (await ask()).text()).toBe('next');
});
