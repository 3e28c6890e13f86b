/** Address books. */
import type { Page } from '@souk/kit/lists/connections';
import { postgresPage } from '@souk/kit/lists/connections-postgres';
import { defineOrder, descending } from '@souk/kit/lists/cursors';
import { anyOf, type Queryable } from '@souk/kit/postgres/postgres';
import { and, desc, eq, or, sql } from 'drizzle-orm';
import { OWNER, ownersOf } from './owned-pages.ts';
import { addresses } from './tables.ts';

export const LAST_USED_ADDRESSES = defineOrder('accounts.addresses', [
  descending('lastUsedAt', 'instant'),
  descending('id', 'text'),
]);

export function findAddresses(db: Queryable, ids: readonly string[]) {
  return db.select().from(addresses).where(anyOf(addresses.id, ids));
}

/** A page of each user's address book. */
export function listAddresses(db: Queryable, userIds: readonly string[], page: Page) {
  const columns = { lastUsedAt: addresses.lastUsedAt, id: addresses.id };
  const { where, orderBy, limit } = postgresPage(LAST_USED_ADDRESSES, page, columns);
  const listed = db
    .select()
    .from(addresses)
    .where(and(eq(addresses.userId, OWNER), where))
    .orderBy(...orderBy)
    .limit(limit)
    .as('listed');
  return db.select(listed._.selectedFields).from(ownersOf(userIds)).crossJoinLateral(listed);
}

export function findAddressesOfUser(db: Queryable, userId: string) {
  return db.select().from(addresses).where(eq(addresses.userId, userId)).orderBy(desc(addresses.lastUsedAt));
}

/** At most two a user. */
export function findDefaultAddresses(db: Queryable, userIds: readonly string[]) {
  return db
    .select()
    .from(addresses)
    .where(
      and(
        anyOf(addresses.userId, userIds),
        or(eq(addresses.isDefaultShipping, true), eq(addresses.isDefaultBilling, true)),
      ),
    );
}

export function countAddresses(db: Queryable, userId: string) {
  return db.select({ count: sql<number>`count(*)::int` }).from(addresses).where(eq(addresses.userId, userId));
}

export function lockAddress(db: Queryable, id: string, userId: string) {
  return db
    .select()
    .from(addresses)
    .where(and(eq(addresses.id, id), eq(addresses.userId, userId)))
    .for('update');
}

export function insertAddress(db: Queryable, address: typeof addresses.$inferInsert) {
  return db.insert(addresses).values(address).returning();
}

export type AddressChange = Partial<Omit<typeof addresses.$inferInsert, 'id' | 'userId' | 'version'>>;

export function updateAddress(db: Queryable, id: string, change: AddressChange) {
  return db
    .update(addresses)
    .set({ ...change, version: sql`${addresses.version} + 1` })
    .where(eq(addresses.id, id))
    .returning();
}

/** Whoever is the default no longer is: there is one at most. */
export function clearDefault(db: Queryable, userId: string, use: 'isDefaultShipping' | 'isDefaultBilling') {
  return db
    .update(addresses)
    .set({ [use]: false, version: sql`${addresses.version} + 1` })
    .where(and(eq(addresses.userId, userId), eq(addresses[use], true)));
}

export function deleteAddress(db: Queryable, id: string, userId: string) {
  return db
    .delete(addresses)
    .where(and(eq(addresses.id, id), eq(addresses.userId, userId)))
    .returning({ id: addresses.id });
}

export function deleteAddressesOfUser(db: Queryable, userId: string) {
  return db.delete(addresses).where(eq(addresses.userId, userId)).returning({ id: addresses.id });
}
