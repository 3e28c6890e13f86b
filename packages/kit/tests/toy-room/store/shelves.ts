import { count } from 'drizzle-orm';
import { pgSchema, text, timestamp } from 'drizzle-orm/pg-core';
import { type Connection, connectionOf, type Page } from '../../../lists/connections.ts';
import { postgresPage } from '../../../lists/connections-postgres.ts';
import { defineOrder, descending } from '../../../lists/cursors.ts';
import type { Migration } from '../../../postgres/migrations.ts';
import { anyOf, type Queryable } from '../../../postgres/postgres.ts';

export const shelves = pgSchema('toy').table('shelves', {
  id: text().primaryKey(),
  label: text().notNull(),
  /** To the millisecond, as everything that a list is ordered by. */
  createdAt: timestamp('created_at', { precision: 3, withTimezone: true }).notNull().defaultNow(),
});

export type Shelf = typeof shelves.$inferSelect;

/** A real room keeps them as files and reads them with `readMigrations`. */
export const migrations: Migration[] = [
  {
    name: '0001_shelves',
    sql: `create table toy.shelves (id text primary key, label text not null, created_at timestamptz(3) not null default now());
      create index shelves_newest on toy.shelves (created_at, id);`,
  },
];

const NEWEST_FIRST = defineOrder('shelves.newest', [
  descending('createdAt', 'instant'),
  descending('id', 'text'),
]);

export async function listShelves(db: Queryable, page: Page): Promise<Connection<Shelf>> {
  const { where, orderBy, limit } = postgresPage(NEWEST_FIRST, page, shelves);
  const rows = await db
    .select()
    .from(shelves)
    .where(where)
    .orderBy(...orderBy)
    .limit(limit);
  return connectionOf(NEWEST_FIRST, page, rows, () => countShelves(db));
}

export async function shelvesByIds(db: Queryable, ids: readonly string[]): Promise<Shelf[]> {
  return db.select().from(shelves).where(anyOf(shelves.id, ids));
}

async function countShelves(db: Queryable): Promise<number> {
  const [row] = await db.select({ total: count() }).from(shelves);
  return row?.total ?? 0;
}
