/**
 * A subgraph as one handler: it answers to whoever has a viewer header of the router's, and to nobody else.
 * Inside are @apollo/subgraph and @apollo/server; one server, its schema and its caches live as long as the process.
 */
import type { KeyObject } from 'node:crypto';
import { ApolloServer, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import { UNSIGNED, VIEWER_HEADER, verifyViewer } from '../auth/viewer.ts';
import { type ErrorCode, errorResponse } from '../errors/errors.ts';
import { maskError } from '../errors/masking.ts';
import { depthLimit, MAX_DEPTH, MAX_TOKENS } from '../graphql/document-limits.ts';
import { type ResponseType, readGraphqlRequest, statusIn } from '../graphql/request.ts';
import type { RequestContext } from '../graphql/request-context.ts';
import { buildSchema, type ResolverMap } from '../graphql/schema.ts';
import {
  type Handler,
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  REQUEST_ID_HEADER,
  TRACEPARENT_HEADER,
} from '../http/handler.ts';
import { GRAPHQL_RESPONSE, JSON_TYPE } from '../http/media-types.ts';
import { requestIdOf } from '../http/request-id.ts';
import { findRoute, type Route } from '../http/routes.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { currentScope, newScope, type RequestScope, runInScope } from '../observe/request-scope.ts';
import { formatRoundTrips, ROUND_TRIPS_HEADER } from '../observe/round-trips.ts';
import { noTraces, type Traces } from '../observe/traces.ts';
import type { SubscribeHandler } from '../subscriptions/subscribe.ts';
import { createSubscriptions } from '../subscriptions/subscriptions.ts';

export type { RequestContext } from '../graphql/request-context.ts';

export interface SubgraphOptions<Context extends object> {
  name: string;
  sdl: string;
  resolvers: ResolverMap;
  /** Called once a request, and once an event of a subscription; DataLoaders are made here. */
  context(request: RequestContext): Context;
  viewerKeys: readonly KeyObject[];
  log: Log;
  metrics?: Metrics;
  traces?: Traces;
  /** Paths beside `/graphql`, such as files; they are open to everyone and guard themselves. */
  routes?: readonly Route[];
}

export interface Subgraph {
  handler: Handler;
  subscribe: SubscribeHandler;
  schema: GraphQLSchema;
  stop(): Promise<void>;
}

export const GRAPHQL_PATH = '/graphql';

export async function createSubgraph<Context extends object>(
  options: SubgraphOptions<Context>,
): Promise<Subgraph> {
  const { name, log, metrics, traces = noTraces, routes = [] } = options;
  const schema = buildSchema(name, options.sdl, options.resolvers);
  const server = createServer<Context>(schema, options);
  await server.start();

  const handler: Handler = async (request) => {
    const started = performance.now();
    const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]);
    const span = traces.start(name, 'server', request.headers[TRACEPARENT_HEADER]);
    const scope = newScope(requestId, span);
    const route = request.path === GRAPHQL_PATH ? undefined : findRoute(routes, request.method, request.path);
    const work = route ?? ((asked: HttpRequest) => answerGraphql(asked, scope, server, options));
    try {
      const response = await runInScope(scope, () => work(request));
      response.headers[REQUEST_ID_HEADER] ??= requestId;
      metrics?.observeRequest(response.status, (performance.now() - started) / 1000);
      metrics?.observeRoundTrips(scope.roundTrips);
      span?.set({ 'http.response.status_code': response.status });
      return response;
    } catch (error) {
      span?.fail(error);
      throw error;
    } finally {
      span?.end();
    }
  };
  const subscriptions = createSubscriptions({ ...options, schema });
  log.debug('Subgraph is built');
  const stop = async () => {
    await subscriptions.stop();
    await server.stop();
  };
  return { handler, subscribe: subscriptions.subscribe, schema, stop };
}

async function answerGraphql<Context extends object>(
  request: HttpRequest,
  scope: RequestScope,
  server: ApolloServer<Context>,
  options: SubgraphOptions<Context>,
): Promise<HttpResponse> {
  const { requestId } = scope;
  if (request.path !== GRAPHQL_PATH) {
    return failure('NOT_FOUND', `Nothing is at this path; GraphQL is at ${GRAPHQL_PATH}`, requestId);
  }
  const verified = verifyViewer(request.headers[VIEWER_HEADER], options.viewerKeys);
  if (!verified.ok) return failure('UNSIGNED_REQUEST', UNSIGNED[verified.reason], requestId);
  const asked = readGraphqlRequest(request);
  if (!asked.ok) return failure(asked.code, asked.message, requestId);
  const { method, search, body, type } = asked;
  const { viewer } = verified;
  const context: RequestContext = { viewer, requestId, log: options.log, signal: () => request.signal };
  const answer = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method, headers: HEADERS_FOR[type], search, body },
    context: async () => options.context(context),
  });
  const headers: Record<string, string> = { 'content-type': `${type}; charset=utf-8` };
  if (answer.status === 405) headers.allow = 'POST';
  if (verified.debug) headers[ROUND_TRIPS_HEADER] = formatRoundTrips(scope.roundTrips);
  if (answer.body.kind !== 'complete') {
    return failure(
      'BAD_REQUEST',
      'A subgraph answers in one piece: @defer and @stream are not served',
      requestId,
    );
  }
  const { string } = answer.body;
  return { status: statusIn(type, answer.status ?? 200, string), headers, body: string };
}

/** What Apollo Server needs of a request's headers; the others are judged here. */
const headersFor = (type: ResponseType) =>
  new HeaderMap([
    ['content-type', 'application/json'],
    ['accept', type],
  ]);
const HEADERS_FOR = { [JSON_TYPE]: headersFor(JSON_TYPE), [GRAPHQL_RESPONSE]: headersFor(GRAPHQL_RESPONSE) };

function failure(code: ErrorCode, message: string, requestId: string): HttpResponse {
  const { status, body } = errorResponse(code, message, { requestId });
  return jsonResponse(status, body, code === 'METHOD_NOT_ALLOWED' ? { allow: 'GET, POST' } : {});
}

function createServer<Context extends object>(
  schema: GraphQLSchema,
  { name, log, metrics }: SubgraphOptions<Context>,
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    // Only signed callers get here, and the router's own tools need it.
    introspection: true,
    // A browser has no viewer header, so no page can make one send a request that counts.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    // Parsed and validated documents: Apollo's default store, bounded at 30 MB.
    persistedQueries: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [depthLimit(MAX_DEPTH)],
    maxRecursiveSelections: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    stringifyResult: (result) => JSON.stringify(result),
    logger: {
      debug: () => {},
      info: () => {},
      warn: (text) => log.warn(text),
      error: (text) => log.error(text),
    },
    formatError: (formatted, error) =>
      maskError(formatted, error, {
        service: name,
        requestId: currentScope()?.requestId ?? '',
        log,
        count: (code) => metrics?.countError(code),
      }),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}
