/** What an operator may set for `npm start`: its own settings and those of every room, parsed once. */

import type { Store } from '@souk/kit/observe/request-scope';
import { knownSettings } from '@souk/kit/room/known-settings';
import type { Room } from '@souk/kit/room/room';
import { storeSettings, storeUrls } from '@souk/kit/room/store-settings';
import { logLevel, oneOf, serviceSettings } from '@souk/kit/settings/kinds';
import { parseSettings, type SettingsOf, type SettingsShape } from '@souk/kit/settings/settings';
import { RATE_SETTINGS } from '@souk/router/settings';
import { z } from 'zod';

export interface ProcessSettings {
  host: string;
  port: number;
  metricsPort: number | undefined;
  logLevel: SettingsOf<typeof OWN>['SOUK_LOG_LEVEL'];
  tracesEndpoint: string | undefined;
  dataDir: string;
  seed: 'demo' | 'none';
  /** Simulated people use the demo shop. */
  lively: boolean;
  /** Requests a minute, where they are limited. */
  rates: { perAddress: number; perViewer: number } | undefined;
  trustedProxies: readonly string[];
  /** Where clients reach this API; the address that is listened on when not set. */
  publicUrl: string | undefined;
  /** As set for each room; what is missing is embedded. */
  urls: Record<string, Partial<Record<Store, string>>>;
  /** What the rooms themselves can be told, by name in the environment. */
  ofRooms: Record<string, unknown>;
}

export interface SettingsInput {
  env: Record<string, string | undefined>;
  /** Command line without the program. */
  args: readonly string[];
  flags: typeof JOB_FLAGS | typeof SERVING_FLAGS;
}

/** Of this process itself. */
export const OWN = {
  ...serviceSettings,
  ...RATE_SETTINGS,
  // A person reads along here; each request would be a line at `info`.
  SOUK_LOG_LEVEL: logLevel.default('warn'),
  SOUK_DATA_DIR: z.string().default('.souk'),
  SOUK_SEED: oneOf('demo', 'none').default('demo'),
  SOUK_LIVELY: oneOf('on', 'off').default('off'),
};

export const JOB_FLAGS = { 'data-dir': 'SOUK_DATA_DIR' } as const;
export const SERVING_FLAGS = {
  ...JOB_FLAGS,
  host: 'HOST',
  port: 'PORT',
  seed: 'SOUK_SEED',
  lively: 'SOUK_LIVELY',
} as const;

type KnownRoom = Pick<Room, 'name' | 'stores' | 'settings'>;

export function parseProcessSettings(rooms: readonly KnownRoom[], input: SettingsInput): ProcessSettings {
  const { env, flags } = input;
  // The one flag that says all by itself.
  const args = input.args.map((arg) => (arg === '--lively' ? '--lively=on' : arg));
  const roomShape: SettingsShape = Object.assign({}, ...rooms.map(({ settings }) => settings));
  const shape = { ...roomShape, ...Object.assign({}, ...rooms.map(storeSettings)), ...OWN };
  const parsed = parseSettings({ shape, env, args, flags, alsoKnown: knownSettings() });
  const own = parsed as SettingsOf<typeof OWN>;
  const all = parsed as Record<string, unknown>;
  const publicUrl = env.SOUK_PUBLIC_URL?.trim() ? (all.SOUK_PUBLIC_URL as string | undefined) : undefined;
  return {
    host: own.HOST,
    port: own.PORT,
    metricsPort: own.SOUK_METRICS_PORT,
    logLevel: own.SOUK_LOG_LEVEL,
    tracesEndpoint: own.OTEL_EXPORTER_OTLP_ENDPOINT,
    dataDir: own.SOUK_DATA_DIR,
    seed: own.SOUK_SEED,
    lively: own.SOUK_LIVELY === 'on',
    rates: ratesOf(own, env),
    trustedProxies: own.ROUTER_TRUSTED_PROXIES ?? [],
    publicUrl,
    urls: Object.fromEntries(rooms.map((room) => [room.name, storeUrls(room, all)])),
    ofRooms: Object.fromEntries(Object.keys(roomShape).map((name) => [name, all[name]])),
  };
}

/** On a machine that only its own user reaches, all clients have one address: nobody is limited unless it is set. */
function ratesOf(
  { HOST: host, ROUTER_RATE_ADDRESS: perAddress, ROUTER_RATE_VIEWER: perViewer }: SettingsOf<typeof OWN>,
  env: SettingsInput['env'],
): ProcessSettings['rates'] {
  const isSet = Object.keys(RATE_SETTINGS).some((name) => env[name]?.trim());
  const isLocal = /^(?:localhost|127\..*|::1)$/.test(host);
  return isSet || !isLocal ? { perAddress, perViewer } : undefined;
}

export const USAGE = `npm start [-- options]

Serves the whole supergraph in one process: every subgraph, the router, and the databases that no URL is set for.

  --host HOST      what to listen on                 (HOST, default 127.0.0.1)
  --port PORT      0 takes any free port             (PORT, default 4000)
  --data-dir DIR   where embedded databases live     (SOUK_DATA_DIR, default .souk)
  --seed SEED      demo or none: what a first start loads   (SOUK_SEED, default demo)
  --lively         simulated people use the demo shop, so that there is something to subscribe to   (SOUK_LIVELY=on)
  --help           prints this

POSTGRES_URL, MONGODB_URL and REDIS_URL name your own servers; README.md lists all settings.
`;
