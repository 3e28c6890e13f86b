/** A router over any supergraph, as a handler: main.ts serves it alone, one process with its subgraphs calls it. */
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { Handler } from '@souk/kit/http/handler';
import type { Log } from '@souk/kit/observe/log';
import { noTraces, type Traces } from '@souk/kit/observe/traces';
import type { SubscribeHandler } from '@souk/kit/subscriptions/subscribe';
import { BREAKER_DEFAULTS, type BreakerOptions } from './execute/breaker.ts';
import { explorerFolder, openExplorer } from './explorer/serve.ts';
import { createCors } from './http/cors.ts';
import { createFinish } from './http/finish.ts';
import { createGraphql } from './http/graphql.ts';
import { createHandler } from './http/handler.ts';
import { HTTP_DEFAULTS, type HttpOptions } from './http/options.ts';
import { createQueue } from './http/queue.ts';
import { createRouterMetrics, type RouterMetrics } from './metrics.ts';
import { COST_DEFAULTS, type CostOptions } from './operation/charge.ts';
import { createFindText } from './operation/document-texts.ts';
import { DEFAULT_LIMITS, type Limits } from './operation/limits.ts';
import { readRegistered } from './operation/registered.ts';
import type { RunOptions } from './operation/run.ts';
import { createGuard, type Guard, type GuardOptions } from './policy/guard.ts';
import { createServing, type ServingOptions } from './serving.ts';
import { createStaying, type Staying, type StayingOptions } from './sockets/create.ts';
import type { SocketOptions } from './sockets/options.ts';
import { subgraphHeaders } from './subgraph-headers.ts';
import { idOf, SupergraphError } from './supergraph/load.ts';
import { type FileWatch, watchFile } from './supergraph/watch.ts';

export interface RouterOptions extends GuardOptions {
  /** The SDL itself, or a file that is watched: a changed one takes over without a pause. */
  supergraph: { sdl: string } | { file: string; pollMs?: number };
  /** Subgraphs of this process, by name; the others are reached by their URLs. */
  handlers?: Record<string, Handler>;
  /** Subscriptions of subgraphs of this process, by name; the others are reached by a WebSocket at their URLs. */
  subscribeHandlers?: Record<string, SubscribeHandler>;
  /** URLs in place of those in the SDL, by name. */
  subgraphUrls?: Record<string, string>;
  /** The same for WebSockets, where they are not at the same address. */
  subgraphWsUrls?: Record<string, string>;
  /** Signs who is asking for the subgraphs; without it they are not told. */
  viewerKey?: KeyObject;
  /** Asks subgraphs to tell their round trips to stores in a header of their answers; for suites that hold budgets. */
  askRoundTrips?: boolean;
  /** Headers of the client that subgraphs get as they are, in lower case. */
  forwardHeaders?: readonly string[];
  unauthorized?: 'null' | 'refuse';
  explorer?: boolean;
  /** Tells clients that ask how their operations were run: which subgraph was sent what, and how long it took. */
  development?: boolean;
  limits?: Partial<Limits>;
  cost?: Partial<CostOptions>;
  documentCapacity?: number;
  /** `auto` is the native one wherever there is a build of it. */
  planner?: 'auto' | 'apollo';
  /** `registered` runs nothing but what stands in the manifests. */
  documents?: { mode: 'open' | 'registered'; manifests: readonly string[] };
  /** Whether clients may read the schema; they may unless it is false. */
  introspection?: boolean;
  http?: Partial<HttpOptions>;
  sockets?: Partial<SocketOptions>;
  subgraphTimeoutMs?: number;
  /** Of single subgraphs, by name. */
  subgraphTimeouts?: Record<string, number>;
  breaker?: Partial<BreakerOptions>;
  maxAnswerBytes?: number;
  /** To each subgraph. */
  connections?: number;
  maskErrors?: boolean;
  metrics?: RouterMetrics;
  traces?: Traces;
  log: Log;
}

export interface Router {
  handler: Handler;
  metrics: RouterMetrics;
  /** What health tells of beside. */
  checks: Guard['checks'];
  /** For a Redis whose URL is known only now. */
  connectRedis(url: string): void;
  /** Which supergraph is served. */
  supergraph(): { id: string; subgraphs: readonly string[]; guarded: number };
  /** Throws a SupergraphError and serves on what it has when the new one is not fit. */
  replaceSupergraph(sdl: string): void;
  /** Takes the upgrades of a server to WebSockets, from now on. */
  attach(server: Server): void;
  /** Asks the clients who stay connected to come back elsewhere; once the server takes no new ones. */
  disconnect(): Promise<void>;
  /** After the server has stopped: no request is running any more. */
  stop(): Promise<void>;
}

export const DEFAULTS = {
  limits: DEFAULT_LIMITS,
  documentCapacity: 1_000,
  subgraphTimeoutMs: 10_000,
  maxAnswerBytes: 16 * 1_048_576,
  connections: 64,
} as const;

