/** One room as a process of its own: settings, stores, handler, port. What a room's main.ts calls. */
import { createHealth } from './health.ts';
import { createLog } from './log.ts';
import { createMetrics, createProcessMetrics, renderMetrics } from './metrics.ts';
import type { Store } from './request-scope.ts';
import { type Room, startRoom } from './room.ts';
import { type Served, serve } from './serve.ts';
import { mongodbUrl, postgresUrl, redisUrl, serviceSettings, viewerKeys } from './setting-kinds.ts';
import { parseSettings, type SettingsOf, type SettingsShape } from './settings.ts';
import { startTraces } from './traces.ts';

export interface ProcessInput {
  env: Record<string, string | undefined>;
  /** Command line without the program. */
  args: readonly string[];
  /** Settings of the product that other processes read; they may stand in the same environment. */
  alsoKnown?: readonly string[];
}

const STORE_URLS = {
  postgres: { setting: 'POSTGRES_URL', kind: postgresUrl },
  mongodb: { setting: 'MONGODB_URL', kind: mongodbUrl },
  redis: { setting: 'REDIS_URL', kind: redisUrl },
} as const;

const FLAGS = { host: 'HOST', port: 'PORT', 'metrics-port': 'SOUK_METRICS_PORT' } as const;

export async function serveRoom<Shape extends SettingsShape, Stores, Context extends object>(
  room: Room<Shape, Stores, Context>,
  { env, args, alsoKnown = [] }: ProcessInput,
): Promise<Served> {
  const shape = { ...serviceSettings, SOUK_VIEWER_KEY: viewerKeys, ...storeSettings(room) };
  const settings = parseSettings({
    shape: { ...shape, ...room.settings },
    env,
    args,
    flags: FLAGS,
    alsoKnown,
    check: (given) => missingUrls(room, given),
  }) as SettingsOf<typeof shape> & SettingsOf<Shape>;

  const log = createLog({ service: room.name, level: settings.SOUK_LOG_LEVEL });
  const metrics = createMetrics(room.name);
  const traces = await startTraces({ endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT, service: room.name });
  const running = await startRoom(room, {
    urls: urlsOf(room, settings),
    settings,
    viewerKeys: settings.SOUK_VIEWER_KEY,
    log,
    metrics,
    traces,
  });
  const registries = [metrics.registry, createProcessMetrics()];
  const metricsPort = settings.SOUK_METRICS_PORT;
  try {
    const served = await serve({
      handler: running.handler,
      log,
      host: settings.HOST,
      port: settings.PORT,
      health: createHealth(running.checks),
      streams: running.streams,
      ...(metricsPort === undefined
        ? {}
        : { metrics: { port: metricsPort, render: () => renderMetrics(registries) } }),
    });
    log.info(`${room.name} is ready at ${served.url}/graphql`);
    return {
      ...served,
      stop: async () => {
        await served.stop();
        await running.stop();
      },
    };
  } catch (error) {
    // A taken port, for one: the stores must not keep the process from ending.
    await running.stop();
    throw error;
  }
}

/** `CATALOG_MONGODB_URL` goes before `MONGODB_URL`. */
function namesOf(room: Pick<Room, 'name'>, store: Store): [own: string, shared: string] {
  const { setting } = STORE_URLS[store];
  return [`${room.name.toUpperCase()}_${setting}`, setting];
}

function storeSettings(room: Pick<Room, 'name' | 'stores'>): SettingsShape {
  const entries = room.stores.flatMap((store) =>
    namesOf(room, store).map((name) => [name, STORE_URLS[store].kind.optional()] as const),
  );
  return Object.fromEntries(entries);
}

function missingUrls(room: Pick<Room, 'name' | 'stores'>, given: Record<string, string>): string[] {
  return room.stores.flatMap((store) => {
    const [own, shared] = namesOf(room, store);
    if (given[own] !== undefined || given[shared] !== undefined) return [];
    return [
      `${shared} is not set, but must be (or ${own} for this domain alone); npm run embedded prints one`,
    ];
  });
}

function urlsOf(room: Pick<Room, 'name' | 'stores'>, settings: Record<string, unknown>) {
  const urls: Partial<Record<Store, string>> = {};
  for (const store of room.stores) {
    const [own, shared] = namesOf(room, store);
    urls[store] = (settings[own] ?? settings[shared]) as string;
  }
  return urls;
}
