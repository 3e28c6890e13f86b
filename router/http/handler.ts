/** The router as one function: every request that comes in, through a socket or not, passes here. */
import { maskedMessage } from '@souk/kit/errors/errors';
import type { Handler, HttpRequest, HttpResponse } from '@souk/kit/http/handler';
import { jsonResponse, REQUEST_ID_HEADER, TRACEPARENT_HEADER } from '@souk/kit/http/handler';
import { GRAPHQL_RESPONSE, HTML, JSON_TYPE, negotiate } from '@souk/kit/http/media-types';
import { requestIdOf } from '@souk/kit/http/request-id';
import type { Log } from '@souk/kit/observe/log';
import { newScope, runInScope } from '@souk/kit/observe/request-scope';
import type { Span, Traces } from '@souk/kit/observe/traces';
import type { Explorer } from '../explorer/serve.ts';
import type { RouterMetrics } from '../metrics.ts';
import { serverTiming } from '../operation/explain.ts';
import { refuseRequest } from '../refusal.ts';
import { newTrail, type Trail } from '../trail.ts';
import type { Cors } from './cors.ts';
import type { Finish } from './finish.ts';
import { overloaded, type Queue } from './queue.ts';
import { lineOf, spanAttributes } from './request-line.ts';
import { respondWithRefusal } from './respond.ts';

export const GRAPHQL_PATH = '/graphql';

export interface HandlerOptions {
  graphql(request: HttpRequest, trail: Trail): Promise<HttpResponse>;
  /** What is done to each answer of `graphql` on its way out. */
  finish: Finish;
  queue: Queue;
  cors?: Cors | undefined;
  explorer?: Explorer | undefined;
  metrics: RouterMetrics;
  traces: Traces;
  log: Log;
}

export function createHandler(options: HandlerOptions): Handler {
  return (request) => {
    const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]);
    const span = options.traces.start('router', 'server', request.headers[TRACEPARENT_HEADER]);
    return runInScope(newScope(requestId, span), () => handle(options, request, requestId, span));
  };
}

async function handle(
  options: HandlerOptions,
  request: HttpRequest,
  requestId: string,
  span: Span | undefined,
): Promise<HttpResponse> {
  const started = performance.now();
  const trail = newTrail(requestId);
  const response = await route(options, request, trail);
  response.headers[REQUEST_ID_HEADER] = requestId;
  const milliseconds = performance.now() - started;
  if (trail.isExplained) response.headers['server-timing'] = serverTiming(trail, milliseconds);
  span?.set({ 'http.response.status_code': response.status, ...spanAttributes(trail) });
  span?.end();
  options.metrics.observe(trail, response.status, milliseconds / 1000);
  options.log.info(lineOf(request, trail, response.status, milliseconds), 'request');
  return response;
}

async function route(options: HandlerOptions, request: HttpRequest, trail: Trail): Promise<HttpResponse> {
  const { cors, explorer } = options;
  if (request.path !== GRAPHQL_PATH) {
    return guarded(options, trail, async () => (await explorer?.asset(request)) ?? notFound(trail));
  }
  const preflight = cors?.preflight(request);
  if (preflight) return preflight;
  if (explorer && wantsPage(request)) return guarded(options, trail, () => explorer.page(request));
  return inTurn(options, request, trail);
}

async function guarded(
  { log }: HandlerOptions,
  trail: Trail,
  work: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  try {
    return await work();
  } catch (error) {
    // A fault of ours: its cause is for the log, the client gets the id to report.
    log.error({ err: error }, 'A request failed');
    trail.errors.push('INTERNAL_SERVER_ERROR');
    const { requestId } = trail;
    return jsonResponse(500, {
      errors: [
        { message: maskedMessage(requestId), extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
      ],
    });
  }
}

/** Packing an answer belongs to the turn as well: it takes memory until it is done. */
async function inTurn(options: HandlerOptions, request: HttpRequest, trail: Trail): Promise<HttpResponse> {
  const { queue, graphql, finish } = options;
  const entered = queue.enter(() => request.signal?.aborted ?? false);
  const mayRun = typeof entered === 'boolean' ? entered : await entered;
  if (!mayRun) {
    trail.errors.push('SERVICE_UNAVAILABLE');
    return finish(request, respondWithRefusal(overloaded(), JSON_TYPE), false);
  }
  try {
    const response = await guarded(options, trail, () => graphql(request, trail));
    return await finish(request, response, isWhole(trail));
  } finally {
    queue.leave();
  }
}

function notFound(trail: Trail): HttpResponse {
  trail.errors.push('NOT_FOUND');
  return respondWithRefusal(
    refuseRequest('NOT_FOUND', `Nothing is here; GraphQL is served at ${GRAPHQL_PATH}`),
    JSON_TYPE,
  );
}

/** What a GET of the same may be answered with again, until it has changed. */
function isWhole({ operation, errors }: Trail): boolean {
  return operation?.kind === 'query' && errors.length === 0;
}

/** A browser's address bar, not a query that accepts anything. */
function wantsPage({ method, query, headers }: HttpRequest): boolean {
  if (method !== 'GET') return false;
  const search = new URLSearchParams(query);
  if (['query', 'documentId', 'extensions'].some((name) => search.has(name))) return false;
  return negotiate(headers.accept, [JSON_TYPE, GRAPHQL_RESPONSE, HTML]) === HTML;
}
