/** Tokens that work once: those in mailed links, and the challenges of second factors. */
import type { Queryable } from '@souk/kit/postgres/postgres';
import { and, desc, eq, gt, lt, sql } from 'drizzle-orm';
import { type MailedTokenPurpose, mailedTokens, mfaChallenges } from './tables.ts';

export function insertMailedToken(db: Queryable, token: typeof mailedTokens.$inferInsert) {
  return db.insert(mailedTokens).values(token);
}

/** Takes it out, so that nobody else can use it. */
export function takeMailedToken(db: Queryable, hash: Buffer, purpose: MailedTokenPurpose, now: Date) {
  return db
    .delete(mailedTokens)
    .where(
      and(eq(mailedTokens.hash, hash), eq(mailedTokens.purpose, purpose), gt(mailedTokens.expiresAt, now)),
    )
    .returning();
}

export function findLatestMailedToken(db: Queryable, userId: string, purpose: MailedTokenPurpose) {
  return db
    .select({ createdAt: mailedTokens.createdAt })
    .from(mailedTokens)
    .where(and(eq(mailedTokens.userId, userId), eq(mailedTokens.purpose, purpose)))
    .orderBy(desc(mailedTokens.createdAt))
    .limit(1);
}

export function deleteMailedTokensOfUser(db: Queryable, userId: string, purpose?: MailedTokenPurpose) {
  const only = purpose === undefined ? undefined : eq(mailedTokens.purpose, purpose);
  return db.delete(mailedTokens).where(and(eq(mailedTokens.userId, userId), only));
}

export function deleteMailedTokensExpiredBefore(db: Queryable, instant: Date) {
  return db.delete(mailedTokens).where(lt(mailedTokens.expiresAt, instant));
}

export function insertChallenge(db: Queryable, challenge: typeof mfaChallenges.$inferInsert) {
  return db.insert(mfaChallenges).values(challenge);
}

/** Counts a try; nothing when none is left. */
export function useChallenge(db: Queryable, hash: Buffer, now: Date) {
  return db
    .update(mfaChallenges)
    .set({ triesLeft: sql`${mfaChallenges.triesLeft} - 1` })
    .where(
      and(eq(mfaChallenges.hash, hash), gt(mfaChallenges.triesLeft, 0), gt(mfaChallenges.expiresAt, now)),
    )
    .returning();
}

export function deleteChallenge(db: Queryable, hash: Buffer) {
  return db.delete(mfaChallenges).where(eq(mfaChallenges.hash, hash));
}

export function deleteChallengesOfUser(db: Queryable, userId: string) {
  return db.delete(mfaChallenges).where(eq(mfaChallenges.userId, userId));
}

export function deleteChallengesExpiredBefore(db: Queryable, instant: Date) {
  return db.delete(mfaChallenges).where(lt(mfaChallenges.expiresAt, instant));
}
