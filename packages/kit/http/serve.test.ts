import { once } from 'node:events';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLog, silentLog } from '../observe/log.ts';
import { type Handler, jsonResponse, textResponse } from './handler.ts';
import { createHealth } from './health.ts';
import { type Served, type ServeOptions, serve } from './serve.ts';

const running: Served[] = [];

async function start(handler: Handler, options: Partial<ServeOptions> = {}): Promise<Served> {
  const served = await serve({ handler, log: silentLog, ...options });
  running.push(served);
  return served;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((served) => served.stop()));
});

const echo: Handler = async ({ method, path, query, body, headers }) =>
  jsonResponse(200, { method, path, query, body: body.toString(), trace: headers.traceparent });

/** What the server answers to bytes that no client library would send. */
async function raw(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // What was sent last may meet a socket that is gone: `once` of node:events would throw that.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const part of parts) socket.write(part);
  await closed;
  return Buffer.concat(chunks).toString();
}

describe('a served handler', () => {
  test('gets method, path, query, headers and body, and answers', async () => {
    const { url } = await start(echo);
    const response = await fetch(`${url}/a%20b?x=1&y`, {
      method: 'POST',
      body: 'words',
      headers: { traceparent: '00-1' },
    });
    expect(await response.json()).toEqual({
      method: 'POST',
      path: '/a%20b',
      query: 'x=1&y',
      body: 'words',
      trace: '00-1',
    });
    expect(response.headers.get('content-length')).not.toBeNull();
  });

  test('gets an id for the request, the caller’s own when that is well formed', async () => {
    const { url } = await start(async ({ headers }) => textResponse(200, headers['x-request-id'] ?? ''));
    const given = await fetch(url, { headers: { 'x-request-id': 'abcdef-123456' } });
    expect(await given.text()).toBe('abcdef-123456');
    expect(given.headers.get('x-request-id')).toBe('abcdef-123456');
    const made = await fetch(url, { headers: { 'x-request-id': 'no good' } });
    expect(await made.text()).toMatch(/^[0-9a-f]{32}$/);
  });

  test('gets the one chunk of a small body without a copy, and several chunks as one', async () => {
    const { port } = await start(echo);
    const answer = await raw(
      port,
      'POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n',
      '3\r\ndef\r\n0\r\n\r\n',
    );
    expect(answer).toContain('"body":"abcdef"');
  });

  test('that fails is a masked 500 with an id, and the server goes on', async () => {
    const lines: string[] = [];
    const log = createLog({ service: 'shelf', destination: { write: (line: string) => lines.push(line) } });
    let calls = 0;
    const { url } = await start(
      async () => {
        calls += 1;
        if (calls === 1) throw new Error('secret');
        return textResponse(200, 'fine');
      },
      { log },
    );
    const failed = await fetch(url);
    const body = await failed.text();
    expect(failed.status).toBe(500);
    expect(body).not.toContain('secret');
    const { requestId } = JSON.parse(body).errors[0].extensions;
    expect(lines.join('')).toContain(requestId);
    expect(await (await fetch(url)).text()).toBe('fine');
  });

  test('answers without a body where HTTP has none', async () => {
    const { url } = await start(async () => ({ status: 204, headers: {}, body: '' }));
    const response = await fetch(url);
    expect(response.status).toBe(204);
    expect(response.headers.get('content-length')).toBeNull();
  });

  test('is told when its caller goes away', async () => {
    let outgoing: ClientRequest | undefined;
    let tell = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const { url } = await start(
      async ({ signal }) => {
        signal?.addEventListener('abort', () => tell());
        outgoing?.destroy();
        return new Promise(() => {});
      },
      { stopWithinMs: 0 },
    );
    outgoing = httpRequest(url, { method: 'POST' }).on('error', () => {});
    outgoing.end('x');
    await told;
  });

  test('is not called for a body that breaks off, and nothing is logged as a fault', async () => {
    const lines: string[] = [];
    const log = createLog({ service: 'shelf', destination: { write: (line: string) => lines.push(line) } });
    let calls = 0;
    const { server, port } = await start(
      async () => {
        calls += 1;
        return textResponse(200, '');
      },
      { log },
    );
    const closed = new Promise((resolve) =>
      server.once('connection', (socket) => socket.once('close', resolve)),
    );
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc', () => socket.destroy());
    });
    await closed;
    await fetch(`http://127.0.0.1:${port}`);
    expect(calls).toBe(1);
    expect(lines).toEqual([]);
  });
});

