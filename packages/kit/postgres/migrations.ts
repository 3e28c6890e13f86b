/**
 * Migrations of one domain's schema, run at boot. Several processes may start at once: a lock lets one of them work.
 * Each migration is a transaction of its own, so one that fails half-way leaves nothing.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pool, PoolClient } from 'pg';

export interface Migration {
  /** `0001_users`: a number that rises, then what it does. */
  name: string;
  sql: string;
}

export interface MigrateOptions {
  client: Pool;
  /** Of this domain alone; it is made when missing. */
  schema: string;
  migrations: readonly Migration[];
}

const NAME = /^\d{4}_[a-z0-9_]+$/;
const SCHEMA = /^[a-z][a-z0-9_]{0,62}$/;
/** Another process may be at a long one. */
const LOCK_TIMEOUT = '120s';
/** The longest that a timer can wait: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Every `NNNN_name.sql` of a folder. */
export function readMigrations(folder: string | URL): Migration[] {
  const path = typeof folder === 'string' ? folder : fileURLToPath(folder);
  return readdirSync(path)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: file.slice(0, -'.sql'.length), sql: readFileSync(join(path, file), 'utf8') }));
}

/** Answers the names of what it applied. */
export async function migratePostgres({
  client: pool,
  schema,
  migrations,
}: MigrateOptions): Promise<string[]> {
  checkNames(schema, migrations);
  const applied: string[] = [];
  for (;;) {
    const name = await applyNext(pool, schema, migrations);
    if (name === undefined) return applied;
    applied.push(name);
  }
}

interface AppliedRow {
  name: string;
  checksum: string;
}

/** The first one that is missing; nothing when all are there. */
async function applyNext(
  pool: Pool,
  schema: string,
  migrations: readonly Migration[],
): Promise<string | undefined> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const rows = await lockAndList(client, schema);
    const next = nextOf(schema, migrations, rows);
    if (next) await apply(client, schema, next);
    await client.query('commit');
    return next?.name;
  } catch (error) {
    // The first error is the one to tell; a connection that cannot even roll back is thrown away.
    await client.query('rollback').catch((second: Error) => {
      broken = second;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

const tableOf = (schema: string) => `"${schema}"."souk_migrations"`;

/** The lock ends with the transaction, so that neither a kill nor a connection pooler can leave it behind. */
async function lockAndList(client: PoolClient, schema: string): Promise<AppliedRow[]> {
  await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'; set local statement_timeout = 0`);
  await client.query(patient(`select pg_advisory_xact_lock(${lockOf(schema)})`));
  await client.query(`create schema if not exists "${schema}"`);
  await client.query(
    `create table if not exists ${tableOf(schema)} (name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
  );
  const { rows } = await client.query<AppliedRow>(
    `select name, checksum from ${tableOf(schema)} order by name`,
  );
  return rows;
}

async function apply(client: PoolClient, schema: string, migration: Migration): Promise<void> {
  try {
    await client.query(patient(migration.sql));
  } catch (error) {
    throw migrationFailed(schema, migration, error as Error);
  }
  const insert = `insert into ${tableOf(schema)} (name, checksum) values ($1, $2)`;
  await client.query(insert, [migration.name, checksumOf(migration)]);
}

/** A statement that may take longer than a request's. */
function patient(text: string) {
  return { text, query_timeout: MAX_TIMER_MS };
}

function nextOf(schema: string, migrations: readonly Migration[], applied: readonly AppliedRow[]) {
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  const missing = migrations.filter((migration) => {
    const checksum = checksums.get(migration.name);
    if (checksum !== undefined && checksum !== checksumOf(migration)) {
      throw new Error(
        `${schema}: migration ${migration.name} was changed after it had been applied; restore it and write the change as a new one`,
      );
    }
    return checksum === undefined;
  });
  // Rows of a newer release are left alone: while it is rolled out, older processes may still start.
  const known = migrations.filter(({ name }) => checksums.has(name));
  const [next] = missing;
  const last = known.at(-1);
  if (next && last && next.name < last.name) {
    throw new Error(
      `${schema}: migration ${next.name} comes before ${last.name}, which is applied already; give it a higher number`,
    );
  }
  return next;
}

function checkNames(schema: string, migrations: readonly Migration[]): void {
  if (!SCHEMA.test(schema)) throw new Error(`"${schema}" is no schema name: small letters, digits and _`);
  migrations.forEach(({ name }, index) => {
    if (!NAME.test(name)) throw new Error(`${schema}: migration ${name} must be named like 0001_users`);
    const previous = migrations[index - 1];
    if (previous && previous.name.slice(0, 4) >= name.slice(0, 4)) {
      throw new Error(`${schema}: migration ${name} must have a higher number than ${previous.name}`);
    }
  });
}

function migrationFailed(schema: string, { name, sql }: Migration, cause: Error): Error {
  const { position } = cause as Error & { position?: string };
  const place = position ? ` at line ${sql.slice(0, Number(position) - 1).split('\n').length}` : '';
  return new Error(
    `${schema}: migration ${name} failed${place}: ${cause.message}. Nothing of it was applied; mend it and start again.`,
    { cause },
  );
}

function checksumOf({ sql }: Migration): string {
  // A checkout on Windows may end lines differently.
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}

/** A number of 64 bits that is this schema's own. */
function lockOf(schema: string): bigint {
  return createHash('sha256').update(`souk.migrations.${schema}`).digest().readBigInt64BE();
}
