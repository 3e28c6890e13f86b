/** Barring an account, and letting it back in. */

import { invalid, notFound, ok, type Result, refused, type UserError } from '@souk/kit/errors/user-errors';
import { inTransaction } from '@souk/kit/postgres/postgres';
import { singleLine } from '@souk/kit/values/text-values';
import type { UserRow } from '../store/tables.ts';
import { lockUser, updateUser } from '../store/users.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { record } from './record.ts';
import type { Actor, Services } from './services.ts';
import { endSessions, revokeUser } from './sessions.ts';

const MAX_REASON = 500;

type Outcome = Result<UserRow, AccountsErrorCode>;

/** Whoever is suspended already stays so; the answer is the same. */
export async function suspendUser(
  services: Services,
  actor: Actor,
  typed: { userId: string; reason: string },
): Promise<Outcome> {
  const reason = singleLine(typed.reason, MAX_REASON);
  if (!reason) {
    return refused(
      invalid('VALUE_INVALID', `The reason must be one line of 1 to ${MAX_REASON} characters`, 'reason'),
    );
  }
  const { userId } = typed;
  let ended: string[] = [];
  const outcome = await inTransaction(services.db, async (tx): Promise<Outcome> => {
    const now = services.now();
    const [user] = await lockUser(tx, userId);
    if (!user || user.erasedAt) return refused(userNotFound());
    if (user.suspendedAt) return ok(user);
    const [suspended] = await updateUser(tx, userId, { suspendedAt: now }, now);
    ended = await endSessions(tx, services, actor, userId, 'SUSPENDED');
    const act = { action: 'SUSPENDED', subjectId: userId, details: { reason } } as const;
    const event = { type: 'accounts.user.suspended', aggregateId: userId, data: { userId } } as const;
    await record(tx, services, actor, act, event);
    return ok(suspended!);
  });
  if (outcome.ok) await revokeUser(services, userId, ended);
  return outcome;
}

export async function reinstateUser(services: Services, actor: Actor, userId: string): Promise<Outcome> {
  return inTransaction(services.db, async (tx): Promise<Outcome> => {
    const [user] = await lockUser(tx, userId);
    if (!user || user.erasedAt) return refused(userNotFound());
    if (!user.suspendedAt) return ok(user);
    const [reinstated] = await updateUser(tx, userId, { suspendedAt: null }, services.now());
    const event = { type: 'accounts.user.reinstated', aggregateId: userId, data: { userId } } as const;
    await record(tx, services, actor, { action: 'REINSTATED', subjectId: userId }, event);
    return ok(reinstated!);
  });
}

export function userNotFound(): UserError<AccountsErrorCode> {
  return notFound('USER_NOT_FOUND', 'There is no such user', 'userId');
}
