/**
 * The outbox of a domain in PostgreSQL: a table in its schema, written in the transaction of the change. Events of one
 * aggregate have positions in the order in which their transactions commit: who writes one holds the aggregate until then.
 */
import { type SQL, sql } from 'drizzle-orm';
import { bigint, integer, jsonb, type PgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { Queryable } from '../postgres/postgres.ts';
import { afterCommit } from '../postgres/transactions.ts';
import type { JsonObject, ToldEvent } from './events.ts';
import type { Outbox } from './outbox.ts';

/** The columns of the table, as Drizzle knows them: `schema.table('outbox', outboxColumns)`. */
export const outboxColumns = {
  position: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  id: text().notNull(),
  type: text().notNull(),
  version: integer().notNull(),
  aggregateId: text('aggregate_id').notNull(),
  data: jsonb().$type<JsonObject>().notNull(),
  requestId: text('request_id'),
  occurredAt: timestamp('occurred_at', { withTimezone: true, precision: 3 }).notNull(),
};

/** The table in SQL, for a migration of the room. */
export const outboxSql = (schema: string) => `
create table ${schema}.outbox (
  position bigint generated always as identity primary key,
  id text collate "C" not null unique,
  type text not null,
  version integer not null,
  aggregate_id text collate "C" not null,
  data jsonb not null,
  request_id text,
  occurred_at timestamptz(3) not null
);`;

export interface PostgresOutbox extends Outbox {
  /** Call it in the transaction of the change. Whoever listens to `onCommit` hears of it when it is committed. */
  insert(db: Queryable, events: readonly ToldEvent[]): Promise<void>;
  onCommit(listener: () => void): void;
}

interface Row extends Record<string, unknown> {
  id: string;
  type: string;
  version: number;
  aggregate_id: string;
  data: Record<string, unknown>;
  request_id: string | null;
  occurred_at: Date | string;
}

export function postgresOutbox(db: Queryable, table: PgTable): PostgresOutbox {
  let tell = () => {};
  return {
    insert: async (tx, events) => {
      if (events.length === 0) return;
      await tx.execute(insertion(table, events));
      afterCommit(tx, () => tell());
    },
    onCommit: (listener) => {
      tell = listener;
    },
    read: async (limit) => {
      const { rows } = await db.execute<Row>(sql`select * from ${table} order by position limit ${limit}`);
      return rows.map(eventOf);
    },
    remove: async (events) => {
      if (events.length === 0) return;
      const ids = events.map(({ id }) => id);
      await db.execute(sql`delete from ${table} where id = any(${sql.param(ids)})`);
    },
    waiting: async () => {
      const { rows } = await db.execute<{ count: number; oldest: Date | string | null }>(
        sql`select count(*)::int as count, min(occurred_at) as oldest from ${table}`,
      );
      const { count, oldest } = rows[0]!;
      return { count, oldest: oldest === null ? undefined : new Date(oldest) };
    },
  };
}

/**
 * Positions are given out when a row is inserted, not when it is committed. So two transactions that tell of the same
 * aggregate take turns: the lock is waited for in the same statement, before the first row gets its position.
 */
function insertion(table: PgTable, events: readonly ToldEvent[]): SQL {
  const keys = [...new Set(events.map(({ aggregateId }) => aggregateId))].sort();
  const rows = JSON.stringify(
    events.map(({ requestId = null, ...event }, index) => ({ ...event, requestId, index })),
  );
  return sql`
    with held as materialized (
      select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(${sql.param(keys)}::text[]) as key
    )
    insert into ${table} (id, type, version, aggregate_id, data, request_id, occurred_at)
    select told.id, told.type, told.version, told."aggregateId", told.data, told."requestId", told."occurredAt"
    from jsonb_to_recordset(${rows}::jsonb) as told (
      id text, type text, version integer, "aggregateId" text, data jsonb, "requestId" text,
      "occurredAt" timestamptz, index integer
    )
    where (select count(*) from held) > 0
    order by told.index`;
}

function eventOf(row: Row): ToldEvent {
  return {
    id: row.id,
    type: row.type,
    version: row.version,
    aggregateId: row.aggregate_id,
    occurredAt: new Date(row.occurred_at),
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    data: row.data,
  };
}
