/** Sessions, and the refresh tokens that carry them on. */
import type { Page } from '@souk/kit/lists/connections';
import { postgresPage } from '@souk/kit/lists/connections-postgres';
import { defineOrder, descending } from '@souk/kit/lists/cursors';
import type { Queryable } from '@souk/kit/postgres/postgres';
import { and, desc, eq, gt, isNull, lt, ne } from 'drizzle-orm';
import { OWNER, ownersOf } from './owned-pages.ts';
import { refreshTokens, sessions } from './tables.ts';

export const LAST_USED_SESSIONS = defineOrder('accounts.sessions', [
  descending('lastUsedAt', 'instant'),
  descending('id', 'text'),
]);

/** A page of where each user is signed in. */
export function listSessions(db: Queryable, userIds: readonly string[], now: Date, page: Page) {
  const columns = { lastUsedAt: sessions.lastUsedAt, id: sessions.id };
  const { where, orderBy, limit } = postgresPage(LAST_USED_SESSIONS, page, columns);
  const listed = db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, OWNER), isLive(now), where))
    .orderBy(...orderBy)
    .limit(limit)
    .as('listed');
  return db.select(listed._.selectedFields).from(ownersOf(userIds)).crossJoinLateral(listed);
}

export function insertSession(db: Queryable, session: typeof sessions.$inferInsert) {
  return db.insert(sessions).values(session);
}

export interface SessionUse {
  ipAddress?: string;
  lastUsedAt: Date;
  expiresAt: Date;
}

/** Nothing when the session has ended. */
export function renewSession(db: Queryable, id: string, use: SessionUse) {
  return db
    .update(sessions)
    .set(use)
    .where(and(eq(sessions.id, id), isLive(use.lastUsedAt)))
    .returning();
}

/** Nothing when it is not this user's, or has ended. */
export function endSession(db: Queryable, id: string, userId: string, now: Date) {
  return db
    .update(sessions)
    .set({ endedAt: now })
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId), isLive(now)))
    .returning();
}

/** All of a user's that are live; `except` one. */
export function endSessionsOfUser(db: Queryable, userId: string, now: Date, except?: string) {
  const others = except === undefined ? undefined : ne(sessions.id, except);
  return db
    .update(sessions)
    .set({ endedAt: now })
    .where(and(eq(sessions.userId, userId), isLive(now), others))
    .returning({ id: sessions.id });
}

/** Ended ones too, as long as they are kept. */
export function findSessionsOfUser(db: Queryable, userId: string) {
  return db.select().from(sessions).where(eq(sessions.userId, userId)).orderBy(desc(sessions.lastUsedAt));
}

export function deleteSessionsOfUser(db: Queryable, userId: string) {
  return db.delete(sessions).where(eq(sessions.userId, userId)).returning({ id: sessions.id });
}

/** Their refresh tokens go with them. */
export function deleteSessionsExpiredBefore(db: Queryable, instant: Date) {
  return db.delete(sessions).where(lt(sessions.expiresAt, instant));
}

export function insertRefreshToken(db: Queryable, token: typeof refreshTokens.$inferInsert) {
  return db.insert(refreshTokens).values(token);
}

/** One caller gets the row; whoever comes second, or too late, gets none. */
export function spendRefreshToken(db: Queryable, hash: Buffer, now: Date) {
  return db
    .update(refreshTokens)
    .set({ spentAt: now })
    .where(and(eq(refreshTokens.hash, hash), isNull(refreshTokens.spentAt), gt(refreshTokens.expiresAt, now)))
    .returning();
}

/** The live session of a token that was spent before. */
export function findSessionOfSpentToken(db: Queryable, hash: Buffer, now: Date) {
  return db
    .select({ id: sessions.id, userId: sessions.userId })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .where(and(eq(refreshTokens.hash, hash), isLive(now)))
    .limit(1);
}

export function deleteRefreshTokensExpiredBefore(db: Queryable, instant: Date) {
  return db.delete(refreshTokens).where(lt(refreshTokens.expiresAt, instant));
}

function isLive(now: Date) {
  return and(isNull(sessions.endedAt), gt(sessions.expiresAt, now));
}
