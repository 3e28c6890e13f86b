/** Roles: which scopes they give, and who holds them. */

import type { Viewer } from '@souk/kit/auth/viewer';
import {
  conflict,
  forbidden,
  invalid,
  notFound,
  ok,
  type Result,
  refused,
  type UserError,
} from '@souk/kit/errors/user-errors';
import { inTransaction, type Queryable } from '@souk/kit/postgres/postgres';
import { singleLine } from '@souk/kit/values/text-values';
import {
  deleteRole,
  findHolder,
  findRolesOfUsers,
  giveRoles,
  holdRoles,
  insertRole,
  lockRole,
  removeRolesOfUser,
  updateRole,
} from '../store/roles.ts';
import type { RoleRow, UserRow } from '../store/tables.ts';
import { lockUser, updateUser } from '../store/users.ts';
import { ADMIN_ROLE, isBuiltIn } from './built-in-roles.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { missingToGive, scopeErrors } from './granting.ts';
import { versionConflict } from './profile.ts';
import { record } from './record.ts';
import type { Actor, Services } from './services.ts';
import { userNotFound } from './suspension.ts';

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_NAME = 40;
const MAX_DESCRIPTION = 200;
const MAX_ROLES_OF_USER = 20;

export interface TypedRole {
  name: string;
  description: string;
  scopes: readonly string[];
  /** Left out for a role that is new. */
  expectedVersion?: number | null | undefined;
}

export async function saveRole(
  services: Services,
  actor: Actor,
  typed: TypedRole,
): Promise<Result<RoleRow, AccountsErrorCode>> {
  const description = singleLine(typed.description, MAX_DESCRIPTION);
  const errors: UserError<AccountsErrorCode>[] = [];
  if (!isRoleName(typed.name)) {
    const rule = `The name must be lower case with dashes, such as warehouse-clerk, of at most ${MAX_NAME} characters`;
    errors.push(invalid('VALUE_INVALID', rule, 'name'));
  }
  if (!description) {
    const rule = `The description must be one line of 1 to ${MAX_DESCRIPTION} characters`;
    errors.push(invalid('VALUE_INVALID', rule, 'description'));
  }
  if (!description || errors.length > 0) return refused(...errors);
  if (typed.name === ADMIN_ROLE) return refused(builtIn('The role admin always holds every scope'));
  return inTransaction(services.db, (tx) => save(tx, services, actor, { ...typed, description }));
}

async function save(
  tx: Queryable,
  services: Services,
  actor: Actor,
  { name, description, scopes, expectedVersion }: TypedRole,
): Promise<Result<RoleRow, AccountsErrorCode>> {
  const [before] = await lockRole(tx, name);
  if ((before?.version ?? null) !== (expectedVersion ?? null)) {
    return refused(before ? versionConflict() : noSuchRole());
  }
  const errors = scopeErrors(actor.viewer, scopes, before?.scopes);
  if (errors.length > 0) return refused(...errors);
  const sorted = [...new Set(scopes)].sort();
  const [saved] = before
    ? await updateRole(tx, name, { description, scopes: sorted })
    : await insertRole(tx, { name, description, scopes: sorted });
  // Made by somebody else since this transaction looked.
  if (!saved) return refused(versionConflict());
  const details = { role: name, scopes: sorted, before: before?.scopes ?? null };
  await record(tx, services, actor, { action: 'ROLES_CHANGED', details });
  return ok(saved);
}

export async function removeRole(
  services: Services,
  actor: Actor,
  name: string,
): Promise<Result<string, AccountsErrorCode>> {
  if (isBuiltIn(name)) return refused(builtIn(`The role ${name} is built in and cannot be deleted`));
  if (!isRoleName(name)) return refused(noSuchRole());
  return inTransaction(services.db, async (tx): Promise<Result<string, AccountsErrorCode>> => {
    // Locked: giving it to a user waits for this, and then does not find it.
    const [role] = await lockRole(tx, name);
    if (!role) return refused(noSuchRole());
    const [holder] = await findHolder(tx, name);
    if (holder)
      return refused(conflict('ROLE_IN_USE', 'Users still hold this role; take it from them first', 'name'));
    await deleteRole(tx, name);
    await record(tx, services, actor, { action: 'ROLES_CHANGED', details: { role: name, deleted: true } });
    return ok(name);
  });
}

export interface TypedUserRoles {
  userId: string;
  roles: readonly string[];
  expectedVersion: number;
}

export async function setRolesOfUser(
  services: Services,
  actor: Actor,
  typed: TypedUserRoles,
): Promise<Result<UserRow, AccountsErrorCode>> {
  const { userId } = typed;
  if (typed.roles.length > MAX_ROLES_OF_USER) {
    return refused(invalid('VALUE_INVALID', `A user holds at most ${MAX_ROLES_OF_USER} roles`, 'roles'));
  }
  const outcome = await inTransaction(services.db, (tx) => setRoles(tx, services, actor, typed));
  // Their tokens still say what they held before: the routers refuse those, and a refresh brings the new ones.
  if (outcome.ok) await services.revoke({ userId, at: services.now() });
  return outcome;
}

async function setRoles(
  tx: Queryable,
  services: Services,
  actor: Actor,
  typed: TypedUserRoles,
): Promise<Result<UserRow, AccountsErrorCode>> {
  const { userId } = typed;
  const names = [...new Set(typed.roles)];
  const [user] = await lockUser(tx, userId);
  if (!user || user.erasedAt) return refused(userNotFound());
  if (user.version !== typed.expectedVersion) return refused(versionConflict());
  // What cannot be a name is not looked for, and so is not found.
  const roles = await holdRoles(tx, names.filter(isRoleName));
  const before = await findRolesOfUsers(tx, [userId]);
  const errors = roleErrors(actor.viewer, typed.roles, roles, before);
  if (errors.length > 0) return refused(...errors);
  await removeRolesOfUser(tx, userId);
  if (names.length > 0) await giveRoles(tx, userId, names);
  const [updated] = await updateUser(tx, userId, {}, services.now());
  const details = { roles: names, before: before.map(({ name }) => name) };
  const event = {
    type: 'accounts.roles.assigned',
    aggregateId: userId,
    data: { userId, roles: names },
  } as const;
  await record(tx, services, actor, { action: 'ROLES_CHANGED', subjectId: userId, details }, event);
  return ok(updated!);
}

function roleErrors(
  viewer: Viewer,
  names: readonly string[],
  roles: readonly RoleRow[],
  before: readonly RoleRow[],
): UserError<AccountsErrorCode>[] {
  const held = before.flatMap((role) => role.scopes);
  return names.flatMap((name, index): UserError<AccountsErrorCode>[] => {
    const role = roles.find((candidate) => candidate.name === name);
    if (!role)
      return [notFound('ROLE_NOT_FOUND', 'There is no such role; `roles` lists them all', ['roles', index])];
    const missing = missingToGive(viewer, role.scopes, held);
    if (missing.length === 0) return [];
    const message = `You cannot give ${name}: you do not have ${missing.join(', ')}`;
    return [forbidden('SCOPE_NOT_HELD', message, ['roles', index])];
  });
}

function isRoleName(text: string): boolean {
  return text.length <= MAX_NAME && NAME.test(text);
}

function noSuchRole(): UserError<AccountsErrorCode> {
  return notFound('ROLE_NOT_FOUND', 'There is no such role', 'name');
}

function builtIn(message: string): UserError<AccountsErrorCode> {
  return forbidden('ROLE_BUILT_IN', message, 'name');
}
