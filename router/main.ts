/** `npm run router`: the router alone, on any supergraph. The only file here that knows of a process. */
import { createHealth } from '@souk/kit/http/health';
import { type Served, serve } from '@souk/kit/http/serve';
import { createLog, type Log } from '@souk/kit/observe/log';
import { createProcessMetrics, renderMetrics } from '@souk/kit/observe/metrics';
import { startTraces } from '@souk/kit/observe/traces';
import { knownSettings } from '@souk/kit/room/known-settings';
import { runProcess, type Stoppable } from '@souk/kit/room/process';
import { createRouter, type Router, type RouterOptions } from './create.ts';
import { breakerOptionsOf } from './execute/settings.ts';
import { GRAPHQL_PATH } from './http/handler.ts';
import { httpOptionsOf } from './http/settings.ts';
import { createForward, type Forward } from './paths/forward.ts';
import { guardOptionsOf } from './policy/settings.ts';
import { parseRouterSettings, type RouterSettings, USAGE } from './settings.ts';
import { socketOptionsOf } from './sockets/settings.ts';

/** Longer than a request is on its way. */
const STOP_IDLE_MS = 500;

const say = (message: string) => process.stderr.write(`${message}\n`);

async function start(): Promise<Stoppable> {
  const settings = parseRouterSettings(process.argv.slice(2), process.env, knownSettings());
  const log = createLog({ service: 'router', level: settings.SOUK_LOG_LEVEL });
  const traces = await startTraces({ endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT, service: 'router' });
  const router = await createRouter({ ...optionsOf(settings), traces, log });
  const forward = createForward({ targets: settings.ROUTER_PATHS ?? [], traces, log });
  const served = await serveRouter(router, forward, settings, log);
  say(describe(router, settings));
  if (served.metricsUrl) say(`Metrics at ${served.metricsUrl}`);
  process.stdout.write(`${served.url}${GRAPHQL_PATH}\nThe router is ready\n`);
  router.attach(served.server);
  return {
    stop: async () => {
      // In this order: who is sent away must not come back here.
      const stopped = served.stop();
      await router.disconnect();
      await stopped;
      await forward.stop();
      await router.stop();
      await traces.stop();
    },
  };
}

async function serveRouter(
  router: Router,
  forward: Forward,
  settings: RouterSettings,
  log: Log,
): Promise<Served> {
  const { HOST: host, PORT: port, SOUK_METRICS_PORT: metricsPort } = settings;
  const registries = [router.metrics.registry, createProcessMetrics()];
  const metrics =
    metricsPort === undefined
      ? {}
      : { metrics: { port: metricsPort, render: () => renderMetrics(registries) } };
  try {
    const served = await serve({
      handler: forward.before(router.handler),
      streams: forward.streams,
      log,
      host,
      port,
      maxBodyBytes: settings.ROUTER_MAX_BODY_KB * 1_024,
      requestTimeoutMs: settings.ROUTER_REQUEST_TIMEOUT_MS,
      stopWithinMs: settings.ROUTER_STOP_WITHIN_MS,
      stopIdleMs: STOP_IDLE_MS,
      health: createHealth(router.checks),
      ...metrics,
    });
    served.server.maxConnections = settings.ROUTER_MAX_CONNECTIONS;
    // Whoever does not read the answer keeps it in memory.
    served.server.timeout = settings.ROUTER_STALL_TIMEOUT_MS;
    return served;
  } catch (error) {
    // A taken port, for one: the watch on the supergraph must not keep the process from ending.
    await router.stop();
    throw error;
  }
}

function optionsOf(settings: RouterSettings): Omit<RouterOptions, 'log'> {
  const { SOUK_VIEWER_KEY: keys } = settings;
  return {
    supergraph: { file: settings.ROUTER_SUPERGRAPH },
    subgraphUrls: settings.ROUTER_SUBGRAPH_URLS ?? {},
    subgraphTimeoutMs: settings.ROUTER_SUBGRAPH_TIMEOUT_MS,
    subgraphTimeouts: settings.ROUTER_SUBGRAPH_TIMEOUTS ?? {},
    breaker: breakerOptionsOf(settings),
    maxAnswerBytes: settings.ROUTER_SUBGRAPH_ANSWER_MB * 1_048_576,
    connections: settings.ROUTER_SUBGRAPH_CONNECTIONS,
    maskErrors: settings.ROUTER_SUBGRAPH_ERRORS === 'masked',
    forwardHeaders: settings.ROUTER_FORWARD_HEADERS ?? [],
    unauthorized: settings.ROUTER_UNAUTHORIZED,
    explorer: settings.ROUTER_EXPLORER,
    development: settings.ROUTER_DEVELOPMENT,
    limits: {
      maxTokens: settings.ROUTER_MAX_TOKENS,
      maxDepth: settings.ROUTER_MAX_DEPTH,
      maxHeight: settings.ROUTER_MAX_HEIGHT,
      maxAliases: settings.ROUTER_MAX_ALIASES,
      maxRootFields: settings.ROUTER_MAX_ROOT_FIELDS,
      maxDirectives: settings.ROUTER_MAX_DIRECTIVES,
    },
    cost: { maxCost: settings.ROUTER_MAX_COST, listSize: settings.ROUTER_COST_LIST_SIZE },
    planner: settings.ROUTER_PLANNER,
    documentCapacity: settings.ROUTER_DOCUMENTS_KEPT,
    documents: {
      mode: settings.ROUTER_DOCUMENTS,
      manifests: settings.ROUTER_REGISTERED_DOCUMENTS ?? [],
    },
    introspection: settings.ROUTER_INTROSPECTION,
    http: httpOptionsOf(settings),
    sockets: socketOptionsOf(settings),
    subgraphWsUrls: settings.ROUTER_SUBGRAPH_WS_URLS ?? {},
    ...(keys ? { viewerKey: keys[0] } : {}),
    ...guardOptionsOf(settings),
  };
}

function describe(router: Router, settings: RouterSettings): string {
  const { id, subgraphs, guarded } = router.supergraph();
  const served = `Supergraph ${id} with the subgraphs ${subgraphs.join(', ')}`;
  if (guarded === 0 || settings.ROUTER_JWKS_URL !== undefined) return served;
  return `${served}\nwarning: ${guarded} of its types and fields ask for a sign-in; set ROUTER_JWKS_URL, or nobody can read them`;
}

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) process.stdout.write(USAGE);
else await runProcess(process, 'The router', start);
