/** The worker side of start.ts: one server on a thread of its own, so that a long query holds up no one else. */
import { parentPort, workerData } from 'node:worker_threads';
import type { EmbeddedServer, ServerOptions } from './server.ts';

export type ServerKind = 'postgres' | 'mongodb' | 'redis';

export interface ThreadInput {
  kind: ServerKind;
  dir: string;
  port: number;
}

export type ThreadMessage =
  | { type: 'ready'; url: string }
  | { type: 'warning'; message: string }
  | { type: 'failed'; message: string }
  | { type: 'stopped' };

/** Loaded on demand: a thread reads only its own server's code. */
const starters: Record<ServerKind, () => Promise<(options: ServerOptions) => Promise<EmbeddedServer>>> = {
  postgres: async () => (await import('./postgres/server.ts')).startPostgres,
  mongodb: async () => (await import('./mongodb/server.ts')).startMongoDB,
  redis: async () => (await import('./redis/server.ts')).startRedis,
};

const tell = (message: ThreadMessage) => parentPort?.postMessage(message);

async function run({ kind, dir, port }: ThreadInput): Promise<void> {
  const start = await starters[kind]();
  const server = await start({ dir, port, warn: (message) => tell({ type: 'warning', message }) });
  parentPort?.once('message', async () => {
    try {
      await server.stop();
      tell({ type: 'stopped' });
    } catch (error) {
      // What could not be written out at the end is for the operator to know.
      tell({ type: 'failed', message: (error as Error).message });
    }
    parentPort?.close();
  });
  tell({ type: 'ready', url: server.url });
}

run(workerData as ThreadInput).catch((error: Error) => {
  // A fault at start is told in one sentence; the thread then ends by itself.
  tell({ type: 'failed', message: error.message });
  parentPort?.close();
});
