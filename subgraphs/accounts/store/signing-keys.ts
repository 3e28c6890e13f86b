/** Keys that access tokens are signed with; the private halves are sealed. */
import type { Queryable } from '@souk/kit/postgres/postgres';
import { asc, lt, sql } from 'drizzle-orm';
import { signingKeys } from './tables.ts';

export function listSigningKeys(db: Queryable) {
  return db.select().from(signingKeys).orderBy(asc(signingKeys.id));
}

/** Until the transaction ends no other process makes a key. */
export function lockSigningKeys(db: Queryable) {
  return db.execute(sql`select pg_advisory_xact_lock(hashtextextended('souk.accounts.signing-keys', 0))`);
}

export function insertSigningKey(db: Queryable, key: typeof signingKeys.$inferInsert) {
  return db.insert(signingKeys).values(key);
}

export function deleteSigningKeysPublishedUntil(db: Queryable, instant: Date) {
  return db.delete(signingKeys).where(lt(signingKeys.publishedUntil, instant));
}

export function deleteAllSigningKeys(db: Queryable) {
  return db.delete(signingKeys);
}
