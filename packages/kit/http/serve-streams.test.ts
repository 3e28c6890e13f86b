/** Bodies that are read piece by piece: what bounds them, and what their senders are told. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as passes } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { silentLog } from '../observe/log.ts';
import { type Handler, jsonResponse, textResponse } from './handler.ts';
import { type Served, type ServeOptions, serve } from './serve.ts';

const running: Served[] = [];

async function start(handler: Handler, options: Partial<ServeOptions> = {}): Promise<Served> {
  const streams = (method: string, path: string) => method === 'PUT' && path === '/file';
  const served = await serve({ handler, log: silentLog, streams, stopWithinMs: 0, ...options });
  running.push(served);
  return served;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((served) => served.stop()));
});

const measure: Handler = async ({ stream, body }) => {
  let size = 0;
  for await (const chunk of stream ?? []) size += chunk.length;
  return jsonResponse(200, { size, held: body.length });
};

/** Also when what was sent last met a socket that is gone: `once` of node:events would throw that. */
function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** An upload whose pieces the test sends itself. */
function upload(port: number): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.write('PUT /file HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n');
  return { socket, answer: closed(socket).then(() => Buffer.concat(chunks).toString()) };
}

const PIECE = '3\r\nabc\r\n';

/** A piece every few milliseconds; answers how many there were. */
async function sendFor(socket: Socket, ms: number): Promise<number> {
  let pieces = 0;
  for (const end = performance.now() + ms; performance.now() < end && socket.writable; pieces++) {
    socket.write(PIECE);
    await passes(10);
  }
  return pieces;
}

test('a path is read as a stream when the service wants to, beyond what a body may have elsewhere', async () => {
  const { url } = await start(measure, { maxBodyBytes: 10 });
  const streamed = await fetch(`${url}/file`, { method: 'PUT', body: 'x'.repeat(100_000) });
  expect(await streamed.json()).toEqual({ size: 100_000, held: 0 });
  expect((await fetch(`${url}/other`, { method: 'PUT', body: 'x'.repeat(11) })).status).toBe(413);
});

test('a slow but steady upload outlives the time that other requests have', async () => {
  const { port } = await start(measure, { requestTimeoutMs: 150 });
  const { socket, answer } = upload(port);
  const pieces = await sendFor(socket, 400);
  socket.write('0\r\n\r\n');
  expect(await answer).toContain(`{"size":${pieces * 3},"held":0}`);
});

test('an upload that stalls is told so, its reader hears of it, and the connection is closed', async () => {
  let heard: unknown;
  const { port } = await start(
    async (request) => {
      try {
        return await measure(request);
      } catch (error) {
        heard = error;
        throw error;
      }
    },
    { streamIdleMs: 50 },
  );
  const { socket, answer } = upload(port);
  socket.write(PIECE);
  expect(await answer).toMatch(
    /^HTTP\/1\.1 408 [\s\S]*connection: close[\s\S]*The body stopped arriving; send it again[\s\S]*REQUEST_TIMEOUT/i,
  );
  expect(heard).toEqual(new Error('The sender was silent for 0.05 s'));
});

test('an upload without an end is cut off when its whole time is over', async () => {
  const { port } = await start(measure, { requestTimeoutMs: 20, streamTimeoutMs: 150 });
  const { socket, answer } = upload(port);
  await sendFor(socket, 10_000);
  expect(await answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*REQUEST_TIMEOUT/);
});

test('time that the reader takes for itself does not count as silence', async () => {
  const { port } = await start(
    async ({ stream }) => {
      const pieces: string[] = [];
      for await (const piece of stream!) {
        pieces.push(piece.toString());
        await passes(120);
      }
      return textResponse(200, pieces.join());
    },
    { streamIdleMs: 60 },
  );
  const { socket, answer } = upload(port);
  socket.write(`${PIECE}0\r\n\r\n`);
  expect(await answer).toMatch(/\r\n\r\nabc$/);
});

test.each<[string, Handler]>([
  ['that nobody reads', async () => textResponse(403, 'no')],
  [
    'whose reader has seen enough',
    async ({ stream }) => {
      for await (const _ of stream!) break;
      return textResponse(403, 'no');
    },
  ],
])('the sender of a long file %s gets the answer, and may go on with another request', async (_, handler) => {
  const { port } = await start(handler);
  const size = 10 * 1_048_576;
  const socket = connect(port, '127.0.0.1');
  socket.write(`PUT /file HTTP/1.1\r\nhost: a\r\ncontent-length: ${size}\r\n\r\n`);
  socket.write(Buffer.alloc(size));
  socket.write('PUT /file HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx');
  const answers: Buffer[] = [];
  socket.on('data', (chunk) => answers.push(chunk));
  await closed(socket);
  expect(Buffer.concat(answers).toString().split('HTTP/1.1 403')).toHaveLength(3);
});

test.each<[string, Handler, number]>([
  ['was answered', async () => textResponse(403, 'no'), 403],
  ['met a fault of ours', () => Promise.reject(new Error('no')), 500],
])('a sender who %s and never ends is cut off', async (_, handler, status) => {
  const { port } = await start(handler, { streamIdleMs: 50 });
  const socket = connect(port, '127.0.0.1');
  const end = closed(socket);
  socket.write('PUT /file HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain(`HTTP/1.1 ${status}`);
  await Promise.all([end, sendFor(socket, 10_000)]);
});
