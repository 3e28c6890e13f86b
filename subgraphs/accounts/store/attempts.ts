/** Counts of attempts, for the back-off. A key is a code of what is tried on, so that no address stands here. */
import { anyOf, type Queryable } from '@souk/kit/postgres/postgres';
import { eq, lt, lte, sql } from 'drizzle-orm';
import { attempts } from './tables.ts';

export interface Attempt {
  key: Buffer;
  /** Seconds to wait after the first, second, … attempt; the last one holds for all that follow. */
  waits: readonly number[];
  forgetBefore: Date;
  now: Date;
}

/** In one statement, so that attempts at once are counted one by one. Nothing while the key is blocked. */
export function countAttempt(db: Queryable, { key, waits, forgetBefore, now }: Attempt) {
  const at = sql.param(now, attempts.lastAt);
  const count = sql`case when ${attempts.lastAt} < ${sql.param(forgetBefore, attempts.lastAt)} then 1 else ${attempts.count} + 1 end`;
  const wait = sql`(${sql.param(waits)}::integer[])[least(${count}, ${waits.length})]`;
  return db
    .insert(attempts)
    .values({ key, count: 1, lastAt: now, blockedUntil: new Date(now.getTime() + (waits[0] ?? 0) * 1000) })
    .onConflictDoUpdate({
      target: attempts.key,
      set: { count, lastAt: now, blockedUntil: sql`${at}::timestamptz + make_interval(secs => ${wait})` },
      setWhere: lte(attempts.blockedUntil, now),
    })
    .returning({ count: attempts.count });
}

export function findBlock(db: Queryable, key: Buffer) {
  return db
    .select({ blockedUntil: attempts.blockedUntil })
    .from(attempts)
    .where(eq(attempts.key, key))
    .limit(1);
}

export function forgetAttempts(db: Queryable, keys: readonly Buffer[]) {
  return db.delete(attempts).where(anyOf(attempts.key, keys));
}

/** What succeeded was no failure. */
export function takeAttemptBack(db: Queryable, key: Buffer) {
  return db
    .update(attempts)
    .set({ count: sql`greatest(0, ${attempts.count} - 1)` })
    .where(eq(attempts.key, key));
}

export function deleteAttemptsBefore(db: Queryable, instant: Date) {
  return db.delete(attempts).where(lt(attempts.lastAt, instant));
}
