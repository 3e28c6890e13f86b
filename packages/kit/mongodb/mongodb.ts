/** MongoDB through the official driver: a pool, its health, round trips counted. Each domain has its own database. */
import { type Db, MongoClient } from 'mongodb';
import { withoutPassword } from '../observe/log.ts';
import { beginRoundTrip } from '../observe/round-trips.ts';
import { noTraces, type Span, type Traces } from '../observe/traces.ts';

export interface MongodbOptions {
  url: string;
  /** Told to the server, so that its operator sees whose connections they are. */
  service: string;
  /** The domain's own; its name when not given. */
  database?: string;
  maxConnections?: number;
  /** How long the server may take to come up: 10 s when not given. */
  connectWithinMs?: number;
  /** How long a request waits for a server that is away: 3 s when not given. */
  selectWithinMs?: number;
  traces?: Traces;
}

export interface Mongodb {
  db: Db;
  client: MongoClient;
  check(): Promise<void>;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 20;
const CONNECT_WITHIN_MS = 10_000;
const SELECT_WITHIN_MS = 3_000;

export async function openMongodb(options: MongodbOptions): Promise<Mongodb> {
  const { url, service, database = service, maxConnections = MAX_CONNECTIONS } = options;
  const { selectWithinMs = SELECT_WITHIN_MS, traces = noTraces } = options;
  const client = new MongoClient(url, {
    appName: `souk-${service}`,
    maxPoolSize: maxConnections,
    serverSelectionTimeoutMS: selectWithinMs,
    connectTimeoutMS: selectWithinMs,
    // A field that is undefined is left out, rather than stored as null.
    ignoreUndefined: true,
    monitorCommands: traces !== noTraces,
  });
  if (traces === noTraces) countCommands(client);
  else observeCommands(client, traces);
  await connect(client, options);
  const db = client.db(database);
  return {
    db,
    client,
    check: async () => {
      await db.command({ ping: 1 });
    },
    close: () => client.close(),
  };
}

async function connect(client: MongoClient, options: MongodbOptions): Promise<void> {
  const { url, service, connectWithinMs = CONNECT_WITHIN_MS } = options;
  const deadline = Date.now() + connectWithinMs;
  for (;;) {
    try {
      await client.db('admin').command({ ping: 1 });
      return;
    } catch (error) {
      const { name, message } = error as Error;
      // A wrong password does not mend itself; only a server that is not there may come.
      if (name === 'MongoServerSelectionError' && Date.now() < deadline) continue;
      await client.close();
      throw new Error(
        `${service}: cannot use MongoDB at ${withoutPassword(url)}: ${message}. Check MONGODB_URL and that the server runs.`,
        { cause: error },
      );
    }
  }
}

/** What the driver sends by itself. */
const HOUSEKEEPING = new Set([
  'hello',
  'ismaster',
  'ping',
  'endSessions',
  'killCursors',
  'saslStart',
  'saslContinue',
]);

/**
 * Each command takes a connection for itself. Listening to commands would tell more, but makes the driver decode each answer
 * twice: a tenth of the requests a second.
 */
function countCommands(client: MongoClient): void {
  client.on('connectionCheckOutStarted', () => {
    beginRoundTrip('mongodb', '', noTraces);
  });
}

function observeCommands(client: MongoClient, traces: Traces): void {
  const open = new Map<number, Span>();
  client.on('commandStarted', ({ commandName, command, requestId }) => {
    if (HOUSEKEEPING.has(commandName)) return;
    const span = beginRoundTrip('mongodb', `${commandName} ${String(command[commandName])}`, traces);
    if (span) open.set(requestId, span);
  });
  const end = (requestId: number, error?: Error) => {
    const span = open.get(requestId);
    if (!span) return;
    open.delete(requestId);
    if (error) span.fail(error);
    span.end();
  };
  client.on('commandSucceeded', ({ requestId }) => end(requestId));
  client.on('commandFailed', ({ requestId, failure }) => end(requestId, failure));
}
