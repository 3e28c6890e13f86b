/** A server on a folder of its own, that a test can stop and start again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedServer } from '../../server.ts';
import { startRedis } from '../server.ts';
import { RespClient } from './resp-client.ts';

export interface ServerUnderTest {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  /** What the operator was told. */
  readonly warnings: string[];
  connect(): Promise<RespClient>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

export async function startOnFreshFolder(): Promise<ServerUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'souk-redis-'));
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  let running: EmbeddedServer | undefined = await startRedis({ dir, warn });
  const { port, url } = running;
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  return {
    url,
    port,
    dir,
    warnings,
    connect: () => RespClient.open(url),
    stop,
    restart: async () => {
      await stop();
      running = await startRedis({ dir, port, warn });
    },
    remove: async () => {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
