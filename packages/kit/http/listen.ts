/** Opens a port and closes it again, with words for what can go wrong. */
import type { Server } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import type { Log } from '../observe/log.ts';

/** Connections that wait to be taken: after a restart thousands of clients come back in one moment. The system may allow fewer. */
const BACKLOG = 4_096;

export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(host, port, error)));
    server.listen(port, host, BACKLOG, () => resolve((server.address() as AddressInfo).port));
  });
}

function listenError(host: string, port: number, cause: NodeJS.ErrnoException): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} on ${host} is taken by another process; choose another one, or 0 for any free port`,
    EACCES: `port ${port} on ${host} may not be opened by this user; choose one above 1023`,
    EADDRNOTAVAIL: `${host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all of them`,
    ENOTFOUND: `the host name ${host} is not known; use an address such as 127.0.0.1`,
  };
  return new Error(reasons[cause.code ?? ''] ?? `cannot listen on ${host}:${port}: ${cause.message}`, {
    cause,
  });
}

export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The connections of a server, to be closed at its end. */
export function connectionsOf(server: Server): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return connections;
}

export interface Closing {
  connections: ReadonlySet<Socket>;
  withinMs: number;
  idleMs?: number | undefined;
  log: Log;
}

/**
 * Connections that are idle stay open for `idleMs`: a request may be on its way on one of them, and would be lost with
 * it. Its answer then says `connection: close`.
 */
export function closeServer(
  server: Server,
  { connections, withinMs, idleMs = 0, log }: Closing,
): Promise<void> {
  const closeIdle = () => {
    server.close();
    // Browsers open connections that they may need; Node takes one for busy that has said nothing yet.
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  };
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      if (withinMs > 0) log.warn(`Requests still ran ${withinMs / 1000} s after the stop; they were cut off`);
      server.closeAllConnections();
    }, withinMs);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    // Node's own HTTP close ends idle connections at once, so the port alone is closed first.
    NetServer.prototype.close.call(server, end);
    if (idleMs === 0) closeIdle();
    else setTimeout(closeIdle, idleMs).unref();
  });
}
