/** Listens on the loopback address alone, and keeps count of the sockets so that a stop leaves none behind. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export const LOOPBACK = '127.0.0.1';

export interface ListenOptions {
  /** Whose port it is, for error messages. */
  name: string;
  /** 0, the default, takes any free port. */
  port?: number | undefined;
  maxConnections: number;
  onConnection(socket: Socket): void;
  /** May tell the client why, in its protocol, before the socket is destroyed. */
  onRefused?(socket: Socket): void;
}

export interface Listener {
  port: number;
  /** Stops accepting and destroys the sockets that are still open. */
  close(): Promise<void>;
}

export async function listenOnLoopback(options: ListenOptions): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    // A socket error is always followed by 'close', where its connection is cleaned up.
    socket.on('error', () => {});
    if (sockets.size >= options.maxConnections) {
      options.onRefused?.(socket);
      socket.destroySoon();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    options.onConnection(socket);
  });
  const port = await bind(server, options);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port, close };
}

function bind(server: Server, { name, port = 0 }: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? portError(name, port, error) : error);
    });
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port));
  });
}

function portError(name: string, port: number, cause: NodeJS.ErrnoException): Error {
  const why = cause.code === 'EADDRINUSE' ? 'is taken by another process' : 'may not be opened by this user';
  return new Error(
    `${name}: port ${port} on ${LOOPBACK} ${why}; choose another one, or 0 for any free port`,
    {
      cause,
    },
  );
}
