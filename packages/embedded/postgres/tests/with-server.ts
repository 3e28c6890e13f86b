/** One server for a test file: the stand-in, or the real one that POSTGRES_URL names, which then is the referee. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import postgres from 'postgres';
import type { EmbeddedServer } from '../../server.ts';
import { startPostgres } from '../server.ts';
import { openClient, type RawClient } from './raw-client.ts';

export interface TestServer {
  url: string;
  /** Undefined on a real server. */
  embedded: EmbeddedServer | undefined;
  warnings: string[];
  /** A driver that is closed at the end of the file. */
  driver(options?: postgres.Options<Record<string, never>>, url?: string): postgres.Sql;
  /** A connection by hand that is closed at the end of the test. */
  raw(parameters?: Record<string, string>): Promise<RawClient>;
}

export const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'souk-postgres-'));

export function withServer({ real = false }: { real?: boolean } = {}): TestServer {
  const drivers: postgres.Sql[] = [];
  const clients: RawClient[] = [];
  const dir = temporaryFolder();
  const server: TestServer = {
    url: (real && process.env.POSTGRES_URL) || '',
    embedded: undefined,
    warnings: [],
    driver(options = {}, url = server.url) {
      const sql = postgres(url, { onnotice: () => {}, ...options });
      drivers.push(sql);
      return sql;
    },
    async raw(parameters) {
      const client = await openClient(server.url, parameters);
      clients.push(client);
      return client;
    },
  };

  beforeAll(async () => {
    if (server.url) return;
    server.embedded = await startPostgres({ dir, warn: (message) => server.warnings.push(message) });
    server.url = server.embedded.url;
  });

  // A transaction that a failing test leaves open would hold up all others.
  afterEach(() => {
    for (const client of clients.splice(0)) client.socket.destroy();
  });

  afterAll(async () => {
    await Promise.all(drivers.map((sql) => sql.end({ timeout: 1 })));
    await server.embedded?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  return server;
}

/** Waits for something that becomes true by itself; gives up just before jest does, so that the wait is what failed. */
export async function eventually(holds: () => boolean | Promise<boolean>, within = 25_000): Promise<void> {
  const end = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not become true in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
