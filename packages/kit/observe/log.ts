/** Structured logs: one JSON object a line on standard output, each with the id of the request that it is about. */
import { type DestinationStream, type Logger, pino } from 'pino';
import { errorFields } from './error-fields.ts';
import { currentScope } from './request-scope.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  service: string;
  level?: LogLevel;
  /** Standard output when not given. */
  destination?: DestinationStream;
}

/** Never written, wherever they turn up in the first three levels of what is logged. */
const SECRETS = [
  'password',
  'newPassword',
  'currentPassword',
  'passwordHash',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'guestToken',
  'apiKey',
  'authorization',
  'cookie',
  '"set-cookie"',
  '"souk-viewer"',
  '"souk-guest"',
  '"x-api-key"',
];

const secretPaths = SECRETS.flatMap((name) => {
  const last = name.startsWith('"') ? `[${name}]` : `.${name}`;
  return [name.startsWith('"') ? last : name, `*${last}`, `*.*${last}`];
});

export function createLog({ service, level = 'info', destination }: LogOptions): Log {
  const options = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => errorFields(error) },
    redact: { paths: secretPaths, censor: '[secret]' },
    mixin: () => {
      const scope = currentScope();
      return scope ? { requestId: scope.requestId } : {};
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** For tests and tools that say nothing. */
export const silentLog: Log = pino({ level: 'silent' });

/** A URL fit for a log or an error message: without the password. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#]*?):[^@/?#]*@/i, '$1:***@');
}
