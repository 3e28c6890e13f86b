/** Redis 7.2 as far as an online shop needs it: RESP2 and RESP3, on a log of its own. What it lacks it refuses. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Listener, listenOnLoopback } from '../net/listen.ts';
import type { EmbeddedServer, ServerOptions } from '../server.ts';
import { commandTable, replayTable } from './commands/table.ts';
import { type Connections, createConnections } from './connection.ts';
import { createDispatcher } from './dispatch.ts';
import { createInstance, type Instance, listenToKeyspace } from './instance.ts';
import { MAX_CLIENTS } from './limits.ts';
import { decodeRecord } from './record.ts';
import { snapshotRecords } from './snapshot.ts';

export const LOG_FILE = 'redis.log';

export async function startRedis(options: ServerOptions): Promise<EmbeddedServer> {
  const { dir, port = 0, warn = () => {} } = options;
  mkdirSync(dir, { recursive: true });
  const instance = createInstance(dir, warn, {
    serve: (wait) => dispatcher.serve(wait),
    resume: (client) => connections.resume(client),
    flushed: (client) => connections.flushed(client),
  });
  const dispatcher = createDispatcher(instance, commandTable, replayTable);
  const connections = createConnections(instance, dispatcher);
  instance.journal.open({
    path: join(dir, LOG_FILE),
    replay: (bytes) => dispatcher.replay(decodeRecord(bytes)),
    snapshot: () => snapshotRecords(instance.keyspace),
    warn,
  });
  letTimePass(instance);
  const listener = await listen(instance, connections, port);
  instance.settings.port = listener.port;
  return {
    url: `redis://127.0.0.1:${listener.port}`,
    port: listener.port,
    stop: async () => {
      instance.turn.end();
      instance.sweeper.stop();
      await listener.close();
      await instance.journal.close();
    },
  };
}

/** To be called after the replay: what expired while the server was down goes first. */
function letTimePass(instance: Instance): void {
  const { keyspace, journal, sweeper } = instance;
  listenToKeyspace(instance);
  keyspace.now = Date.now();
  keyspace.expireDue(Infinity);
  journal.commit();
  const next = keyspace.nextExpiry;
  if (next !== undefined) sweeper.expectAt(next);
}

async function listen(instance: Instance, connections: Connections, port: number): Promise<Listener> {
  try {
    return await listenOnLoopback({
      name: 'Redis',
      port,
      maxConnections: MAX_CLIENTS,
      onConnection: connections.accept,
      onRefused: (socket) => {
        instance.statistics.refusedConnections++;
        socket.write('-ERR max number of clients reached\r\n');
      },
    });
  } catch (error) {
    // The port is taken: the log must not stay open behind the caller's back.
    instance.sweeper.stop();
    await instance.journal.close();
    throw error;
  }
}
