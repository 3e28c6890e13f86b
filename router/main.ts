/** `npm run router`: the router alone, on any supergraph. The only file here that knows of a process. */
import { createHealth } from '@souk/kit/health';
import { createLog } from '@souk/kit/log';
import { createProcessMetrics, renderMetrics } from '@souk/kit/metrics';
import { serve } from '@souk/kit/serve';
import { createRouter, type Router, type RouterOptions } from './create.ts';
import { GRAPHQL_PATH } from './http/handler.ts';
import { parseRouterSettings, type RouterSettings, USAGE } from './settings.ts';

/** Running requests are given this long; a second more and the process goes anyway. */
const STOP_WITHIN_MS = 10_000;

const say = (message: string) => process.stderr.write(`${message}\n`);

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return;
  }
  const settings = parseRouterSettings(args, process.env);
  const log = createLog({ service: 'router', level: settings.SOUK_LOG_LEVEL });
  const router = await createRouter({ ...optionsOf(settings), log });
  const health = createHealth({});
  const processMetrics = createProcessMetrics();
  const served = await serve({
    handler: router.handler,
    log,
    host: settings.HOST,
    port: settings.PORT,
    health,
    stopWithinMs: STOP_WITHIN_MS,
    ...(settings.SOUK_METRICS_PORT === undefined
      ? {}
      : {
          metrics: {
            port: settings.SOUK_METRICS_PORT,
            render: () => renderMetrics([router.metrics.registry, processMetrics]),
          },
        }),
  });
  stopOnSignals(async () => {
    await served.stop();
    await router.stop();
  });
  tellWhatIsServed(router, settings);
  if (served.metricsUrl) say(`Metrics at ${served.metricsUrl}`);
  process.stdout.write(`${served.url}${GRAPHQL_PATH}\n`);
  process.stdout.write('The router is ready\n');
}

function optionsOf(settings: RouterSettings): Omit<RouterOptions, 'log'> {
  const { ROUTER_JWKS_URL: jwksUrl, SOUK_VIEWER_KEY: keys } = settings;
  return {
    supergraph: { file: settings.ROUTER_SUPERGRAPH },
    subgraphUrls: settings.ROUTER_SUBGRAPH_URLS ?? {},
    subgraphTimeoutMs: settings.ROUTER_SUBGRAPH_TIMEOUT_MS,
    maxAnswerBytes: settings.ROUTER_SUBGRAPH_ANSWER_MB * 1_048_576,
    connections: settings.ROUTER_SUBGRAPH_CONNECTIONS,
    maskErrors: settings.ROUTER_SUBGRAPH_ERRORS === 'masked',
    forwardHeaders: settings.ROUTER_FORWARD_HEADERS ?? [],
    unauthorized: settings.ROUTER_UNAUTHORIZED,
    explorer: settings.ROUTER_EXPLORER,
    limits: {
      maxTokens: settings.ROUTER_MAX_TOKENS,
      maxDepth: settings.ROUTER_MAX_DEPTH,
      maxFields: settings.ROUTER_MAX_FIELDS,
    },
    documentCapacity: settings.ROUTER_DOCUMENTS_KEPT,
    ...(keys ? { viewerKey: keys[0] } : {}),
    ...(jwksUrl === undefined ? {} : { tokens: tokenOptions(jwksUrl, settings) }),
  };
}

function tokenOptions(jwksUrl: string, settings: RouterSettings): NonNullable<RouterOptions['tokens']> {
  const { ROUTER_JWT_ISSUER: issuer, ROUTER_JWT_AUDIENCE: audience } = settings;
  return {
    jwksUrl,
    type: settings.ROUTER_JWT_TYPE,
    clockSkewSeconds: settings.ROUTER_JWT_CLOCK_SKEW_SECONDS,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
}

function tellWhatIsServed(router: Router, settings: RouterSettings): void {
  const { id, subgraphs, guarded } = router.supergraph();
  say(`Supergraph ${id} with the subgraphs ${subgraphs.join(', ')}`);
  if (guarded > 0 && settings.ROUTER_JWKS_URL === undefined) {
    say(
      `warning: ${guarded} types and fields ask for a sign-in, and without ROUTER_JWKS_URL nobody can be signed in`,
    );
  }
}

function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: string) => {
    if (stopping) return;
    stopping = true;
    say(`${signal}: stopping`);
    setTimeout(() => process.exit(1), STOP_WITHIN_MS + 1_000).unref();
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        // The operator must hear of it even on the way out.
        say(`Stopped, but: ${error.message}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

main().catch((error: Error) => {
  say(`The router could not start: ${error.message}`);
  process.exit(1);
});
