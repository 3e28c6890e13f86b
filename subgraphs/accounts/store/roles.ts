/** Roles, and who holds them. */
import { anyOf, type Queryable } from '@souk/kit/postgres/postgres';
import { asc, eq, sql } from 'drizzle-orm';
import { type RoleRow, roles, userRoles } from './tables.ts';

export function listRoles(db: Queryable) {
  return db.select().from(roles).orderBy(asc(roles.name));
}

/** None of them is deleted until the transaction ends. */
export function holdRoles(db: Queryable, names: readonly string[]) {
  return db.select().from(roles).where(anyOf(roles.name, names)).for('key share');
}

export interface HeldRole extends RoleRow {
  userId: string;
}

export function findRolesOfUsers(db: Queryable, userIds: readonly string[]) {
  return db
    .select({
      userId: userRoles.userId,
      name: roles.name,
      description: roles.description,
      scopes: roles.scopes,
      version: roles.version,
    })
    .from(userRoles)
    .innerJoin(roles, eq(roles.name, userRoles.roleName))
    .where(anyOf(userRoles.userId, userIds))
    .orderBy(asc(userRoles.userId), asc(userRoles.roleName));
}

export function lockRole(db: Queryable, name: string) {
  return db.select().from(roles).where(eq(roles.name, name)).for('update');
}

export function findHolder(db: Queryable, name: string) {
  return db.select({ userId: userRoles.userId }).from(userRoles).where(eq(userRoles.roleName, name)).limit(1);
}

/** Nothing when a role of this name is there already. */
export function insertRole(db: Queryable, role: typeof roles.$inferInsert) {
  return db.insert(roles).values(role).onConflictDoNothing().returning();
}

export function updateRole(db: Queryable, name: string, change: { description: string; scopes: string[] }) {
  return db
    .update(roles)
    .set({ ...change, version: sql`${roles.version} + 1` })
    .where(eq(roles.name, name))
    .returning();
}

export function deleteRole(db: Queryable, name: string) {
  return db.delete(roles).where(eq(roles.name, name));
}

export function removeRolesOfUser(db: Queryable, userId: string) {
  return db.delete(userRoles).where(eq(userRoles.userId, userId));
}

export function giveRoles(db: Queryable, userId: string, names: readonly string[]) {
  return db
    .insert(userRoles)
    .values(names.map((roleName) => ({ userId, roleName })))
    .onConflictDoNothing();
}

/** `admin` holds every scope there is; a release that brings new ones widens it. */
export function widenRole(db: Queryable, name: string, scopes: readonly string[]) {
  return db
    .update(roles)
    .set({ scopes: [...scopes], version: sql`${roles.version} + 1` })
    .where(sql`${roles.name} = ${name} and ${roles.scopes} <> ${sql.param(scopes, roles.scopes)}`);
}
