/** GraphQL over WebSockets, for a server that is there already. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type HttpRequest, REQUEST_ID_HEADER } from '@souk/kit/http/handler';
import { requestIdOf } from '@souk/kit/http/request-id';
import type { Log } from '@souk/kit/observe/log';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { GRAPHQL_PATH } from '../http/handler.ts';
import type { Guard } from '../policy/guard.ts';
import type { Connections } from './connections.ts';
import type { SocketMetrics } from './metrics.ts';
import type { SocketOptions } from './options.ts';
import { createProtocol, hearsMore } from './protocol.ts';
import { type NotLetIn, refuseEntry } from './refusals.ts';
import { createRenew } from './renew.ts';
import type { RunOnSocket } from './run.ts';
import { createSocket, type Socket } from './socket.ts';
import { isWebSocket, mayOpen, type Origins, refuse, requestOf, serveWithoutUpgrade } from './upgrade.ts';

export interface SocketsOptions {
  guard: Guard;
  connections: Connections;
  limits: SocketOptions;
  onSocket: RunOnSocket;
  origins: Origins;
  /** Names, in lower case, of headers that subgraphs get. */
  forwardHeaders: readonly string[];
  metrics: SocketMetrics;
  log: Log;
}

export interface Sockets {
  /** Takes the server's upgrades from now on. */
  attach(server: Server): void;
}

export function createSockets(options: SocketsOptions): Sockets {
  const { guard, connections, limits, onSocket, metrics, log } = options;
  const { run, runAgain } = onSocket;
  const renew = createRenew({ guard, connections, metrics, runAgain });
  const hear = createProtocol({ guard, connections, limits, run, renew });
  const handshakes = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Packing an event for each client anew costs more than sending it, and much memory.
    perMessageDeflate: false,
    maxPayload: limits.maxMessageBytes,
    handleProtocols: (offered) => offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });

  const open = (ws: WebSocket, wire: Duplex, request: HttpRequest, network: string | undefined): void => {
    const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]);
    const opened = { ws, wire, request, requestId, network };
    const socket = createSocket(opened, { connections, limits, metrics });
    connections.add(socket);
    if (ws.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) socket.close('no subprotocol');
    // Answered by `ws`; they count as what is said.
    ws.on('ping', () => hearsMore(socket, limits));
    ws.on('message', (data: Buffer, isBinary) => {
      hear(socket, data, isBinary).catch((error: unknown) => failed(socket, error));
    });
  };

  const failed = (socket: Socket, error: unknown): void => {
    log.error({ err: error, requestId: socket.requestId }, 'A message failed');
    socket.close('fault');
  };

  const upgrade = (server: Server, incoming: IncomingMessage, wire: Duplex, head: Buffer): void => {
    if (!isWebSocket(incoming)) {
      serveWithoutUpgrade(server, incoming, wire, head);
      return;
    }
    const request = requestOf(incoming, options.forwardHeaders);
    const network = guard.networkOf(request);
    const reason = reasonAgainst(incoming, request, network);
    if (reason) refuse(wire, refuseEntry(reason));
    else handshakes.handleUpgrade(incoming, wire, head, (ws) => open(ws, wire, request, network));
  };

  const reasonAgainst = (
    { url }: IncomingMessage,
    { headers }: HttpRequest,
    network: string | undefined,
  ): NotLetIn | undefined => {
    if (url?.split('?', 1)[0] !== GRAPHQL_PATH) return 'path';
    if (mayOpen(headers, options.origins)) return connections.roomFor(network);
    metrics.refused('origin');
    return 'origin';
  };

  return { attach: (server) => server.on('upgrade', upgrade.bind(undefined, server)) };
}
