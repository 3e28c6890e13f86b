/** Connections to servers that speak HTTP as they please. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createGiveUp } from '../give-up.ts';
import { createHttpTransport } from '../http-transport.ts';
import type { Transport } from '../transport.ts';
import type { Pace } from './pace.ts';

let ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends) await end();
  ends = [];
});

interface Heard {
  /** Bodies that came over it so far. */
  bodies: string[];
  socket: Socket;
}

type Behaviour = (body: string, heard: Heard, all: readonly Heard[]) => void;

const answer = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
const UNREACHABLE = { ok: false, fault: 'unreachable' };

/** `behave` is called for each request that has come, in order. */
async function serve(behave: Behaviour, host = '127.0.0.1') {
  const all: Heard[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const heard: Heard = { bodies: [], socket };
    all.push(heard);
    let text = '';
    socket.on('error', () => {}); // it is cut off in many of these
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (;;) {
        const [, length] = /content-length: (\d+)\r\n\r\n/.exec(text) ?? [];
        const start = text.indexOf('\r\n\r\n') + 4;
        if (length === undefined || text.length < start + Number(length)) return;
        const body = text.slice(start, start + Number(length));
        text = text.slice(start + Number(length));
        heard.bodies.push(body);
        behave(body, heard, all);
      }
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  ends.push(() => {
    for (const { socket } of all) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { all, port, server };
}

function open(port: number, options: Partial<Parameters<typeof createHttpTransport>[0]> = {}): Transport {
  const url = `http://127.0.0.1:${port}/graphql`;
  const transport = createHttpTransport({ url, maxAnswerBytes: 100_000, connections: 64, ...options });
  ends.push(() => transport.close());
  return transport;
}

function asking(transport: Transport) {
  return async (text: string, mayRepeat = true, giveUp = createGiveUp()) => {
    const outcome = await transport.send({ body: Buffer.from(text), headers: {}, giveUp, mayRepeat });
    return outcome.ok ? outcome.body.toString() : outcome;
  };
}

const echo: Behaviour = (body, { socket }) => socket.write(answer(body));

describe('a connection', () => {
  test('is used again, and not after the server says that it closes', async () => {
    const { all, port } = await serve((body, { socket, bodies }) => {
      const text = answer(body);
      socket.write(bodies.length === 2 ? text.replace('\r\n', '\r\nconnection: close\r\n') : text);
    });
    const ask = asking(open(port));
    for (const body of ['a', 'b', 'c']) expect(await ask(body)).toBe(body);
    expect(all.map(({ bodies }) => bodies)).toEqual([['a', 'b'], ['c']]);
  });

  test('is left in time when the server says how long it keeps it', async () => {
    const { all, port } = await serve((body, { socket }) =>
      socket.write(answer(body).replace('\r\n', '\r\nkeep-alive: timeout=0\r\n')),
    );
    const ask = asking(open(port));
    expect([await ask('a'), await ask('b')]).toEqual(['a', 'b']);
    expect(all).toHaveLength(2);
  });

  test('that the server closes when it is idle costs nobody a request', async () => {
    const { all, port } = await serve(echo);
    const ask = asking(open(port));
    for (let round = 1; round <= 3; round++) {
      expect(await ask('a', false)).toBe('a');
      all.at(-1)!.socket.end();
      await once(all.at(-1)!.socket, 'close');
    }
    expect(all).toHaveLength(3);
  });

  test('on which more came than was asked for is not trusted again', async () => {
    const { all, port } = await serve((body, { socket }) => socket.write(`${answer(body)}${answer('evil')}`));
    const ask = asking(open(port));
    expect([await ask('a'), await ask('b')]).toEqual(['a', 'b']);
    expect(all).toHaveLength(2);
  });

  test('that ends under a request which has no answer yet: a query is sent again, a mutation is not', async () => {
    for (const mayRepeat of [true, false]) {
      const { all, port } = await serve((body, heard, connections) => {
        if (connections.length === 1 && heard.bodies.length === 2) heard.socket.destroy();
        else echo(body, heard, connections);
      });
      const ask = asking(open(port));
      expect(await ask('a')).toBe('a');
      const second = await ask('b', mayRepeat);
      if (mayRepeat) expect(second).toBe('b');
      else expect(second).toMatchObject(UNREACHABLE);
      expect(all.map(({ bodies }) => bodies)).toEqual([['a', 'b'], ...(mayRepeat ? [['b']] : [])]);
    }
  });

  test('that ends in the middle of an answer is a fault, and nothing is sent again', async () => {
    const { all, port } = await serve((body, { socket, bodies }) => {
      if (bodies.length === 1) socket.write(answer(body));
      else socket.end(answer('not all of it').slice(0, -1));
    });
    const ask = asking(open(port));
    expect([await ask('a'), await ask('b')]).toEqual(['a', expect.objectContaining(UNREACHABLE)]);
    expect(all).toHaveLength(1);
  });

  test('may end with an answer that has no length', async () => {
    const { port } = await serve((body, { socket }) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${body}`));
    expect(await asking(open(port))('all of it')).toBe('all of it');
  });

  test('reaches an IPv6 address', async () => {
    const { port } = await serve(echo, '::1');
    expect(await asking(open(port, { url: `http://[::1]:${port}/` }))('a')).toBe('a');
  });
});

describe('answers', () => {
  test('in many pieces are put together, and those that are too large are cut off before they have come', async () => {
    const text = 'x'.repeat(90_000);
    const { port } = await serve((body, { socket }) => {
      if (body === 'announced') {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100001\r\n\r\n');
        return;
      }
      const size = body === 'fits' ? 7 : 10_001;
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const piece = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
      for (let sent = 0; sent < 90_000; sent += size) socket.write(piece);
      if (body === 'fits') socket.write('0\r\n\r\n');
      else socket.write(piece);
    });
    const ask = asking(open(port));
    expect(await ask('fits')).toBe(text.padEnd(Math.ceil(90_000 / 7) * 7, 'x'));
    for (const body of ['announced', 'chunked'])
      expect(await ask(body)).toMatchObject({ fault: 'too large' });
  });

  test('that come before the whole request are taken, and their connection is not used again', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}); // the rest of the request finds nobody
      socket.once('data', () => {
        socket.pause();
        socket.write(answer('too much'));
      });
      ends.push(() => socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => server.close());
    const transport = open((server.address() as AddressInfo).port);
    const ask = asking(transport);
    expect(await ask('x'.repeat(20_000_000))).toBe('too much');
    expect(await ask('x')).toBe('too much');
  });
});

test('what could end a header, or a request, is never sent', async () => {
  const { all, port } = await serve(echo);
  const transport = open(port);
  for (const headers of [
    { 'x-a': 'b\r\nx-c: d' },
    { 'x-a': 'b\nx-c: d' },
    { 'x-a': 'b\0' },
    { 'x-a': '\u{10a}' },
    { 'x-a: b\r\nx-c': 'd' },
    { '': 'a' },
    { 'content-length': '0' },
    { 'transfer-encoding': 'chunked' },
    { host: 'other' },
  ] as Record<string, string>[]) {
    const request = { body: Buffer.from('{}'), giveUp: createGiveUp(), mayRepeat: true };
    expect(await transport.send({ ...request, headers })).toMatchObject(UNREACHABLE);
  }
  expect(all).toHaveLength(0);
});

describe('queries that are asked together', () => {
  const ALL_TOGETHER: Pace = { most: () => 8, patienceMs: 60_000, observe: () => {}, stumble: () => {} };
  const letters = [...'abcdefgh'];

  test('share connections, and each gets its own answer; mutations have one for themselves', async () => {
    const { all, port } = await serve((body, { socket }) => setImmediate(() => socket.write(answer(body))));
    const ask = asking(open(port, { pace: ALL_TOGETHER }));
    expect(await ask('first')).toBe('first');
    const asked = [...letters.map((letter) => ask(letter)), ask('mutation', false)];
    expect(await Promise.all(asked)).toEqual([...letters, 'mutation']);
    // One that was open, and for the mutation one of its own, unless that was first to be free again.
    expect(all.length).toBeLessThanOrEqual(2);
    expect(all[0]!.bodies.slice(0, 9)).toEqual(['first', ...letters]);
  });

  test('do not wait for a slow one before them', async () => {
    let slow: Heard | undefined;
    const { port } = await serve((body, heard, connections) => {
      if (body === 'a') slow = heard;
      else if (heard !== slow) echo(body, heard, connections);
    });
    const ask = asking(open(port, { pace: { ...ALL_TOGETHER, patienceMs: 20 } }));
    const [first, ...others] = letters.map((letter) => ask(letter));
    expect(await Promise.all(others)).toEqual(letters.slice(1));
    const { bodies, socket } = slow!;
    expect(bodies).toEqual(letters);
    // The late answers of those that have gone elsewhere are nobody's.
    for (const body of letters) socket.write(answer(body));
    expect(await first).toBe('a');
    slow = undefined;
    expect(await ask('next')).toBe('next');
  });

  test.each(['is given up', 'breaks its connection'])('come through when one of them %s', async (how) => {
    const { port } = await serve((body, heard, connections) => {
      if (body === 'a' && how === 'breaks its connection') heard.socket.destroy();
      else if (!heard.bodies.includes('a')) echo(body, heard, connections);
    });
    const ask = asking(open(port, { pace: ALL_TOGETHER }));
    const giveUp = createGiveUp();
    const [first, ...others] = letters.map((letter) =>
      ask(letter, true, letter === 'a' ? giveUp : createGiveUp()),
    );
    if (how === 'is given up') setImmediate(() => setImmediate(() => giveUp.abort()));
    expect(await Promise.all(others)).toEqual(letters.slice(1));
    expect(await first).toMatchObject({ ok: false });
  });
});
