/** What an operator may set about documents and HTTP. */
import { integer, oneOf, onOrOff } from '@souk/kit/settings/kinds';
import { z } from 'zod';
import { HTTP_DEFAULTS, type HttpOptions } from './options.ts';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

/** Compared letter by letter with what browsers send, so nothing may follow the port. */
const origins = list.refine(
  (names) => names.includes('*') === (names.length === 1 && names[0] === '*') && names.every(isOrigin),
  'must be origins such as https://shop.example with commas between them, or *',
);

export const HTTP_SETTINGS = {
  ROUTER_DOCUMENTS: oneOf('open', 'registered').default('open'),
  ROUTER_REGISTERED_DOCUMENTS: list.optional(),
  ROUTER_INTROSPECTION: onOrOff.default(true),
  ROUTER_MAX_BATCH: integer(0, 1_000).default(HTTP_DEFAULTS.maxBatch),
  ROUTER_MAX_BODY_KB: integer(1, 1_048_576).default(1_024),
  ROUTER_MAX_RUNNING: integer(1, 1_000_000).default(HTTP_DEFAULTS.queue.maxRunning),
  ROUTER_MAX_WAITING: integer(0, 1_000_000).default(HTTP_DEFAULTS.queue.maxWaiting),
  ROUTER_MAX_WAIT_MS: integer(10, 60_000).default(HTTP_DEFAULTS.queue.maxWaitMs),
  ROUTER_MAX_CONNECTIONS: integer(1, 1_000_000).default(20_000),
  ROUTER_REQUEST_TIMEOUT_MS: integer(100, 600_000).default(30_000),
  ROUTER_STALL_TIMEOUT_MS: integer(100, 3_600_000).default(60_000),
  ROUTER_STOP_WITHIN_MS: integer(0, 24_000).default(20_000),
  ROUTER_COMPRESSION: onOrOff.default(HTTP_DEFAULTS.compression),
  ROUTER_CORS_ORIGINS: origins.optional(),
  ROUTER_CORS_CREDENTIALS: onOrOff.default(false),
  ROUTER_CORS_MAX_AGE_SECONDS: integer(0, 86_400).default(7_200),
};

export type HttpSettings = z.output<z.ZodObject<typeof HTTP_SETTINGS>>;

export function httpOptionsOf(settings: HttpSettings): HttpOptions {
  const { ROUTER_CORS_ORIGINS: names } = settings;
  return {
    compression: settings.ROUTER_COMPRESSION,
    maxBatch: settings.ROUTER_MAX_BATCH,
    queue: {
      maxRunning: settings.ROUTER_MAX_RUNNING,
      maxWaiting: settings.ROUTER_MAX_WAITING,
      maxWaitMs: settings.ROUTER_MAX_WAIT_MS,
    },
    cors: names && {
      origins: names[0] === '*' ? '*' : names,
      credentials: settings.ROUTER_CORS_CREDENTIALS,
      maxAgeSeconds: settings.ROUTER_CORS_MAX_AGE_SECONDS,
    },
  };
}

/** Of settings that are right each by itself, but not together. */
export function httpFaults(env: Record<string, string | undefined>): string[] {
  const faults: string[] = [];
  if (env.ROUTER_DOCUMENTS?.trim() === 'registered' && !env.ROUTER_REGISTERED_DOCUMENTS?.trim()) {
    faults.push('ROUTER_DOCUMENTS=registered needs manifests in ROUTER_REGISTERED_DOCUMENTS');
  }
  if (env.ROUTER_CORS_CREDENTIALS?.trim() === 'on' && env.ROUTER_CORS_ORIGINS?.trim() === '*') {
    faults.push('ROUTER_CORS_CREDENTIALS=on needs origins by name in ROUTER_CORS_ORIGINS, not *');
  }
  return faults;
}

function isOrigin(text: string): boolean {
  return (
    text === '*' || (!text.slice(1).includes('*') && URL.canParse(text) && new URL(text).origin === text)
  );
}
