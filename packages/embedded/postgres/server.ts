/** PostgreSQL on the loopback address: the wire server in this thread, Postgres itself (PGlite) in one of its own. */
import type { Socket } from 'node:net';
import { LOOPBACK, listenOnLoopback } from '../net/listen.ts';
import type { EmbeddedServer, ServerOptions } from '../server.ts';
import { type Connection, type ConnectionHost, createConnection } from './connection.ts';
import { prepareDataFolder } from './data-folder.ts';
import { type EngineKeeper, keepEngine } from './engine-keeper.ts';
import { createGreetings, type Greetings } from './greetings.ts';
import { CANCEL_GRACE, MAX_CONNECTIONS, MAX_TURNED_AWAY, STOP_WITHIN } from './limits.ts';
import { createNotifier } from './notifier.ts';
import { createScheduler } from './scheduler.ts';
import { DATABASE, OWNER } from './wire/login.ts';
import type { ErrorFields } from './wire/messages.ts';

const fatal = (code: string, message: string, detail?: string): ErrorFields => ({
  severity: 'FATAL',
  code,
  message,
  detail,
});

const CRASHED = 'terminating connection because of crash of another server process';
const SHUTTING_DOWN = fatal('57P03', 'the database system is shutting down');
const STOPPED = fatal('57P01', 'terminating connection due to administrator command');
const TOO_MANY = fatal('53300', 'sorry, too many clients already');

/** Process ids are made up, one for each connection; real ones are larger than a few hundred, too. */
const FIRST_ID = 1000;

export async function startPostgres({
  dir,
  port = 0,
  warn = () => {},
}: ServerOptions): Promise<EmbeddedServer> {
  const dataDir = await prepareDataFolder(dir, warn);
  const connections = new Map<number, Connection>();
  const notifier = createNotifier<Connection>();
  const scheduler = createScheduler(() =>
    keeper.replace(`a cancelled statement did not end within ${CANCEL_GRACE / 1000} s`),
  );
  let greetings: Greetings = createGreetings([]);
  let stopping = false;
  let nextId = FIRST_ID;

  const keeper: EngineKeeper = await keepEngine(
    dataDir,
    {
      ...scheduler,
      onEngine(engine) {
        greetings = createGreetings(engine.parameters);
        scheduler.setEngine(engine);
      },
      onDeath(reason) {
        scheduler.setEngine(undefined);
        for (const connection of connections.values())
          connection.endWithEngine(fatal('57P02', CRASHED, `${dataDir}: ${reason}`));
      },
    },
    warn,
  );

  const host: ConnectionHost = {
    scheduler,
    greetings: () => greetings,
    refusal() {
      const failure = keeper.failure();
      if (stopping) return SHUTTING_DOWN;
      if (failure) return fatal('57P03', `PostgreSQL cannot start on ${dataDir}: ${failure}`);
      return connections.size > MAX_CONNECTIONS ? TOO_MANY : undefined;
    },
    unfinished: { bytes: 0 },
    cancel(pid, secret) {
      const connection = connections.get(pid);
      if (connection?.secret === secret) scheduler.cancel(connection, 'user');
    },
    listen: notifier.listen,
    notify: notifier.notify,
    onClosed(connection) {
      connections.delete(connection.id);
      notifier.listen(connection, []);
    },
  };

  const onConnection = (socket: Socket) => {
    const connection = createConnection(socket, nextId++, host);
    connections.set(connection.id, connection);
  };

  const listener = await listenOnLoopback({
    name: 'PostgreSQL',
    port,
    maxConnections: MAX_CONNECTIONS + MAX_TURNED_AWAY,
    onConnection,
  }).catch(async (error) => {
    await keeper.stop(true);
    throw error;
  });

  const stop = async () => {
    stopping = true;
    for (const connection of connections.values()) connection.endWhenIdle(STOPPED);
    const drained = await within(STOP_WITHIN, scheduler.drained());
    try {
      await keeper.stop(drained);
    } finally {
      await listener.close();
    }
  };

  return {
    url: `postgres://${OWNER}@${LOOPBACK}:${listener.port}/${DATABASE}`,
    port: listener.port,
    stop,
  };
}

/** False when it took longer. */
async function within(milliseconds: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const inTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
