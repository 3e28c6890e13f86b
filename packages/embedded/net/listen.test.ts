import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { LOOPBACK, listenOnLoopback } from './listen.ts';

const open = (port = 0, maxConnections = 10) =>
  listenOnLoopback({
    name: 'Redis',
    port,
    maxConnections,
    onConnection: (socket) => socket.pipe(socket),
    onRefused: (socket) => socket.write('full'),
  });

test('says in one sentence that a port is taken, and what to do', async () => {
  const first = await open();
  await expect(open(first.port)).rejects.toThrow(
    `Redis: port ${first.port} on 127.0.0.1 is taken by another process; choose another one, or 0 for any free port`,
  );
  await first.close();
});

test('tells a client over the limit and closes it, while the others go on', async () => {
  const listener = await open(0, 1);
  const first = connect(listener.port, LOOPBACK);
  await once(first, 'connect');
  const second = connect(listener.port, LOOPBACK);
  const [refusal] = await once(second, 'data');
  expect(String(refusal)).toBe('full');
  await once(second, 'close');
  first.write('still here');
  const [echo] = await once(first, 'data');
  expect(String(echo)).toBe('still here');
  first.destroy();
  await listener.close();
});

test('leaves no socket open behind a stop', async () => {
  const listener = await open();
  const client = connect(listener.port, LOOPBACK);
  await once(client, 'connect');
  const closed = once(client, 'close');
  client.on('error', () => {}); // a reset is one way to learn of the stop
  await listener.close();
  await closed;
});
