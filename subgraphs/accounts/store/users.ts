/** Accounts of people. Functions answer Drizzle's builders: awaited they run, and the EXPLAIN test sees their SQL. */

import type { Page } from '@souk/kit/lists/connections';
import { postgresPage } from '@souk/kit/lists/connections-postgres';
import { defineOrder, descending } from '@souk/kit/lists/cursors';
import { anyOf, type Queryable } from '@souk/kit/postgres/postgres';
import { and, eq, exists, gte, lt, or, type SQL, sql } from 'drizzle-orm';
import { lowestIdAt } from './ids-by-time.ts';
import { type UserRow, type UserStatus, userRoles, users } from './tables.ts';

/** Ids rise with time, so the order by id is the order by age, and the primary key serves it. */
export const NEWEST_USERS = defineOrder('accounts.users', [descending('id', 'text')]);

export interface UserListFilter {
  query?: string | null | undefined;
  status?: UserStatus | null | undefined;
  role?: string | null | undefined;
  from?: Date | null | undefined;
  to?: Date | null | undefined;
}

export function findUsers(db: Queryable, ids: readonly string[]) {
  return db.select().from(users).where(anyOf(users.id, ids));
}

export function findUserByEmail(db: Queryable, emailKey: string) {
  return db.select().from(users).where(eq(users.emailKey, emailKey)).limit(1);
}

/** Until the transaction ends nobody else changes the user, nor what hangs on them. */
export function lockUser(db: Queryable, id: string) {
  return db.select().from(users).where(eq(users.id, id)).for('update');
}

export function listUsers(db: Queryable, filter: UserListFilter, page: Page) {
  const { where, orderBy, limit } = postgresPage(NEWEST_USERS, page, { id: users.id });
  return db
    .select()
    .from(users)
    .where(and(matching(db, filter), where))
    .orderBy(...orderBy)
    .limit(limit);
}

export function countUsers(db: Queryable, filter: UserListFilter) {
  return db.select({ count: sql<number>`count(*)::int` }).from(users).where(matching(db, filter));
}

/** Nothing when the address is taken. */
export function insertUser(db: Queryable, user: typeof users.$inferInsert) {
  return db.insert(users).values(user).onConflictDoNothing({ target: users.emailKey }).returning();
}

export type UserChange = Partial<Omit<typeof users.$inferInsert, 'id' | 'version'>>;

/** Every change raises the version, which edits are based on. */
export function updateUser(db: Queryable, id: string, change: UserChange, now: Date) {
  return db
    .update(users)
    .set({ ...change, version: sql`${users.version} + 1`, updatedAt: now })
    .where(eq(users.id, id))
    .returning();
}

export type PasswordColumns = Partial<
  Pick<typeof users.$inferInsert, 'passwordHash' | 'passwordChangedAt' | 'emailVerifiedAt'>
>;

/** No edit of the profile: the version stays. */
export function replacePassword(db: Queryable, id: string, columns: PasswordColumns) {
  return db.update(users).set(columns).where(eq(users.id, id)).returning();
}

function matching(db: Queryable, { query, status, role, from, to }: UserListFilter): SQL | undefined {
  return and(
    query ? startingWith(query) : undefined,
    status ? eq(users.status, status) : undefined,
    role ? exists(holding(db, role)) : undefined,
    from ? gte(users.id, lowestIdAt('usr', from)) : undefined,
    to ? lt(users.id, lowestIdAt('usr', to)) : undefined,
  );
}

function holding(db: Queryable, role: string) {
  return db
    .select({ userId: userRoles.userId })
    .from(userRoles)
    .where(and(eq(userRoles.roleName, role), eq(userRoles.userId, users.id)));
}

/** A span of each index, where `like` would need one whose plan is made anew for each parameter. */
function startingWith(query: string): SQL | undefined {
  const start = query.trim().toLowerCase();
  const end = `${start}\u{10ffff}`;
  const columns = [users.emailKey, users.displayNameKey, users.givenNameKey, users.familyNameKey];
  return or(...columns.map((column) => and(gte(column, start), lt(column, end))));
}

export type { UserRow };
