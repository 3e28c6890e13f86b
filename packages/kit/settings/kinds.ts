/** The kinds of setting that services share. A message continues the setting's name: "PORT must be …". */
import { z } from 'zod';
import { parseViewerKeys } from '../auth/viewer.ts';
import { LOG_LEVELS } from '../observe/log.ts';

/** 0 takes any free port. */
export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port from 0 to 65535');

export const host = z.string().regex(/^[A-Za-z0-9_.:-]+$/, 'must be a host name or an address to listen on');

export function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, message)
    .transform(Number)
    .refine((number) => number >= min && number <= max, message);
}

/** The value itself is never told: it may hold a password. */
export function url(...protocols: string[]) {
  const message = `must be a URL that starts with ${protocols.map((name) => `${name}://`).join(' or ')}`;
  return z.string().refine((text) => {
    const parsed = URL.canParse(text) ? new URL(text) : undefined;
    return parsed !== undefined && protocols.includes(parsed.protocol.slice(0, -1));
  }, message);
}

/** Without a slash at its end, so that paths can be put behind it. */
export const baseUrl = url('http', 'https').transform((text) => text.replace(/\/+$/, ''));

/** Where clients reach what is served: the same for whoever writes an address below it. */
export const publicUrl = baseUrl.default('http://127.0.0.1:4000');

/** Parts with commas between them, each trimmed; empty ones are left out. */
export const list = z.string().transform((text) => text.split(',').flatMap((part) => part.trim() || []));

export const postgresUrl = url('postgres', 'postgresql');
export const mongodbUrl = url('mongodb', 'mongodb+srv');
export const redisUrl = url('redis', 'rediss');

export function oneOf<const Choice extends string>(...choices: readonly [Choice, ...Choice[]]) {
  return z.enum(choices, { error: `must be one of ${choices.join(', ')}` });
}

export const onOrOff = oneOf('on', 'off').transform((text) => text === 'on');

export const logLevel = oneOf(...LOG_LEVELS);

/** `SOUK_VIEWER_KEY`: the first key signs, all of them verify. */
export const viewerKeys = z.string().transform((text, context) => {
  try {
    return parseViewerKeys(text);
  } catch (error) {
    // The message says which key and what is wrong with it, without the key.
    context.addIssue({ code: 'custom', message: `is no list of keys: ${(error as Error).message}` });
    return z.NEVER;
  }
});

/** What every service on its own can be told. */
export const serviceSettings = {
  HOST: host.default('127.0.0.1'),
  PORT: port.default(4000),
  SOUK_METRICS_PORT: port.optional(),
  SOUK_LOG_LEVEL: logLevel.default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https').optional(),
};
