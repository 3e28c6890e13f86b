/** Serves a handler over HTTP/1.1, with health checks beside it and metrics on a port of their own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { ERRORS, type ErrorCode, errorResponse, maskedMessage } from '../errors/errors.ts';
import type { Log } from '../observe/log.ts';
import { METRICS_CONTENT_TYPE } from '../observe/metrics.ts';
import {
  EMPTY_BODY,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  REQUEST_ID_HEADER,
  textResponse,
} from './handler.ts';
import type { Health } from './health.ts';
import { closeServer, connectionsOf, listen, urlOf } from './listen.ts';
import { discardRest, readBody, streamBody } from './request-body.ts';
import { requestIdOf } from './request-id.ts';

export interface ServeOptions {
  handler: Handler;
  log: Log;
  /** 127.0.0.1 when not given. */
  host?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  health?: Health;
  /** Answered at `/metrics` on a port of its own, so that the public port tells nothing. */
  metrics?: { port: number; render(): Promise<string> };
  /** 1 MB when not given. */
  maxBodyBytes?: number;
  /** Paths whose body the handler reads as a stream, without a limit of size but its own. */
  streams?: (method: string, path: string) => boolean;
  /** A whole request must have arrived after this time, unless it is read as a stream: 30 s when not given. */
  requestTimeoutMs?: number;
  /** How long the sender of a stream may be silent: 30 s when not given. */
  streamIdleMs?: number;
  /** A whole stream must have arrived after this time: an hour when not given. */
  streamTimeoutMs?: number;
  /** Running requests may take this long after a stop: 10 s when not given. */
  stopWithinMs?: number;
  /** Idle connections stay open so long after a stop, for requests that are on their way: 0 when not given. */
  stopIdleMs?: number;
}

export interface Served {
  url: string;
  port: number;
  /** Where `/metrics` is, when it is served. */
  metricsUrl?: string;
  /** For protocol upgrades such as WebSocket. */
  server: Server;
  /** Takes no new requests, lets the running ones end, closes the sockets. */
  stop(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const STREAM_IDLE_MS = 30_000;
const STREAM_TIMEOUT_MS = 3_600_000;
const STOP_WITHIN_MS = 10_000;
/** Longer than what clients keep idle connections for, so that none is closed under a request. */
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_BODY_BYTES = 1_048_576;
const TOO_SLOW = 'The request did not arrive in time';
const STALLED = 'The body stopped arriving; send it again';
/** The rest of the body is not waited for. */
const LAST = { connection: 'close' };

export async function serve(options: ServeOptions): Promise<Served> {
  const { host = '127.0.0.1', health, log, metrics, stopWithinMs = STOP_WITHIN_MS } = options;
  const server = createHttpServer(options);
  const connections = connectionsOf(server);
  const port = await listen(server, host, options.port ?? 0);
  const metricsServer = metrics && createMetricsServer(metrics.render);
  const metricsPort = metricsServer && (await listenOrClose(metricsServer, host, metrics.port, server));
  let stopped: Promise<void> | undefined;
  return {
    url: urlOf(host, port),
    port,
    ...(metricsPort === undefined ? {} : { metricsUrl: `${urlOf(host, metricsPort)}/metrics` }),
    server,
    stop: () => {
      stopped ??= (async () => {
        health?.stopping();
        await closeServer(server, { connections, withinMs: stopWithinMs, idleMs: options.stopIdleMs, log });
        // Last, so that the final figures can still be read.
        if (metricsServer) await closeServer(metricsServer, { connections: new Set(), withinMs: 0, log });
      })();
      return stopped;
    },
  };
}

function createHttpServer(options: ServeOptions): Server {
  const { log, requestTimeoutMs = REQUEST_TIMEOUT_MS, streamTimeoutMs = STREAM_TIMEOUT_MS } = options;
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
    // Node has one bound for all requests: that of streams. Other bodies are timed where they are read.
    requestTimeout: Math.max(requestTimeoutMs, options.streams ? streamTimeoutMs : 0),
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs),
    noDelay: true,
  });
  server.on('request', (incoming, outgoing) => {
    // A client that goes away mid-body is no fault of ours; its handler sees the signal.
    incoming.on('error', () => {});
    outgoing.on('error', () => {});
    const requestId = requestIdOf(incoming.headers[REQUEST_ID_HEADER] as string | undefined);
    const respond = (response: HttpResponse) => send(outgoing, response, requestId, server.listening);
    answer(incoming, outgoing, requestId, options).then(respond, (error: unknown) => {
      log.error({ err: error, requestId }, 'A handler failed');
      respond(failure('INTERNAL_SERVER_ERROR', maskedMessage(requestId), requestId));
    });
  });
  server.on('clientError', refuseMalformed);
  return server;
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  requestId: string,
  options: ServeOptions,
): Promise<HttpResponse> {
  const { handler, health, maxBodyBytes: maxBytes = MAX_BODY_BYTES } = options;
  const method = incoming.method ?? 'GET';
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  if (health && (method === 'GET' || method === 'HEAD')) {
    if (path === '/health/live') return health.live();
    if (path === '/health/ready') return health.ready();
  }
  const request = requestOf(incoming, outgoing, {
    method,
    path,
    query: mark < 0 ? '' : target.slice(mark + 1),
    requestId,
  });
  if (options.streams?.(method, path)) return answerStream(incoming, request, requestId, options);
  const body = await readBody(incoming, {
    maxBytes,
    withinMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  });
  if (body === 'broken off') return failure('BAD_REQUEST', 'The body broke off', requestId); // read by nobody
  if (body === 'too slow') return failure('REQUEST_TIMEOUT', TOO_SLOW, requestId, LAST);
  if (body === 'too large') {
    const limit = `${Math.floor(maxBytes / 1024)} KB`;
    return failure('CONTENT_TOO_LARGE', `The body is larger than ${limit}; send less at once`, requestId);
  }
  request.body = body;
  return handler(request);
}

