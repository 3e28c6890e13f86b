/** Hands requests for paths of other services on to them, and their answers back, neither held in memory. */
import { Readable } from 'node:stream';
import { type ErrorCode, errorResponse } from '@souk/kit/errors/errors';
import {
  type Handler,
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  REQUEST_ID_HEADER,
  TRACEPARENT_HEADER,
} from '@souk/kit/http/handler';
import { requestIdOf } from '@souk/kit/http/request-id';
import type { Log } from '@souk/kit/observe/log';
import { newScope, runInScope } from '@souk/kit/observe/request-scope';
import type { Span, Traces } from '@souk/kit/observe/traces';
import { errors, Pool } from 'undici';
import { answerHeaders, requestHeaders } from './headers.ts';
import { type PathTarget, targetOf } from './targets.ts';

export interface ForwardOptions {
  targets: readonly PathTarget[];
  log: Log;
  traces: Traces;
  limits?: Partial<ForwardLimits>;
}

export interface ForwardLimits {
  /** To each service; a request beyond them is refused, since an upload may take its connection for long. */
  connections: number;
  connectMs: number;
  /** From the end of the request to the first of the answer, and between two pieces of it. */
  silenceMs: number;
  wholeMs: number;
}

export interface Forward {
  /** Answers what has a target, and leaves the rest to `next`. */
  before(next: Handler): Handler;
  streams(method: string, path: string): boolean;
  stop(): Promise<void>;
}

const LIMITS: ForwardLimits = {
  connections: 64,
  connectMs: 3_000,
  // Longer than the server of the router waits for the next piece of an upload, so that it is the one to tell.
  silenceMs: 60_000,
  wholeMs: 3_600_000,
};

interface Service {
  pool: Pool;
  running: number;
}

export function createForward({ targets, log, traces, ...options }: ForwardOptions): Forward {
  const limits = { ...LIMITS, ...options.limits };
  const services = new Map<string, Service>();
  for (const { origin } of targets) {
    if (!services.has(origin)) services.set(origin, { pool: openPool(origin, limits), running: 0 });
  }

  const answer = async (target: PathTarget, request: HttpRequest): Promise<HttpResponse> => {
    const started = performance.now();
    const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]);
    const span = traces.start('forward', 'server', request.headers[TRACEPARENT_HEADER]);
    return runInScope(newScope(requestId, span), async () => {
      const response = await send(target, request, services.get(target.origin)!, limits, log, span);
      span?.set({ 'http.response.status_code': response.status });
      span?.end();
      const { method, path } = request;
      const ms = Math.round((performance.now() - started) * 10) / 10;
      log.info(
        { method, path: path.slice(0, 200), status: response.status, ms, to: target.origin },
        'request',
      );
      return response;
    });
  };
  return {
    before: (next) => (request) => {
      const target = targetOf(targets, request.path);
      return target ? answer(target, request) : next(request);
    },
    streams: (_, path) => targetOf(targets, path) !== undefined,
    stop: async () => {
      await Promise.all([...services.values()].map(({ pool }) => pool.close()));
    },
  };
}

function openPool(origin: string, { connections, connectMs, silenceMs }: ForwardLimits): Pool {
  return new Pool(origin, {
    connections,
    connect: { timeout: connectMs },
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
  });
}

async function send(
  { prefix }: PathTarget,
  request: HttpRequest,
  service: Service,
  limits: ForwardLimits,
  log: Log,
  span: Span | undefined,
): Promise<HttpResponse> {
  const { method, path, query } = request;
  if (service.running >= limits.connections) {
    return refuse('SERVICE_UNAVAILABLE', `Too much is being sent to ${prefix}; try again in a moment`, {
      'retry-after': '1',
    });
  }
  service.running += 1;
  const bound = boundOf(request.signal, limits.wholeMs);
  const done = () => {
    service.running -= 1;
    bound.clear();
  };
  const tell = (error: unknown, what: string) => {
    // A client that has gone is nobody's fault.
    if (!request.signal?.aborted) log.warn({ err: error, path: path.slice(0, 200) }, what);
  };
  try {
    const { statusCode, headers, body } = await service.pool.request({
      path: query === '' ? path : `${path}?${query}`,
      method: method as 'GET',
      headers: {
        ...requestHeaders(request),
        ...(span ? { [TRACEPARENT_HEADER]: span.traceparent } : {}),
      },
      body: bodyOf(request),
      signal: bound.signal,
    });
    body.once('close', done);
    body.once('error', (error) => tell(error, `The service behind ${prefix} broke off its answer`));
    return { status: statusCode, ...answerHeaders(headers), body: '', stream: body };
  } catch (error) {
    done();
    tell(error, `The service behind ${prefix} gave no answer`);
    return error instanceof errors.HeadersTimeoutError || bound.isOver()
      ? refuse('UPSTREAM_TIMEOUT', `The service behind ${prefix} did not answer in time`)
      : refuse('UPSTREAM_UNAVAILABLE', `The service behind ${prefix} cannot be reached; try again later`);
  }
}

/** Ends the exchange when the client has gone, and when it has taken too long. */
function boundOf(client: AbortSignal | undefined, wholeMs: number) {
  const controller = new AbortController();
  let isOver = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    isOver = true;
    abort();
  }, wholeMs).unref();
  client?.addEventListener('abort', abort, { once: true });
  if (client?.aborted) abort();
  return { signal: controller.signal, isOver: () => isOver, clear: () => clearTimeout(timer) };
}

function bodyOf({ headers, stream, body }: HttpRequest): Readable | Buffer | null {
  const isThere = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!isThere) return null;
  return stream ? Readable.from(stream, { objectMode: false }) : body;
}

function refuse(code: ErrorCode, message: string, headers: Record<string, string> = {}): HttpResponse {
  const { status, body } = errorResponse(code, message);
  return jsonResponse(status, body, { 'cache-control': 'no-store', ...headers });
}
