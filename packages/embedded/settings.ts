/** What an operator may set for `npm run embedded`, parsed once; every fault is told in one message. */
import { parseArgs } from 'node:util';
import type { ServerKind } from './thread.ts';

export interface Settings {
  dataDir: string;
  ports: Record<ServerKind, number>;
  help: boolean;
}

export const USAGE = `npm run embedded [-- options]

Starts PostgreSQL, MongoDB and Redis stand-ins on 127.0.0.1 and prints the line that exports their URLs.

  --data-dir DIR         where the data lives        (SOUK_DATA_DIR, default .souk)
  --postgres-port PORT   0 takes any free port       (default 0)
  --mongodb-port PORT    likewise
  --redis-port PORT      likewise
  --help                 prints this
`;

export class SettingsError extends Error {}

export function parseSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const flags = parseFlags(args);
  const faults: string[] = [];
  const port = (flag: 'postgres-port' | 'mongodb-port' | 'redis-port'): number => {
    const text = flags[flag] ?? '0';
    const number = Number(text);
    if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
    faults.push(`--${flag} is "${text}", but must be a port from 0 to 65535`);
    return 0;
  };
  const ports = { postgres: port('postgres-port'), mongodb: port('mongodb-port'), redis: port('redis-port') };
  const chosen = Object.values(ports).filter((number) => number !== 0);
  if (new Set(chosen).size < chosen.length) faults.push('two servers are given the same port');
  const dataDir = flags['data-dir'] ?? env.SOUK_DATA_DIR ?? '.souk';
  if (dataDir.trim() === '') faults.push('SOUK_DATA_DIR (or --data-dir) is empty, but must name a folder');
  if (faults.length > 0) throw new SettingsError(faults.join('\n'));
  return { dataDir, ports, help: flags.help ?? false };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'data-dir': { type: 'string' },
        'postgres-port': { type: 'string' },
        'mongodb-port': { type: 'string' },
        'redis-port': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    // parseArgs names the flag; the usage says which there are.
    throw new SettingsError(`${(error as Error).message}\n\n${USAGE}`);
  }
}