describe('bad input', () => {
  test('a body of 10 MB is answered, and the connection stays usable', async () => {
    const { url } = await start(echo);
    const response = await fetch(url, { method: 'POST', body: Buffer.alloc(10 * 1_048_576) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: 'The body is larger than 1024 KB; send less at once',
          extensions: { code: 'CONTENT_TOO_LARGE' },
        },
      ],
    });
    expect((await fetch(url, { method: 'POST', body: 'small' })).status).toBe(200);
  });

  test('a body without an announced size is cut at the same limit', async () => {
    const { port } = await start(echo, { maxBodyBytes: 8 });
    const answer = await raw(
      port,
      'POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n',
      '9\r\nabcdefghi\r\n0\r\n\r\n',
    );
    expect(answer).toContain('HTTP/1.1 413');
  });

  test('what is not HTTP is told so', async () => {
    const { port } = await start(echo);
    expect(await raw(port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*This is not HTTP\/1\.1/);
  });

  test('headers beyond 16 KB are refused', async () => {
    const { port } = await start(echo);
    const answer = await raw(port, `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toContain('HTTP/1.1 431');
  });

  test('a request that never ends is cut off', async () => {
    const { port } = await start(echo, { requestTimeoutMs: 50 });
    expect(await raw(port, 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc')).toContain(
      'HTTP/1.1 408',
    );
  });

  test('headers that name prototypes are only headers', async () => {
    const { url } = await start(async ({ headers }) =>
      jsonResponse(200, {
        polluted: ({} as { x?: string }).x ?? null,
        own: headers['constructor-x'] ?? null,
      }),
    );
    const response = await fetch(url, { headers: { 'constructor-x': 'y', __proto__x: '1' } });
    expect(await response.json()).toEqual({ polluted: null, own: 'y' });
  });
});

describe('health and metrics', () => {
  test('are beside the handler, metrics on a port of their own', async () => {
    const { url, metricsUrl } = await start(echo, {
      health: createHealth({ postgres: () => Promise.reject(new Error('away')) }),
      metrics: { port: 0, render: async () => 'figures 1\n' },
    });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health/ready`, { method: 'HEAD' })).status).toBe(503);
    const metrics = await fetch(metricsUrl!);
    expect(await metrics.text()).toBe('figures 1\n');
    expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect((await fetch(metricsUrl!.replace('/metrics', '/'))).status).toBe(404);
    expect(await (await fetch(`${url}/metrics`)).json()).toMatchObject({ path: '/metrics' });
  });

  test('metrics that cannot be made are a gap, not an end', async () => {
    const { metricsUrl } = await start(echo, {
      metrics: { port: 0, render: () => Promise.reject(new Error('no gauge')) },
    });
    expect((await fetch(metricsUrl!)).status).toBe(500);
  });
});

describe('a stop', () => {
  test('lets running requests end, takes no new ones, and is not ready meanwhile', async () => {
    let finish = () => {};
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const health = createHealth({});
    const handler: Handler = () => {
      entered();
      return new Promise((resolve) => {
        finish = () => resolve(textResponse(200, 'done'));
      });
    };
    const { url, stop } = await start(handler, { health });
    const response = fetch(url);
    await inside;
    const stopped = stop();
    await expect(fetch(url)).rejects.toThrow();
    expect((await health.ready()).status).toBe(503);
    finish();
    expect(await (await response).text()).toBe('done');
    expect((await response).headers.get('connection')).toBe('close');
    await stopped;
  });

  test('still answers on a connection that was idle, and then closes it', async () => {
    const { port, stop } = await start(echo, { stopIdleMs: 2_000 });
    const socket = connect(port, '127.0.0.1');
    const get = async () => {
      socket.write('GET /x HTTP/1.1\r\nhost: a\r\n\r\n');
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      return chunk.toString();
    };
    expect(await get()).toContain('Connection: keep-alive');
    const stopped = stop();
    expect(await get()).toMatch(/^HTTP\/1.1 200 [\s\S]*connection: close/);
    await Promise.all([once(socket, 'close'), stopped]);
  });

  test.each([0, 20])('closes a connection that has said nothing, after %i ms', async (stopIdleMs) => {
    const lines: string[] = [];
    const log = createLog({ service: 'shelf', destination: { write: (line: string) => lines.push(line) } });
    const { server, port, stop } = await start(echo, { stopIdleMs, log });
    const socket = connect(port, '127.0.0.1');
    await once(server, 'connection');
    socket.resume();
    await Promise.all([once(socket, 'close'), stop()]);
    // Not cut off in the end, as a request that takes too long.
    expect(lines).toEqual([]);
  });

  test('closes a connection whose request was answered', async () => {
    const { port, stop } = await start(echo, { stopIdleMs: 20 });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /x HTTP/1.1\r\nhost: a\r\n\r\n');
    await once(socket, 'data');
    await Promise.all([once(socket, 'close'), stop()]);
  });

  test('cuts off what takes too long', async () => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const { url, stop } = await start(
      () => {
        entered();
        return new Promise(() => {});
      },
      { stopWithinMs: 20 },
    );
    const response = fetch(url).then(
      () => 'answered',
      () => 'cut off',
    );
    await inside;
    await stop();
    expect(await response).toBe('cut off');
  });

  test('can be asked for twice', async () => {
    const { stop } = await start(echo);
    await Promise.all([stop(), stop()]);
  });
});

describe('a port', () => {
  test('that is taken is told with a remedy', async () => {
    const { port } = await start(echo);
    await expect(serve({ handler: echo, log: silentLog, port })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken by another process; choose another one, or 0 for any free port`,
    );
  });

  test('for metrics that is taken gives the other one back', async () => {
    const { port } = await start(echo);
    const metrics = { port, render: async () => '' };
    await expect(serve({ handler: echo, log: silentLog, metrics })).rejects.toThrow('is taken');
  });

  test('of a host that is not ours is told so', async () => {
    await expect(serve({ handler: echo, log: silentLog, host: '192.0.2.1' })).rejects.toThrow(
      '192.0.2.1 is no address of this machine',
    );
  });

  test('of IPv6 is written as a URL', async () => {
    const { url } = await start(echo, { host: '::1' });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  });
});
