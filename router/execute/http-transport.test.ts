/** What is bounded on the way to a subgraph, and what comes of requests that nobody waits for. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { until } from '../tests/toy/until.ts';
import { createGiveUp } from './give-up.ts';
import { createHttpTransport } from './http-transport.ts';

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  servers = [];
});

async function open(
  listener: RequestListener,
  options: { maxAnswerBytes?: number; connections?: number } = {},
) {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const transport = createHttpTransport({ url, maxAnswerBytes: 1_000_000, connections: 64, ...options });
  const send = (giveUp = createGiveUp()) =>
    transport.send({ body: Buffer.from('{}'), headers: {}, giveUp, mayRepeat: true });
  return { transport, send };
}

test('answers that are too much together are cut off; when they are done there is room again', async () => {
  const held = new Set<() => void>();
  let asked = 0;
  const { transport, send } = await open(
    (_, response) => {
      const end = () => response.end('{}');
      if (++asked > 20) return end();
      held.add(end);
      response.on('close', () => {
        held.delete(end);
        // As many as eight times what one may have: all others were cut off.
        if (asked === 20 && held.size === 8) for (const finish of held) finish();
      });
      return response.write(' '.repeat(90_000));
    },
    { maxAnswerBytes: 100_000 },
  );
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => send()));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(8);
  for (const outcome of outcomes.filter(({ ok }) => !ok))
    expect(outcome).toMatchObject({ fault: 'too large' });
  expect(await send()).toMatchObject({ ok: true, status: 200, body: Buffer.from('{}') });
  await transport.close();
});

test('a request that is given up while it waits for a connection is never sent', async () => {
  let asked = 0;
  let release = () => {};
  const { transport, send } = await open(
    (_, response) => {
      asked++;
      release = () => response.end('{}');
    },
    { connections: 1 },
  );
  const first = send();
  await until(() => asked === 1);
  const giveUp = createGiveUp();
  const second = send(giveUp);
  giveUp.abort();
  expect(await second).toMatchObject({ ok: false, fault: 'cancelled' });
  const third = send();
  release();
  expect((await first).ok).toBe(true);
  await until(() => asked === 2);
  release();
  expect((await third).ok).toBe(true);
  expect(asked).toBe(2);
  await transport.close();
});

test('a request that is given up while it runs frees its connection', async () => {
  let [asked, closed] = [false, false];
  const { transport, send } = await open((_, response) => {
    asked = true;
    response.write('{');
    response.on('close', () => {
      closed = true;
    });
  });
  const giveUp = createGiveUp();
  const sent = send(giveUp);
  await until(() => asked);
  giveUp.abort();
  expect(await sent).toMatchObject({ ok: false, fault: 'cancelled' });
  await until(() => closed);
  await transport.close();
});

test('a transport that is closed answers that nobody can be reached', async () => {
  const { transport, send } = await open((_, response) => response.end('{}'));
  await transport.close();
  expect(await send()).toMatchObject({ ok: false, fault: 'unreachable' });
});
