/** One room as a process of its own: settings, stores, handler, port. What a room's main.ts calls. */
import { createHealth } from '../http/health.ts';
import { type Served, serve } from '../http/serve.ts';
import { createLog } from '../observe/log.ts';
import { createMetrics, createProcessMetrics, renderMetrics } from '../observe/metrics.ts';
import { startTraces } from '../observe/traces.ts';
import { serviceSettings, viewerKeys } from '../settings/kinds.ts';
import { parseSettings, type SettingsOf, type SettingsShape } from '../settings/settings.ts';
import { knownSettings } from './known-settings.ts';
import { type Room, startRoom } from './room.ts';
import { attachRoomSockets } from './sockets.ts';
import { missingStoreUrls, storeSettings, storeUrls } from './store-settings.ts';

export interface ProcessInput {
  env: Record<string, string | undefined>;
  /** Command line without the program. */
  args: readonly string[];
}

const FLAGS = { host: 'HOST', port: 'PORT', 'metrics-port': 'SOUK_METRICS_PORT' } as const;

export async function serveRoom<Shape extends SettingsShape, Stores, Context extends object>(
  room: Room<Shape, Stores, Context>,
  { env, args }: ProcessInput,
): Promise<Served> {
  const shape = { ...serviceSettings, SOUK_VIEWER_KEY: viewerKeys, ...storeSettings(room) };
  const settings = parseSettings({
    shape: { ...shape, ...room.settings },
    env,
    args,
    flags: FLAGS,
    alsoKnown: knownSettings(),
    check: (given) => missingStoreUrls(room, given),
  }) as SettingsOf<typeof shape> & SettingsOf<Shape>;

  const log = createLog({ service: room.name, level: settings.SOUK_LOG_LEVEL });
  const metrics = createMetrics(room.name);
  const traces = await startTraces({ endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT, service: room.name });
  const running = await startRoom(room, {
    urls: storeUrls(room, settings),
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
    const sockets = attachRoomSockets({
      server: served.server,
      subscribe: running.subscribe,
      viewerKeys: settings.SOUK_VIEWER_KEY,
      log,
      metrics,
    });
    log.info(`${room.name} is ready at ${served.url}/graphql`);
    return {
      ...served,
      stop: async () => {
        await sockets.stop();
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
