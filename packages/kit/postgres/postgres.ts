/** PostgreSQL through Drizzle and node-postgres: a pool and its health. Each domain has a schema of its own. */
import { type Column, type SQL, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { withoutPassword } from '../observe/log.ts';
import { noTraces, type Traces } from '../observe/traces.ts';
import { observePool } from './observed.ts';
import { transact } from './transactions.ts';

export { inTransaction } from './transactions.ts';

export type Database = NodePgDatabase<Record<string, never>>;
/** What a store's functions take, so that they run inside a transaction as well as outside. */
export type Queryable = Pick<
  Database,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute'
>;

export interface PostgresOptions {
  url: string;
  /** Told to the server, so that its operator sees whose connections they are. */
  service: string;
  maxConnections?: number;
  /** How long the server may take to come up: 10 s when not given. */
  connectWithinMs?: number;
  /** A statement that runs longer is cancelled: 15 s when not given. */
  statementTimeoutMs?: number;
  /** Told when an idle connection is lost. */
  warn?: (message: string) => void;
  traces?: Traces;
}

export interface Postgres {
  db: Database;
  /** The pool below, for migrations. */
  client: Pool;
  check(): Promise<void>;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 10;
const CONNECT_WITHIN_MS = 10_000;
const RETRY_AFTER_MS = 200;
const STATEMENT_TIMEOUT_MS = 15_000;
/** How long a request waits for a free or a new connection. */
const ACQUIRE_WITHIN_MS = 5_000;
/** Added to the server's own limit: who is silent for longer is gone. */
const SILENCE_MS = 5_000;
const IDLE_IN_TRANSACTION_MS = 60_000;
const CLOSE_WITHIN_MS = 5_000;

export async function openPostgres(options: PostgresOptions): Promise<Postgres> {
  const { url, service, traces = noTraces, warn = () => {} } = options;
  const statementTimeout = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const pool = new Pool({
    connectionString: url,
    max: options.maxConnections ?? MAX_CONNECTIONS,
    application_name: `souk-${service}`,
    connectionTimeoutMillis: ACQUIRE_WITHIN_MS,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + SILENCE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
  });
  observePool(pool, { traces, prepare: !/[?&]prepare=false\b/.test(url) });
  // The pool drops the connection by itself; without a listener its loss would end the process.
  pool.on('error', (error) => warn(`${service}: lost a connection to PostgreSQL: ${error.message}`));
  await connect(pool, options);
  const db: Database = drizzle({ client: pool });
  // Drizzle's own keeps a connection for ever when `begin` fails, and hides the error when `rollback` fails too.
  db.transaction = (work, settings) => transact(pool, work, settings);
  return {
    db,
    client: pool,
    check: async () => {
      await pool.query('select 1');
    },
    close: () => close(pool),
  };
}

/** In a compose file or a cluster everything starts at once, so the server may be a moment behind. */
async function connect(pool: Pool, options: PostgresOptions): Promise<void> {
  const deadline = Date.now() + (options.connectWithinMs ?? CONNECT_WITHIN_MS);
  for (;;) {
    try {
      await pool.query('select 1');
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A wrong password or database does not mend itself; only a server that is not there may come.
      const mayCome =
        code === 'ECONNREFUSED' || code === '57P03' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
      if (!mayCome || Date.now() >= deadline) {
        await pool.end();
        throw unreachable(options, error as Error);
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  }
}

function unreachable({ url, service }: PostgresOptions, cause: Error): Error {
  const { code } = cause as NodeJS.ErrnoException;
  const reason = cause.message || code || 'no reason given';
  return new Error(
    `${service}: cannot use PostgreSQL at ${withoutPassword(url)}: ${reason}. Check POSTGRES_URL and that the server runs.`,
    { cause },
  );
}

/** Lets running statements end; a connection that is never given back does not keep the process. */
async function close(pool: Pool): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_WITHIN_MS);
  });
  await Promise.race([pool.end(), tooLong]);
  clearTimeout(timer);
}

/**
 * `column = any($1)`: one statement however many values, where `in ($1, $2, …)` would be a new one for each count and
 * fill the server's memory with prepared statements.
 */
export function anyOf<Value>(column: Column, values: readonly Value[]): SQL {
  return sql`${column} = any(${sql.param(values)})`;
}
