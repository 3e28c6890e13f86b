/**
 * Signing in. What it answers, and the work it does until then, are the same for an address that nobody has as for a
 * wrong password: the same statements, one hash, one entry in the audit log.
 */

import { forbidden, invalid, ok, type Refused, type Result, refused } from '@souk/kit/errors/user-errors';
import { inTransaction } from '@souk/kit/postgres/postgres';
import { deleteChallenge, insertChallenge, useChallenge } from '../store/one-time-tokens.ts';
import { findAuthenticators } from '../store/second-factors.ts';
import type { UserRow } from '../store/tables.ts';
import { findUserByEmail, lockUser, replacePassword } from '../store/users.ts';
import { beginAttempt, beginAttemptOfPlace, forgetFailures, takeBackAttemptOfPlace } from './attempts.ts';
import { CODE_OF_USER, PASSWORD_OF_ACCOUNT } from './back-off.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { hashOfToken, newToken } from './opaque-tokens.ts';
import { record } from './record.ts';
import { acceptCode, type CodeKind } from './second-factor-proof.ts';
import type { Actor, Services } from './services.ts';
import { type SessionTokens, startSession, tokensOf } from './sessions.ts';

const CHALLENGE_MS = 5 * 60_000;
const CHALLENGE_TRIES = 5;
/** Longer than any address: what is beyond is not looked at. */
const MAX_TYPED = 320;

export interface MfaChallenge {
  token: string;
  expiresAt: Date;
}

export type SignInStep = { tokens: SessionTokens } | { challenge: MfaChallenge };

export async function signIn(
  services: Services,
  actor: Actor,
  typed: { email: string; password: string },
): Promise<Result<SignInStep, AccountsErrorCode>> {
  // Not parsed: what is no address at all is answered like one that nobody has.
  const emailKey = typed.email.trim().slice(0, MAX_TYPED).normalize('NFC').toLowerCase();
  const tooMany =
    (await beginAttemptOfPlace(services, actor)) ??
    (await beginAttempt(services, PASSWORD_OF_ACCOUNT, emailKey));
  if (tooMany) return refused(tooMany);

  const [user] = await findUserByEmail(services.db, emailKey.replaceAll('\0', ''));
  if (!(await services.passwords.verify(user?.passwordHash, typed.password)) || !user) {
    return refuseSignIn(services, actor, user);
  }
  if (user.suspendedAt) return suspended();
  await takeBackAttemptOfPlace(services, actor);
  await forgetFailures(services, PASSWORD_OF_ACCOUNT, emailKey);
  await renewOutdatedHash(services, user, typed.password);

  const [authenticator] = await findAuthenticators(services.db, [user.id]);
  if (authenticator?.confirmedAt) return ok({ challenge: await challengeFor(services, user.id) });
  const tokens = await openSession(services, actor, user.id, 'password');
  return tokens ? ok({ tokens }) : suspended();
}

export async function completeSignIn(
  services: Services,
  actor: Actor,
  typed: { challengeToken: string; code: string },
): Promise<Result<SessionTokens, AccountsErrorCode>> {
  const hash = hashOfToken(typed.challengeToken);
  const [challenge] = await useChallenge(services.db, hash, services.now());
  if (!challenge) {
    const message = 'This sign-in has expired, or had too many wrong codes; start again with the password';
    return refused(invalid('TOKEN_INVALID', message, 'challengeToken'));
  }
  const { userId } = challenge;
  const tooMany = await beginAttempt(services, CODE_OF_USER, userId);
  if (tooMany) return refused(tooMany);
  const accepted = await acceptCode(services, userId, typed.code);
  if (!accepted) {
    await recordFailure(services, actor, userId, 'code');
    return refused(wrongCode());
  }
  await deleteChallenge(services.db, hash);
  await forgetFailures(services, CODE_OF_USER, userId);
  const tokens = await openSession(services, actor, userId, accepted);
  return tokens ? ok(tokens) : suspended();
}

export function wrongCode() {
  return invalid('CODE_WRONG', 'This code is wrong, was used before or is too old', 'code');
}

function suspended(): Refused<AccountsErrorCode> {
  return refused(forbidden('ACCOUNT_SUSPENDED', 'This account is suspended; please write to us'));
}

async function refuseSignIn(
  services: Services,
  actor: Actor,
  user: UserRow | undefined,
): Promise<Refused<AccountsErrorCode>> {
  await recordFailure(services, actor, user?.id, 'password');
  return refused(invalid('CREDENTIALS_WRONG', 'Address and password do not match'));
}

async function recordFailure(
  services: Services,
  actor: Actor,
  subjectId: string | undefined,
  factor: CodeKind | 'code',
) {
  await inTransaction(services.db, (tx) =>
    record(tx, services, actor, { action: 'SIGN_IN_FAILED', subjectId, details: { factor } }),
  );
}

async function challengeFor(services: Services, userId: string): Promise<MfaChallenge> {
  const token = newToken('souk_mfa');
  const expiresAt = new Date(services.now().getTime() + CHALLENGE_MS);
  await insertChallenge(services.db, { hash: token.hash, userId, triesLeft: CHALLENGE_TRIES, expiresAt });
  return { token: token.text, expiresAt };
}

async function openSession(
  services: Services,
  actor: Actor,
  userId: string,
  factor: CodeKind,
): Promise<SessionTokens | undefined> {
  const granted = await inTransaction(services.db, async (tx) => {
    // Locked, so that a suspension comes before the session and refuses it, or after and ends it.
    const [user] = await lockUser(tx, userId);
    if (user?.status !== 'ACTIVE' && user?.status !== 'ERASURE_PENDING') return undefined;
    const given = await startSession(tx, services, actor, userId);
    const details = { factor, sessionId: given.sessionId };
    await record(tx, services, actor, { action: 'SIGNED_IN', subjectId: userId, actorId: userId, details });
    return given;
  });
  return granted && tokensOf(services, granted);
}

/** The only moment at which the password is known. */
async function renewOutdatedHash(
  services: Services,
  { id, passwordHash }: UserRow,
  password: string,
): Promise<void> {
  if (!passwordHash || !services.passwords.isOutdated(passwordHash)) return;
  await replacePassword(services.db, id, { passwordHash: await services.passwords.hash(password) });
}
