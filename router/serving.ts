/**
 * The supergraph that is served now, with all that belongs to it. A new one is made ready beside it and takes over for
 * the requests that come from then on; the old one ends with the last request that began on it.
 */
import type { Handler } from '@souk/kit/http/handler';
import type { Log } from '@souk/kit/observe/log';
import type { Traces } from '@souk/kit/observe/traces';
import { createSubgraphClient, type SubgraphClient } from './execute/ask-subgraph.ts';
import { type BreakerOptions, type CircuitState, createBreaker } from './execute/breaker.ts';
import { createCompiledExecutor } from './execute/compiled/executor.ts';
import { createHandlerTransport } from './execute/handler-transport.ts';
import { createHttpTransport } from './execute/http-transport.ts';
import { lateExecutor } from './execute/late.ts';
import type { Transport } from './execute/transport.ts';
import { createPricing } from './operation/cost.ts';
import { createDocuments } from './operation/documents.ts';
import type { Limits } from './operation/limits.ts';
import type { Served } from './operation/served.ts';
import { warmUp } from './operation/warm-up.ts';
import { apolloPlanner } from './plan/apollo.ts';
import { choosePlanner } from './plan/choose.ts';
import { loadSupergraph, type Subgraph, SupergraphError } from './supergraph/load.ts';

export interface ServingOptions {
  sdl: string;
  /** Subgraphs of this process, by name. */
  handlers: Record<string, Handler>;
  /** Where subgraphs are, by name, in place of what the SDL says. */
  urls: Record<string, string>;
  timeoutMs: number;
  /** Of single subgraphs, by name. */
  timeouts: Record<string, number>;
  breaker: BreakerOptions;
  onCircuit(subgraph: string, state: CircuitState): void;
  planner: 'auto' | 'apollo';
  /** An operation runs on the reference executor, for a reason of a closed set. */
  onFallback(reason: string): void;
  /** Texts of documents that are planned before they are asked for. */
  registered: readonly string[];
  traces?: Traces;
  maxAnswerBytes: number;
  /** To each subgraph. */
  connections: number;
  maskErrors: boolean;
  limits: Limits;
  introspection: boolean;
  /** How long a list is taken to be that the schema says nothing of. */
  listSize: number;
  documentCapacity: number;
  log: Log;
}

export interface Serving {
  /** The supergraph stays whole until the work is done. */
  use<Result>(work: (served: Served) => Promise<Result>): Promise<Result>;
  current(): Served;
  /** What was current stays whole until the answer is called; for what runs longer than a request. */
  hold(served: Served): () => void;
  /** Told after a new one has taken over. */
  onReplaced(listener: () => void): void;
  /** Throws a SupergraphError and changes nothing when the new one is not fit. */
  replace(sdl: string): Served;
  stop(): Promise<void>;
}

interface Counted extends Served {
  running: number;
  retired: boolean;
}

export function createServing(options: ServingOptions): Serving {
  let current = prepare(options.sdl, options);
  const listeners: (() => void)[] = [];

  const closeWhenIdle = async (served: Counted): Promise<void> => {
    if (!served.retired || served.running > 0) return;
    try {
      await served.executor.close();
    } catch (error) {
      // Nothing waits on these connections any more.
      options.log.warn({ err: error }, 'Connections to subgraphs did not close cleanly');
    }
  };
  const hold = (served: Counted): (() => void) => {
    served.running++;
    return () => {
      served.running--;
      void closeWhenIdle(served);
    };
  };
  const retire = (served: Counted): Promise<void> => {
    served.retired = true;
    return closeWhenIdle(served);
  };

  return {
    use: async (work) => {
      const served = current;
      const release = hold(served);
      try {
        return await work(served);
      } finally {
        release();
      }
    },
    current: () => current,
    hold: (served) => hold(served as Counted),
    onReplaced: (listener) => listeners.push(listener),
    replace: (sdl) => {
      const next = prepare(sdl, options);
      const previous = current;
      current = next;
      void retire(previous);
      for (const listener of listeners) listener();
      return next;
    },
    stop: () => retire(current),
  };
}

function prepare(sdl: string, options: ServingOptions): Counted {
  const supergraph = loadSupergraph(sdl);
  const transports = openTransports(supergraph.subgraphs, options);
  const subgraphs = new Map<string, SubgraphClient>();
  for (const [subgraph, transport] of transports) {
    const { maskErrors, log, onCircuit, traces } = options;
    const timeoutMs = options.timeouts[subgraph] ?? options.timeoutMs;
    onCircuit(subgraph, 'closed');
    const breaker = createBreaker(options.breaker, (state) => onCircuit(subgraph, state));
    const exchange = { subgraph, transport, timeoutMs, breaker, ...(traces ? { traces } : {}) };
    subgraphs.set(subgraph, createSubgraphClient({ ...exchange, maskErrors, log }));
  }
  const close = async () => {
    await Promise.all([...transports.values()].map((transport) => transport.close()));
  };
  const { apiSchema: schema, rules, weights } = supergraph;
  const { limits, introspection, documentCapacity: capacity, onFallback, log } = options;
  const asks = new Map([...subgraphs].map(([name, { ask }]) => [name, ask]));
  const served = {
    supergraph,
    pricing: createPricing({ schema, weights, listSize: options.listSize }),
    documents: createDocuments({ schema, rules, limits, introspection, capacity }),
    executor: createCompiledExecutor({
      supergraph,
      planner: options.planner === 'apollo' ? apolloPlanner(supergraph) : choosePlanner(supergraph, log),
      subgraphs,
      // Half a second and 30 MB that most routers never need.
      reference: lateExecutor(async () => {
        const { createStockExecutor } = await import('./execute/stock.ts');
        return createStockExecutor({ supergraph, subgraphs: asks, close: async () => {}, log });
      }, close),
      planCapacity: capacity,
      onFallback,
      log,
    }),
    running: 0,
    retired: false,
  };
  warmUp(served, options.registered);
  return served;
}

function openTransports(subgraphs: readonly Subgraph[], options: ServingOptions): Map<string, Transport> {
  const { handlers, urls, maxAnswerBytes, connections } = options;
  const unreachable = subgraphs.filter(
    ({ name, url }) => !Object.hasOwn(handlers, name) && !isHttpUrl(urls[name] ?? url),
  );
  if (unreachable.length > 0) {
    const names = unreachable.map(({ name, url }) => `"${name}" (${url === '' ? 'no URL' : url})`);
    throw new SupergraphError(
      `The supergraph has no http:// or https:// URL for ${names.join(', ')}; ` +
        'compose it with routing URLs, or set ROUTER_SUBGRAPH_URLS',
    );
  }
  return new Map(
    subgraphs.map(({ name, url }) => {
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
      const transport = handler
        ? createHandlerTransport(handler, maxAnswerBytes)
        : createHttpTransport({ url: urls[name] ?? url, maxAnswerBytes, connections });
      return [name, transport] as const;
    }),
  );
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