async function answerStream(
  incoming: IncomingMessage,
  request: HttpRequest,
  requestId: string,
  { handler, streamIdleMs = STREAM_IDLE_MS }: ServeOptions,
): Promise<HttpResponse> {
  const { chunks, silence } = streamBody(incoming, streamIdleMs);
  request.stream = chunks;
  try {
    const outcome = await Promise.race([handler(request), silence.then(() => 'silence' as const)]);
    return outcome === 'silence' ? failure('REQUEST_TIMEOUT', STALLED, requestId, LAST) : outcome;
  } finally {
    discardRest(incoming, streamIdleMs);
  }
}

interface RequestLine {
  method: string;
  path: string;
  query: string;
  requestId: string;
}

function requestOf(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { method, path, query, requestId }: RequestLine,
): HttpRequest {
  // Only `set-cookie` comes as a list, and that is no header of a request.
  const headers = incoming.headers as Record<string, string | undefined>;
  headers[REQUEST_ID_HEADER] = requestId;
  const { remoteAddress } = incoming.socket;
  let controller: AbortController | undefined;
  return {
    method,
    path,
    query,
    headers,
    body: EMPTY_BODY,
    ...(remoteAddress === undefined ? {} : { ip: remoteAddress }),
    /** Made when somebody asks for it: most handlers never do. */
    get signal() {
      if (!controller) {
        const fresh = new AbortController();
        controller = fresh;
        // The answer's own event, not the socket's: a connection that is kept alive serves many requests.
        outgoing.once('close', () => {
          if (!outgoing.writableFinished) fresh.abort();
        });
        if (outgoing.destroyed) fresh.abort();
      }
      return controller.signal;
    },
  };
}

function send(outgoing: ServerResponse, response: HttpResponse, requestId: string, listening: boolean): void {
  const { status, headers, cookies = [], body, stream } = response;
  if (outgoing.destroyed) {
    // Nobody is left to tell what a stream says of being cut short.
    stream?.on('error', () => {}).destroy();
    return;
  }
  const complete: Record<string, string | number | string[]> = { ...headers };
  complete[REQUEST_ID_HEADER] ??= requestId;
  if (cookies.length > 0) complete['set-cookie'] = [...cookies];
  if (!stream && status !== 204 && status !== 304) {
    complete['content-length'] = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  }
  // While stopping, a client must come back on another connection, to another process.
  if (!listening) complete.connection = 'close';
  outgoing.writeHead(status, complete);
  // Of a stream that breaks, the sender has told its log; the client sees that the answer is not whole.
  if (stream) pipeline(stream, outgoing, () => {});
  else outgoing.end(body);
}

function failure(
  code: ErrorCode,
  message: string,
  requestId: string,
  headers: Record<string, string> = {},
): HttpResponse {
  const { status, body } = errorResponse(code, message, { requestId });
  return jsonResponse(status, body, headers);
}

/** What cannot be parsed as HTTP never becomes a request, but its sender still gets an answer. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, code, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'BAD_REQUEST', `The headers are larger than ${MAX_HEADER_BYTES / 1024} KB`]
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'REQUEST_TIMEOUT', TOO_SLOW]
        : [400, 'BAD_REQUEST', 'This is not HTTP/1.1'];
  const body = JSON.stringify({ errors: [{ message: reason, extensions: { code } }] });
  socket.end(
    `HTTP/1.1 ${status} \r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  // A peer that never closes its own side must not keep the connection.
  socket.destroySoon();
}

function createMetricsServer(render: () => Promise<string>): Server {
  return createServer((incoming, outgoing) => {
    const respond = async (): Promise<HttpResponse> => {
      if (incoming.url !== '/metrics') return textResponse(404, 'Metrics are at /metrics\n');
      return textResponse(200, await render(), { 'content-type': METRICS_CONTENT_TYPE });
    };
    respond()
      // A gauge that cannot be read must not end the process; the scraper sees the gap.
      .catch((error: Error) => textResponse(ERRORS.INTERNAL_SERVER_ERROR.status, `${error.message}\n`))
      .then(({ status, headers, body }) => outgoing.writeHead(status, headers).end(body));
  });
}

async function listenOrClose(server: Server, host: string, port: number, other: Server): Promise<number> {
  try {
    return await listen(server, host, port);
  } catch (error) {
    // Half a service is none: give the first port back before telling.
    other.close();
    throw error;
  }
}
