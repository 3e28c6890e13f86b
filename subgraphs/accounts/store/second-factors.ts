/** Authenticators and recovery codes. */
import { anyOf, type Queryable } from '@souk/kit/postgres/postgres';
import { and, eq, gt, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { authenticators, recoveryCodes } from './tables.ts';

export function findAuthenticators(db: Queryable, userIds: readonly string[]) {
  return db.select().from(authenticators).where(anyOf(authenticators.userId, userIds));
}

/** A new enrolment replaces one that was never confirmed. */
export function startEnrolment(db: Queryable, userId: string, sealedSecret: Buffer, expiresAt: Date) {
  return db
    .insert(authenticators)
    .values({ userId, sealedSecret, expiresAt })
    .onConflictDoUpdate({
      target: authenticators.userId,
      set: { sealedSecret, expiresAt, lastStep: 0 },
      setWhere: isNull(authenticators.confirmedAt),
    })
    .returning();
}

export function confirmEnrolment(db: Queryable, userId: string, step: number, now: Date) {
  return db
    .update(authenticators)
    .set({ confirmedAt: now, lastStep: step })
    .where(
      and(
        eq(authenticators.userId, userId),
        isNull(authenticators.confirmedAt),
        gt(authenticators.expiresAt, now),
      ),
    )
    .returning();
}

/** Nothing when this code, or a later one, was used before. */
export function useStep(db: Queryable, userId: string, step: number) {
  return db
    .update(authenticators)
    .set({ lastStep: step })
    .where(
      and(
        eq(authenticators.userId, userId),
        isNotNull(authenticators.confirmedAt),
        lt(authenticators.lastStep, step),
      ),
    )
    .returning({ userId: authenticators.userId });
}

export function deleteAuthenticator(db: Queryable, userId: string) {
  return db
    .delete(authenticators)
    .where(eq(authenticators.userId, userId))
    .returning({ userId: authenticators.userId });
}

export function insertRecoveryCodes(db: Queryable, userId: string, hashes: readonly Buffer[]) {
  return db.insert(recoveryCodes).values(hashes.map((hash) => ({ userId, hash })));
}

/** Nothing when there is no such code, or it was used before. */
export function useRecoveryCode(db: Queryable, userId: string, hashes: readonly Buffer[]) {
  return db
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, userId), anyOf(recoveryCodes.hash, hashes)))
    .returning({ userId: recoveryCodes.userId });
}

export function deleteRecoveryCodes(db: Queryable, userId: string) {
  return db
    .delete(recoveryCodes)
    .where(eq(recoveryCodes.userId, userId))
    .returning({ userId: recoveryCodes.userId });
}

/** Whose second factor is on, and how many recovery codes they have left. */
export function findEnabledFactors(db: Queryable, userIds: readonly string[]) {
  return db
    .select({
      userId: authenticators.userId,
      recoveryCodesLeft: sql<number>`count(${recoveryCodes.hash})::int`,
    })
    .from(authenticators)
    .leftJoin(recoveryCodes, eq(recoveryCodes.userId, authenticators.userId))
    .where(and(anyOf(authenticators.userId, userIds), isNotNull(authenticators.confirmedAt)))
    .groupBy(authenticators.userId);
}
