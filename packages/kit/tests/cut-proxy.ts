/** Stands between a client and a server, so that a test can cut their connections as a failing network does. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface CutProxy {
  /** The server's URL with this proxy in its place. */
  url: string;
  /** Ends every connection: with a farewell, or with a reset. */
  cut(how: 'end' | 'reset'): void;
  close(): Promise<void>;
}

export async function cutProxy(serverUrl: string): Promise<CutProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (how: 'end' | 'reset') => {
    for (const socket of sockets) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.destroy();
    }
  };
  return {
    url: url.href,
    cut,
    close: async () => {
      cut('end');
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
