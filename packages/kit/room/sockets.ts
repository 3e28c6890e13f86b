/**
 * Subscriptions over a room's own port: `graphql-transport-ws`, for routers alone. A socket is opened by whoever has a
 * viewer header of the router's, and each subscription on it names by another one who asks.
 */

import type { KeyObject } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createSocketMetrics } from '../subscriptions/metrics.ts';
import type { SubscribeHandler } from '../subscriptions/subscribe.ts';
import { createSocketProtocol } from './socket-protocol.ts';
import { GRAPHQL_PATH } from './subgraph.ts';

export interface RoomSocketsOptions {
  server: Server;
  subscribe: SubscribeHandler;
  viewerKeys: readonly KeyObject[];
  log: Log;
  metrics: Metrics;
  /** Routers there are few of; each holds one socket. 100 when not given. */
  maxSockets?: number;
  /** 20,000 when not given. */
  maxSubscriptions?: number;
  /** What a router may leave untaken: 16 MB when not given. */
  maxBufferedBytes?: number;
  /** 15 s when not given. */
  pingEveryMs?: number;
}

export interface RoomSockets {
  /** Closes every socket, so that its router goes on with another process. */
  stop(): Promise<void>;
}

const MAX_SOCKETS = 100;
const MAX_SUBSCRIPTIONS = 20_000;
const MAX_BUFFERED_BYTES = 16 * 1_048_576;
const MAX_MESSAGE_BYTES = 1_048_576;
const PING_EVERY_MS = 15_000;
const FAREWELL_MS = 1_000;
const SERVICE_RESTART = 1012;
/** A subscription on a socket that is closing takes no more events, and is ended by the close. */
const never = () => new Promise<void>(() => {});

export function attachRoomSockets(options: RoomSocketsOptions): RoomSockets {
  const { server, log, metrics, maxSockets = MAX_SOCKETS, pingEveryMs = PING_EVERY_MS } = options;
  const measured = createSocketMetrics(metrics);
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  const protocol = createSocketProtocol({
    subscribe: options.subscribe,
    viewerKeys: options.viewerKeys,
    maxSubscriptions: options.maxSubscriptions ?? MAX_SUBSCRIPTIONS,
    log,
  });
  const heard = new WeakSet<WebSocket>();
  let isStopping = false;

  const take = (socket: WebSocket) => {
    heard.add(socket);
    const { receive, closed } = protocol({
      protocol: socket.protocol,
      close: (code, reason) => socket.close(code, reason),
      send: (text) => send(socket, text),
    });
    measured.opened();
    socket.on('pong', () => heard.add(socket));
    // A frame that is too large or no frame at all: `close` follows, with its code.
    socket.on('error', (err) => log.debug({ err }, 'A socket of a router failed'));
    socket.on('message', (data) => {
      heard.add(socket);
      void receive(String(data));
    });
    socket.on('close', (code, reason) => {
      measured.closed(code);
      log.info({ code, reason: reason.toString() }, 'A socket of a router closed');
      void closed(code, reason.toString());
    });
  };

  const send = (socket: WebSocket, text: string): Promise<void> => {
    if (socket.readyState !== socket.OPEN) return never();
    if (socket.bufferedAmount > (options.maxBufferedBytes ?? MAX_BUFFERED_BYTES)) {
      log.warn(
        { bytes: socket.bufferedAmount },
        'A router does not take what it subscribed to; it is cut off',
      );
      // A farewell would wait behind what it does not take.
      socket.terminate();
      return never();
    }
    // A subscription goes on with its next event when this one has left. That it failed, `close` tells.
    return new Promise((resolve) => socket.send(text, () => resolve()));
  };

  const onUpgrade = (request: IncomingMessage, wire: Duplex, head: Buffer) => {
    wire.on('error', () => wire.destroy());
    const path = request.url?.split('?', 1)[0];
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return refuse(wire, '400 Bad Request');
    if (path !== GRAPHQL_PATH) return refuse(wire, '404 Not Found');
    if (isStopping || wss.clients.size >= maxSockets) return refuse(wire, '503 Service Unavailable');
    wss.handleUpgrade(request, wire, head, take);
  };
  server.on('upgrade', onUpgrade);

  const pinging = setInterval(() => {
    for (const socket of wss.clients) {
      // Neither a message nor a pong since the last time: nobody is there, and no packet says so.
      if (!heard.delete(socket)) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.ping();
    }
  }, pingEveryMs).unref();

  return {
    stop: async () => {
      isStopping = true;
      clearInterval(pinging);
      const open = [...wss.clients];
      const gone = open.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of open) socket.close(SERVICE_RESTART, 'The room restarts');
      const patience = setTimeout(() => {
        for (const socket of open) socket.terminate();
      }, FAREWELL_MS);
      await Promise.all(gone);
      clearTimeout(patience);
    },
  };
}

function refuse(wire: Duplex, status: string): void {
  wire.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
