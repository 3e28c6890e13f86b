/** Starts the MongoDB stand-in: storage, commands and sockets put together. */
import type { Socket } from 'node:net';
import { type Listener, LOOPBACK, listenOnLoopback } from '../net/listen.ts';
import type { EmbeddedServer, ServerOptions } from '../server.ts';
import type { ServerState } from './commands/command.ts';
import { CursorStore } from './commands/cursors.ts';
import { dispatch } from './commands/dispatch.ts';
import { failureReply } from './commands/failure.ts';
import { Store } from './storage/store.ts';
import { removeExpired, SWEEP_EVERY_MS } from './storage/ttl.ts';
import { serveConnection } from './wire/connection.ts';

const MAX_CONNECTIONS = 1000;
const STALL_MS = 60_000;
/** So long a client has to take the replies that are on their way when the server stops. */
const FAREWELL_MS = 500;

/** What tests turn: everything else is as it is. */
export interface MongoOptions extends ServerOptions {
  now?: () => Date;
  sweepEveryMs?: number;
  stallMs?: number;
  compactAbove?: number;
}

export async function startMongoDB(options: MongoOptions): Promise<EmbeddedServer> {
  const { dir, warn = () => {}, now = () => new Date(), compactAbove } = options;
  const store = new Store({ dir, warn, compactAbove });
  const sockets = new Set<Socket>();
  const unfinished = { bytes: 0 };
  let listener: Listener | undefined;
  const state: ServerState = {
    store,
    cursors: new CursorStore(() => store.retiredBytes),
    now,
    startedAt: now(),
    port: () => listener?.port ?? 0,
    counters: { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 },
    connections: { current: 0, totalCreated: 0, max: MAX_CONNECTIONS },
  };

  function onConnection(socket: Socket): void {
    const connectionId = ++state.connections.totalCreated;
    state.connections.current = sockets.add(socket).size;
    socket.on('close', () => {
      sockets.delete(socket);
      state.connections.current = sockets.size;
    });
    const clientAddress = `${socket.remoteAddress}:${socket.remotePort}`;
    serveConnection(socket, {
      answer: (request) => dispatch({ ...request, connectionId, clientAddress }, state, warn),
      failure: failureReply,
      stallMs: options.stallMs ?? STALL_MS,
      unfinished,
      warn,
    });
  }

  try {
    listener = await listenOnLoopback({
      name: 'MongoDB',
      port: options.port,
      maxConnections: MAX_CONNECTIONS,
      onConnection,
    });
  } catch (error) {
    // The port is not to be had: the caller is told, and the file let go.
    await store.close();
    throw error;
  }
  const { port, close } = listener;
  const sweeper = setInterval(() => sweep(state, warn), options.sweepEveryMs ?? SWEEP_EVERY_MS);
  sweeper.unref();

  return {
    url: `mongodb://${LOOPBACK}:${port}/`,
    port,
    async stop() {
      clearInterval(sweeper);
      await sayFarewell(sockets);
      await close();
      await store.close();
    },
  };
}

function sweep({ store, cursors, now }: ServerState, warn: (message: string) => void): void {
  cursors.killIdle();
  try {
    store.write(() => removeExpired(store.catalog, now()));
  } catch (error) {
    // A full disk, most likely: the next sweep tries again.
    warn(`documents past their time could not be removed: ${(error as Error).message}`);
  }
}

/** Commands end within their turn, so all that may be under way are replies. */
async function sayFarewell(sockets: ReadonlySet<Socket>): Promise<void> {
  const gone = [...sockets].map((socket) => {
    socket.destroySoon();
    return new Promise<void>((resolve) => socket.once('close', () => resolve()));
  });
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FAREWELL_MS);
  });
  await Promise.race([Promise.all(gone), timeUp]);
  clearTimeout(timer);
}
