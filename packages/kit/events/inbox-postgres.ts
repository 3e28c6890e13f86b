/** The inbox of a domain in PostgreSQL: a row an event, written in the transaction of what the event brings about. */
import { sql } from 'drizzle-orm';
import { type Database, inTransaction, type Queryable } from '../postgres/postgres.ts';
import { type Inbox, REMEMBERED_MS } from './inbox.ts';

/** The table in SQL, for a migration of the room. */
export const inboxSql = (schema: string) => `
create table ${schema}.inbox (
  event_id text collate "C" primary key,
  seen_at timestamptz(3) not null default now()
);
create index inbox_seen_at on ${schema}.inbox (seen_at);`;

export function postgresInbox(db: Database, schema: string): Inbox<Queryable> {
  const table = sql.raw(`"${schema}".inbox`);
  return {
    once: ({ event }, apply) =>
      inTransaction(db, async (tx) => {
        // Whoever comes second waits here for the first one's commit, and then finds the row.
        const { rows } = await tx.execute(
          sql`insert into ${table} (event_id) values (${event.id}) on conflict do nothing returning event_id`,
        );
        if (rows.length === 0) return 'seen';
        await apply(tx);
        return 'applied';
      }),
    tidy: async () => {
      const before = new Date(Date.now() - REMEMBERED_MS).toISOString();
      await db.execute(sql`delete from ${table} where seen_at < ${before}::timestamptz`);
    },
  };
}
