/** PostgreSQL through Drizzle and postgres.js: a pool, its health, transactions. Each domain has a schema of its own. */
import { type Column, type SQL, sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import { withoutPassword } from './log.ts';
import { observeQueries } from './postgres-observed.ts';
import { isLostRace } from './store-faults.ts';
import { noTraces, type Traces } from './traces.ts';

export type Database = PostgresJsDatabase<Record<string, never>>;
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
  traces?: Traces;
}

export interface Postgres {
  db: Database;
  /** The driver below, for migrations. */
  client: Sql;
  check(): Promise<void>;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 10;
const CONNECT_WITHIN_MS = 10_000;
const RETRY_AFTER_MS = 200;
const STATEMENT_TIMEOUT_MS = 15_000;
/** Running statements are given this long when the pool is closed. */
const CLOSE_WITHIN_SECONDS = 5;
const MAX_ATTEMPTS = 4;

export async function openPostgres(options: PostgresOptions): Promise<Postgres> {
  const { url, service, maxConnections = MAX_CONNECTIONS, traces = noTraces } = options;
  const client = postgres(url, {
    max: maxConnections,
    connect_timeout: 5,
    // Notices such as "relation exists, skipping" are for whoever types SQL.
    onnotice: () => {},
    connection: {
      application_name: `souk-${service}`,
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    },
  });
  await connect(client, options);
  return {
    db: drizzle({ client: observeQueries(client, traces) }),
    client,
    check: async () => {
      await client.unsafe('select 1');
    },
    close: () => client.end({ timeout: CLOSE_WITHIN_SECONDS }),
  };
}

/** In a compose file or a cluster everything starts at once, so the server may be a moment behind. */
async function connect(client: Sql, options: PostgresOptions): Promise<void> {
  const deadline = Date.now() + (options.connectWithinMs ?? CONNECT_WITHIN_MS);
  for (;;) {
    try {
      await client.unsafe('select 1');
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A wrong password or database does not mend itself; only a server that is not there may come.
      const mayCome =
        code === 'ECONNREFUSED' || code === '57P03' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
      if (!mayCome || Date.now() >= deadline) {
        await client.end({ timeout: 0 });
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

/**
 * Runs `work` in a transaction, again when it lost a race against another one; so it must be repeatable. Inside, only
 * `tx` may be used: the outer database would wait for this very transaction.
 */
export async function inTransaction<Value>(
  db: Database,
  work: (tx: Queryable) => Promise<Value>,
): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work);
    } catch (error) {
      // Two writers met and PostgreSQL let one go; a fourth time in a row is worth an error.
      if (!isLostRace(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/**
 * `column = any($1)`: one statement however many values, where `in ($1, $2, …)` would be a new one for each count and
 * fill the server's memory with prepared statements.
 */
export function anyOf<Value>(column: Column, values: readonly Value[]): SQL {
  return sql`${column} = any(${sql.param(values)})`;
}