export async function createRouter(options: RouterOptions): Promise<Router> {
  const { supergraph, log, metrics = createRouterMetrics(), traces = noTraces } = options;
  const sdl = 'sdl' in supergraph ? supergraph.sdl : await readSupergraph(supergraph.file);
  const { mode, manifests } = options.documents ?? { mode: 'open', manifests: [] };
  const registered = await readRegistered(manifests);
  const serving = createServing({ ...servingOptions(options, sdl, metrics), registered: registered.texts });
  metrics.supergraphRead('served');
  const guard = createGuard(options, { log, registry: metrics.registry });
  const explorer = options.explorer ? await openExplorer(explorerFolder()) : undefined;
  if (options.explorer && !explorer) log.warn('There is no explorer page: run "npm run build" to make it');

  const replaceSupergraph = (next: string): void => {
    if (idOf(next) === serving.current().supergraph.id) return;
    try {
      const { supergraph: served } = serving.replace(next);
      metrics.supergraphRead('served');
      log.info({ supergraph: served.id }, 'A new supergraph is served');
    } catch (error) {
      metrics.supergraphRead('refused');
      log.error(
        { detail: (error as Error).message },
        'The new supergraph is refused; the one before is served on',
      );
      throw error;
    }
  };

  const watch = 'file' in supergraph ? watchSupergraph(supergraph, sdl, replaceSupergraph, log) : undefined;
  const { cors: corsOptions, compression, maxBatch, ...http } = { ...HTTP_DEFAULTS, ...options.http };
  const cors = corsOptions && createCors(corsOptions);
  const queue = createQueue(http.queue);
  metrics.watchQueue(queue);
  metrics.knowOperations(registered.operationNames);
  const capacity = options.documentCapacity ?? DEFAULTS.documentCapacity;
  const findText = createFindText({ mode, registered, capacity });
  const run: RunOptions = {
    introspection: options.introspection ?? true,
    unauthorized: options.unauthorized ?? 'null',
    development: options.development ?? false,
    maxCost: options.cost?.maxCost ?? COST_DEFAULTS.maxCost,
    subgraphHeaders: (request, viewer) => subgraphHeaders(options, request, viewer),
  };
  const staying: Staying = createStaying({
    limits: options.sockets,
    origins: corsOptions?.origins ?? [],
    ...{ run, findText, serving, guard, queue, metrics, traces, log },
    subscriptions: subscriptionOptions(options, run),
  });
  const { streamEvents, attach, disconnect } = staying;
  const graphql = createGraphql({ ...run, serving, findText, maxBatch, guard, streamEvents });
  return {
    handler: createHandler({
      graphql,
      finish: createFinish({ cors, compression }),
      queue,
      cors,
      explorer,
      metrics,
      traces,
      log,
    }),
    metrics,
    checks: guard.checks,
    connectRedis: guard.connectRedis,
    supergraph: () => {
      const { id, subgraphs, rules } = serving.current().supergraph;
      return {
        id,
        subgraphs: subgraphs.map(({ name }) => name),
        guarded: rules.ofType.size + rules.ofField.size,
      };
    },
    replaceSupergraph,
    attach,
    disconnect,
    stop: async () => {
      watch?.stop();
      await disconnect();
      await staying.stop();
      await guard.stop();
      await serving.stop();
    },
  };
}

async function readSupergraph(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    // The system's message has a code and a call before it; the code is what tells.
    throw new SupergraphError(`the supergraph file ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function watchSupergraph(
  { file, pollMs }: { file: string; pollMs?: number },
  content: string,
  replace: (sdl: string) => void,
  log: Log,
): FileWatch {
  const onChange = (sdl: string): void => {
    try {
      replace(sdl);
    } catch {
      // It has been logged, and there is nobody else to tell: whoever mends the file is heard again.
    }
  };
  return watchFile({ file, content, onChange, log, ...(pollMs === undefined ? {} : { pollMs }) });
}

function servingOptions(
  options: RouterOptions,
  sdl: string,
  metrics: RouterMetrics,
): Omit<ServingOptions, 'registered'> {
  const { traces } = options;
  return {
    ...(traces && traces !== noTraces ? { traces } : {}),
    sdl,
    handlers: options.handlers ?? {},
    urls: options.subgraphUrls ?? {},
    timeoutMs: options.subgraphTimeoutMs ?? DEFAULTS.subgraphTimeoutMs,
    timeouts: options.subgraphTimeouts ?? {},
    breaker: { ...BREAKER_DEFAULTS, ...options.breaker },
    planner: options.planner ?? 'auto',
    onFallback: (reason) => metrics.fellBack(reason),
    onCircuit: (subgraph, state) => {
      metrics.circuit(subgraph, state);
      if (state === 'open') options.log.warn({ subgraph }, 'A subgraph fails and is left alone for a moment');
    },
    maxAnswerBytes: options.maxAnswerBytes ?? DEFAULTS.maxAnswerBytes,
    connections: options.connections ?? DEFAULTS.connections,
    maskErrors: options.maskErrors ?? true,
    limits: { ...DEFAULTS.limits, ...options.limits },
    introspection: options.introspection ?? true,
    listSize: options.cost?.listSize ?? COST_DEFAULTS.listSize,
    documentCapacity: options.documentCapacity ?? DEFAULTS.documentCapacity,
    log: options.log,
  };
}

function subscriptionOptions(options: RouterOptions, run: RunOptions): StayingOptions['subscriptions'] {
  const { unauthorized, introspection, maxCost } = run;
  return {
    ...{ unauthorized, introspection, maxCost },
    maskErrors: options.maskErrors ?? true,
    maxAnswerBytes: options.maxAnswerBytes ?? DEFAULTS.maxAnswerBytes,
    subgraphHeaders: (request, viewer, requestId) => subgraphHeaders(options, request, viewer, requestId),
    forwardHeaders: options.forwardHeaders ?? [],
    urls: { ...options.subgraphUrls, ...options.subgraphWsUrls },
    subscribeHandlers: options.subscribeHandlers ?? {},
  };
}
