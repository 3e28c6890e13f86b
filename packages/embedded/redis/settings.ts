/** What CONFIG GET shows and CONFIG SET changes. Only what has an effect here can be set. */

import { DATABASES } from './keyspace/keyspace.ts';
import { formatEventFlags, parseEventFlags } from './keyspace-events.ts';
import { ALL_CLIENTS_LIMIT, MAX_CLIENTS, QUERY_BUFFER_LIMIT } from './limits.ts';
import { MAX_BULK_BYTES } from './protocol/request-reader.ts';

export interface Settings {
  eventFlags: ReadonlySet<string>;
  port: number;
  dir: string;
}

export interface Setting {
  read(settings: Settings): string;
  /** False when the value is not one it can have. None where it cannot be changed while running. */
  write?: (settings: Settings, value: string) => boolean;
  invalid?: string;
}

const fixed = (value: string | number): Setting => ({ read: () => String(value) });

export const SETTINGS: Readonly<Record<string, Setting>> = {
  'notify-keyspace-events': {
    read: ({ eventFlags }) => formatEventFlags(eventFlags),
    write: (settings, value) => {
      const flags = parseEventFlags(value);
      if (flags) settings.eventFlags = flags;
      return flags !== undefined;
    },
    invalid: "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.",
  },
  appendfsync: fixed('everysec'),
  appendonly: fixed('yes'),
  bind: fixed('127.0.0.1'),
  'client-output-buffer-limit': fixed('normal 0 0 0 slave 0 0 0 pubsub 33554432 8388608 60'),
  'client-query-buffer-limit': fixed(QUERY_BUFFER_LIMIT),
  'cluster-enabled': fixed('no'),
  databases: fixed(DATABASES),
  dir: { read: ({ dir }) => dir },
  maxclients: fixed(MAX_CLIENTS),
  maxmemory: fixed(0),
  'maxmemory-clients': fixed(ALL_CLIENTS_LIMIT),
  'maxmemory-policy': fixed('noeviction'),
  port: { read: ({ port }) => String(port) },
  'proto-max-bulk-len': fixed(MAX_BULK_BYTES),
  requirepass: fixed(''),
  save: fixed(''),
  timeout: fixed(0),
};
