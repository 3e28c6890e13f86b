/** Credentials of machines. */
import type { Page } from '@souk/kit/lists/connections';
import { postgresPage } from '@souk/kit/lists/connections-postgres';
import { defineOrder, descending } from '@souk/kit/lists/cursors';
import { anyOf, type Queryable } from '@souk/kit/postgres/postgres';
import { and, eq, isNull, lt, or } from 'drizzle-orm';
import { apiKeys } from './tables.ts';

export const NEWEST_API_KEYS = defineOrder('accounts.apiKeys', [descending('id', 'text')]);

export function findApiKeys(db: Queryable, ids: readonly string[]) {
  return db.select().from(apiKeys).where(anyOf(apiKeys.id, ids));
}

export function listApiKeys(db: Queryable, page: Page) {
  const { where, orderBy, limit } = postgresPage(NEWEST_API_KEYS, page, { id: apiKeys.id });
  return db
    .select()
    .from(apiKeys)
    .where(where)
    .orderBy(...orderBy)
    .limit(limit);
}

export function insertApiKey(db: Queryable, key: typeof apiKeys.$inferInsert) {
  return db.insert(apiKeys).values(key).returning();
}

/** Nothing when there is no such key, or it was revoked before. */
export function revokeApiKey(db: Queryable, id: string, now: Date) {
  return db
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning();
}

/** To the minute: a busy machine costs one write a minute. */
export function noteApiKeyUse(db: Queryable, id: string, minute: Date) {
  return db
    .update(apiKeys)
    .set({ lastUsedAt: minute })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, minute))));
}
