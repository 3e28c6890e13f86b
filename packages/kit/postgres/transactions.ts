/** Transactions that give their connection back whatever happens, and run again when they lost a race. */
import { type NodePgDatabase, NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres';
import { PgDialect, type PgTransactionConfig } from 'drizzle-orm/pg-core';
import type { Pool, PoolClient } from 'pg';
import { isLostRace, isStoreAway } from '../errors/store-faults.ts';

type Schemaless = Record<string, never>;
export type Transaction = Parameters<Parameters<NodePgDatabase<Schemaless>['transaction']>[0]>[0];

const MAX_ATTEMPTS = 4;
const dialect = new PgDialect();

/**
 * Runs `work` in a transaction, again when it lost a race against another one; so it must be repeatable. Inside, only
 * `tx` may be used: where transactions take turns, the outer database would wait for this very one.
 */
export async function inTransaction<Value>(
  db: Pick<NodePgDatabase<Schemaless>, 'transaction'>,
  work: (tx: Transaction) => Promise<Value>,
  settings?: PgTransactionConfig,
): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work, settings);
    } catch (error) {
      // Two writers met and PostgreSQL let one go; a fourth time in a row is worth an error.
      if (!isLostRace(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

const followUps = new WeakMap<object, (() => void)[]>();

/** Once the transaction that `db` stands for is committed; at once when it stands for none. */
export function afterCommit(db: object, work: () => void): void {
  const open = followUps.get(db);
  if (open) open.push(work);
  else work();
}

export async function transact<Value>(
  pool: Pool,
  work: (tx: Transaction) => Promise<Value>,
  settings: PgTransactionConfig = {},
): Promise<Value> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(beginOf(settings));
    const tx = transactionOn(client);
    const next: (() => void)[] = [];
    followUps.set(tx, next);
    const value = await work(tx);
    await commit(client);
    for (const followUp of next) followUp();
    return value;
  } catch (error) {
    // The first error is the one to tell; a connection that cannot even roll back is thrown away.
    if (isStoreAway(error)) broken = error as Error;
    await client.query('rollback').catch((second: Error) => {
      broken = second;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** PostgreSQL answers a commit with ROLLBACK when a statement had failed and nobody passed the error on. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('commit');
  if (command !== 'COMMIT')
    throw new Error('a statement of the transaction failed and its error was swallowed');
}

function transactionOn(client: PoolClient): Transaction {
  return new NodePgTransaction(dialect, new NodePgSession(client, dialect, undefined), undefined);
}

function beginOf({ isolationLevel, accessMode, deferrable }: PgTransactionConfig): string {
  const modes = [
    isolationLevel && `isolation level ${isolationLevel}`,
    accessMode,
    deferrable === undefined ? undefined : deferrable ? 'deferrable' : 'not deferrable',
  ];
  return ['begin', ...modes.filter((mode) => mode !== undefined)].join(' ');
}
