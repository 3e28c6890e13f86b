/** New passwords: by someone who knows the old one, or by someone who reads the account's mail. */

import { invalid, ok, type Refused, type Result, refused } from '@souk/kit/errors/user-errors';
import { inTransaction } from '@souk/kit/postgres/postgres';
import { passwordResetMail, securityNotice } from '../mail/messages.ts';
import {
  deleteChallengesOfUser,
  deleteMailedTokensOfUser,
  insertMailedToken,
  takeMailedToken,
} from '../store/one-time-tokens.ts';
import type { UserRow } from '../store/tables.ts';
import { findUserByEmail, findUsers, lockUser, replacePassword } from '../store/users.ts';
import { beginAttempt, beginAttemptOfPlace, forgetFailures } from './attempts.ts';
import { PASSWORD_OF_ACCOUNT, RESET_MAIL } from './back-off.ts';
import { parseEmail } from './email-address.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { hashOfToken, newToken } from './opaque-tokens.ts';
import { provePassword } from './password-proof.ts';
import { PASSWORD_FAULTS, passwordFault } from './password-strength.ts';
import { record } from './record.ts';
import type { Actor, Services } from './services.ts';
import { endSessions, revokeEnded } from './sessions.ts';

const RESET_LINK_MS = 30 * 60_000;

export async function changePassword(
  services: Services,
  actor: Actor,
  userId: string,
  typed: { currentPassword: string; newPassword: string },
): Promise<Result<UserRow, AccountsErrorCode>> {
  const proof = await provePassword(services, userId, typed.currentPassword, 'currentPassword');
  if (!proof.ok) return proof;
  const weak = weakness(typed.newPassword, proof.value);
  if (weak) return weak;
  return ok(await setPassword(services, actor, userId, typed.newPassword, 'changed'));
}

/** The answer says nothing, and the work that depends on whether the address is known is done after it. */
export async function requestPasswordReset(
  services: Services,
  actor: Actor,
  typedEmail: string,
): Promise<Result<true, AccountsErrorCode>> {
  const email = parseEmail(typedEmail);
  if (!email) return refused(invalid('EMAIL_MALFORMED', 'This is no e-mail address', 'email'));
  const tooMany = await beginAttemptOfPlace(services, actor);
  if (tooMany) return refused(tooMany);
  // A mailbox is not to be flooded. That a mail has just been sent is not told either.
  const tooSoon = await beginAttempt(services, RESET_MAIL, email.key);
  if (!tooSoon) services.afterwards(() => mailResetLink(services, email.key));
  return ok(true);
}

async function mailResetLink(services: Services, emailKey: string): Promise<void> {
  const token = newToken('souk_mail');
  const to = await inTransaction(services.db, async (tx) => {
    const [user] = await findUserByEmail(tx, emailKey);
    if (!user?.email) return undefined;
    const createdAt = services.now();
    const expiresAt = new Date(createdAt.getTime() + RESET_LINK_MS);
    await deleteMailedTokensOfUser(tx, user.id, 'RESET_PASSWORD');
    const { id: userId, email } = user;
    await insertMailedToken(tx, {
      hash: token.hash,
      userId,
      purpose: 'RESET_PASSWORD',
      email,
      createdAt,
      expiresAt,
    });
    return email;
  });
  if (to) services.post(passwordResetMail(to, token.text, services.urls));
}

export async function resetPassword(
  services: Services,
  actor: Actor,
  typed: { token: string; newPassword: string },
): Promise<Result<UserRow, AccountsErrorCode>> {
  // Judged before the link is used up, as far as that goes without knowing whose it is.
  const weak = weakness(typed.newPassword, undefined);
  if (weak) return weak;
  const [taken] = await takeMailedToken(
    services.db,
    hashOfToken(typed.token),
    'RESET_PASSWORD',
    services.now(),
  );
  const [user] = taken ? await findUsers(services.db, [taken.userId]) : [];
  if (!user?.emailKey || user.email !== taken?.email) {
    return refused(
      invalid('TOKEN_INVALID', 'This link was used before, or is too old; ask for another', 'token'),
    );
  }
  await forgetFailures(services, PASSWORD_OF_ACCOUNT, user.emailKey);
  return ok(await setPassword(services, actor, user.id, typed.newPassword, 'reset'));
}

async function setPassword(
  services: Services,
  actor: Actor,
  userId: string,
  password: string,
  how: 'changed' | 'reset',
): Promise<UserRow> {
  const passwordHash = await services.passwords.hash(password);
  const now = services.now();
  const keep = how === 'changed' ? actor.viewer.sessionId : undefined;
  const { user, ended } = await inTransaction(services.db, async (tx) => {
    const [before] = await lockUser(tx, userId);
    // Who could read the mail has shown that the address is theirs.
    const verified = how === 'reset' && !before!.emailVerifiedAt ? { emailVerifiedAt: now } : {};
    const [changed] = await replacePassword(tx, userId, {
      passwordHash,
      passwordChangedAt: now,
      ...verified,
    });
    await deleteMailedTokensOfUser(tx, userId, 'RESET_PASSWORD');
    await deleteChallengesOfUser(tx, userId);
    const sessions = await endSessions(tx, services, actor, userId, 'PASSWORD_CHANGED', keep);
    const details = { how, endedSessions: sessions.length };
    await record(tx, services, actor, {
      action: 'PASSWORD_CHANGED',
      subjectId: userId,
      actorId: userId,
      details,
    });
    return { user: changed!, ended: sessions };
  });
  await revokeEnded(services, ended, now);
  services.post(securityNotice(user.email!, 'The password of your account was changed.', services.urls));
  return user;
}

function weakness(password: string, user: UserRow | undefined): Refused<AccountsErrorCode> | undefined {
  const fault = passwordFault(password, [user?.email ?? '', user?.displayName ?? '']);
  return fault && refused(invalid('PASSWORD_TOO_WEAK', PASSWORD_FAULTS[fault], 'newPassword'));
}
