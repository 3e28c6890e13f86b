/**
 * A schema of its own for each test file, with the tables of this room in it, so that files may run at once on one
 * server. Drizzle reads the schema's name from a table whenever it writes a statement.
 */

import { migratePostgres } from '@souk/kit/postgres/migrations';
import { openPostgres, type Postgres } from '@souk/kit/postgres/postgres';
import { ownName, POSTGRES_URL } from '@souk/kit/tests/stores';
import { Table } from 'drizzle-orm';
import { accountsMigrations } from '../store/migrations.ts';
import * as tables from '../store/tables.ts';

export interface OwnSchema extends Postgres {
  schema: string;
}

/** Where Drizzle keeps it; its types leave it out. */
const SCHEMA_OF_TABLE = Symbol.for('drizzle:Schema');

type HasSchema = Record<symbol, string>;

export async function openOwnSchema(): Promise<OwnSchema> {
  const schema = ownName('accounts');
  for (const table of Object.values(tables)) {
    if (table instanceof Table) (table as unknown as HasSchema)[SCHEMA_OF_TABLE] = schema;
  }
  const postgres = await openPostgres({ url: POSTGRES_URL!, service: 'accounts-tests' });
  const migrations = accountsMigrations().map(({ name, sql }) => ({
    name,
    sql: sql.replaceAll('accounts.', `${schema}.`),
  }));
  await migratePostgres({ client: postgres.client, schema, migrations });
  return {
    ...postgres,
    schema,
    close: async () => {
      await postgres.client.query(`drop schema "${schema}" cascade`);
      await postgres.close();
    },
  };
}
