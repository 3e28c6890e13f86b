/** The whole supergraph in one process. Requests go from the router to the rooms without a socket, signed all the same. */
import { join } from 'node:path';
import type { Handler } from '@souk/kit/http/handler';
import { createHealth, type HealthCheck } from '@souk/kit/http/health';
import { type Served, serve } from '@souk/kit/http/serve';
import { createProcessMetrics, renderMetrics } from '@souk/kit/observe/metrics';
import { startTraces, type Traces } from '@souk/kit/observe/traces';
import type { SubscribeHandler } from '@souk/kit/subscriptions/subscribe';
import { createRouter, type Router } from '@souk/router/create';
import { createFront, type Front, pathsOf, type RoomPaths, type Service } from './front.ts';
import { type House, type HouseOptions, logsOf, openHouse } from './house.ts';
import type { StartedRoom } from './rooms.ts';
import { ROOT } from './root.ts';

export interface OneProcessOptions extends Omit<HouseOptions, 'publicUrl'> {
  /** Fills the stores before anything is answered. */
  load(rooms: readonly StartedRoom[]): Promise<void>;
}

export interface OneProcess {
  url: string;
  metricsUrl?: string;
  stop(): Promise<void>;
}

/** The keys never leave the process; the host is only a name to read in a log. */
const KEYS_URL = 'http://this-process/.well-known/jwks.json';

/** On a machine that only its own user reaches. */
const NOBODY_IS_LIMITED = { maxPerAddress: 0, maxPerViewer: 0 };

export async function startOneProcess(options: OneProcessOptions): Promise<OneProcess> {
  const { settings, load } = options;
  const front = createFront();
  const served = await serveFront(front, options);
  const url = reachable(served);
  const publicUrl = settings.publicUrl ?? url;
  let house: House | undefined;
  let routed: Routed | undefined;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    // Who stays connected is sent away when nobody can come in any more, or they would come back here.
    stopped ??= Promise.all([served.stop(), routed?.router.disconnect()])
      .then(() => routed?.stop())
      .finally(() => house?.close());
    return stopped;
  };
  try {
    // Both take a second: the stores on threads of their own, the router's plans on this one.
    const [opened, planned] = await Promise.allSettled([
      openHouse({ ...options, publicUrl }),
      route(options, publicUrl, () => house!.started),
    ]);
    if (planned.status === 'fulfilled') routed = planned.value;
    if (opened.status === 'fulfilled') house = opened.value;
    if (opened.status === 'rejected') throw opened.reason;
    if (planned.status === 'rejected') throw planned.reason;
    planned.value.router.connectRedis(opened.value.storeUrls.accounts!.redis!);
    await load(opened.value.started);
    front.open(serviceOf(opened.value.started, planned.value));
    planned.value.router.attach(served.server);
  } catch (error) {
    // The first fault is the one to tell; a second one on the way out would only hide it.
    await stop().catch(() => {});
    throw error;
  }
  return { url, ...(served.metricsUrl === undefined ? {} : { metricsUrl: served.metricsUrl }), stop };
}

function serveFront(
  { handler, health, streams, metrics }: Front,
  { settings }: OneProcessOptions,
): Promise<Served> {
  const { host, port, metricsPort } = settings;
  const log = logsOf(settings)('souk');
  const figures = metricsPort === undefined ? {} : { metrics: { port: metricsPort, render: metrics } };
  return serve({ handler, health, streams, log, host, port, ...figures });
}

/** Nobody can open `http://0.0.0.0`, though many listen there. */
function reachable({ url }: Served): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

interface Routed {
  router: Router;
  paths: RoomPaths;
  stop(): Promise<void>;
}

/** Made before the rooms are there, and asked only when they are: `started` answers from then on. */
async function route(
  { rooms, settings, viewerKey }: OneProcessOptions,
  publicUrl: string,
  started: () => readonly StartedRoom[],
): Promise<Routed> {
  const traces: Traces = await startTraces({ endpoint: settings.tracesEndpoint, service: 'router' });
  const running = (name: string) => started().find(({ room }) => room.name === name)!.running;
  const perRoom = <Value>(make: (name: string) => Value) =>
    Object.fromEntries(rooms.map(({ name }) => [name, make(name)]));
  let found: RoomPaths | undefined;
  const paths: RoomPaths = (method, path) => {
    found ??= pathsOf(started());
    return found(method, path);
  };
  const router = await createRouter({
    supergraph: { file: join(ROOT, 'schema/supergraph.graphql') },
    handlers: perRoom(
      (name): Handler =>
        (request) =>
          running(name).handler(request),
    ),
    subscribeHandlers: perRoom(
      (name): SubscribeHandler =>
        (request) =>
          running(name).subscribe(request),
    ),
    viewerKey,
    tokens: {
      jwksUrl: KEYS_URL,
      keysHandler: keysIn(paths),
      issuer: publicUrl,
      audience: publicUrl,
      type: 'at+jwt',
    },
    revocations: { channel: 'souk:revocations', stream: 'souk:revocations:recent' },
    ...(settings.rates ? { rates: settings.rates } : { sockets: NOBODY_IS_LIMITED }),
    trustedProxies: settings.trustedProxies,
    documents: { mode: 'open', manifests: [join(ROOT, 'schema/generated')] },
    explorer: true,
    // A demo shop keeps no secrets: its explorer shows how operations are run.
    development: settings.seed === 'demo',
    traces,
    log: logsOf(settings)('router'),
  });
  return { router, paths, stop: () => router.stop().finally(traces.stop) };
}

function keysIn(paths: RoomPaths): Handler {
  return (request) => {
    const handler = paths(request.method, request.path);
    if (!handler) throw new Error(`no room serves ${request.path}, so no token can be verified`);
    return handler(request);
  };
}

function serviceOf(started: readonly StartedRoom[], { router, paths }: Routed): Service {
  const registries = [router.metrics, ...started.map(({ metrics }) => metrics)].map(
    ({ registry }) => registry,
  );
  registries.push(createProcessMetrics());
  return {
    handler: (request) => (paths(request.method, request.path) ?? router.handler)(request),
    health: createHealth({ ...checksOf(started), ...router.checks }),
    streams: (method, path) => started.some(({ running }) => running.streams(method, path)),
    metrics: () => renderMetrics(registries),
  };
}

function checksOf(started: readonly StartedRoom[]): Record<string, HealthCheck> {
  return Object.fromEntries(
    started.flatMap(({ room, running }) =>
      Object.entries(running.checks).map(([store, check]) => [`${room.name} ${store}`, check] as const),
    ),
  );
}
