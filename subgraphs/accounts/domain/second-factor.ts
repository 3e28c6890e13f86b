/** Turning the second factor on and off, and its recovery codes. */

import { conflict, invalid, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { inTransaction, type Queryable } from '@souk/kit/postgres/postgres';
import { securityNotice } from '../mail/messages.ts';
import {
  confirmEnrolment,
  deleteAuthenticator,
  deleteRecoveryCodes,
  findAuthenticators,
  insertRecoveryCodes,
  startEnrolment,
} from '../store/second-factors.ts';
import type { UserRow } from '../store/tables.ts';
import { findUsers } from '../store/users.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { proveCode, provePassword } from './password-proof.ts';
import { record } from './record.ts';
import { hashOfRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import { acceptCode, acceptTotp } from './second-factor-proof.ts';
import type { Actor, Services } from './services.ts';
import { newTotpSecret, stepOfCode } from './totp.ts';

const ENROLMENT_MS = 15 * 60_000;

export interface Enrolment {
  secret: string;
  otpauthUri: string;
  expiresAt: Date;
}

export interface EnabledFactor {
  user: UserRow;
  recoveryCodes: string[];
}

export async function enroll(
  services: Services,
  userId: string,
): Promise<Result<Enrolment, AccountsErrorCode>> {
  const [user] = await findUsers(services.db, [userId]);
  const { bytes, base32, uri } = newTotpSecret(user?.email ?? userId);
  const expiresAt = new Date(services.now().getTime() + ENROLMENT_MS);
  const sealed = services.vault.seal('totp-secret', bytes);
  const [started] = await startEnrolment(services.db, userId, sealed, expiresAt);
  if (!started) {
    return refused(conflict('MFA_ALREADY_ENABLED', 'A second factor is on already; turn it off first'));
  }
  return ok({ secret: base32, otpauthUri: uri, expiresAt });
}

export async function confirm(
  services: Services,
  actor: Actor,
  userId: string,
  code: string,
): Promise<Result<EnabledFactor, AccountsErrorCode>> {
  const now = services.now();
  const [pending] = await findAuthenticators(services.db, [userId]);
  if (pending?.confirmedAt) return refused(conflict('MFA_ALREADY_ENABLED', 'A second factor is on already'));
  if (!pending || pending.expiresAt <= now) {
    return refused(
      conflict('MFA_NOT_ENABLED', 'There is no enrolment to confirm, or it is too old; start again'),
    );
  }
  const step = stepOfCode(services.vault.open('totp-secret', pending.sealedSecret), code, now);
  const proof = await proveCode(services, userId, async () => step !== undefined);
  if (!proof.ok) return proof;
  const enabled = await inTransaction(services.db, async (tx) => {
    const [confirmed] = await confirmEnrolment(tx, userId, step!, now);
    if (!confirmed) return undefined;
    const recoveryCodes = await replaceRecoveryCodes(tx, services, userId);
    const [user] = await findUsers(tx, [userId]);
    await record(tx, services, actor, { action: 'MFA_ENABLED', subjectId: userId });
    return { user: user!, recoveryCodes };
  });
  return enabled ? ok(enabled) : refused(conflict('MFA_ALREADY_ENABLED', 'A second factor is on already'));
}

export async function disable(
  services: Services,
  actor: Actor,
  userId: string,
  typed: { password: string; code: string },
): Promise<Result<UserRow, AccountsErrorCode>> {
  const proof = await proveBoth(services, userId, typed.password, () =>
    acceptCode(services, userId, typed.code),
  );
  if (!proof.ok) return proof;
  const user = await inTransaction(services.db, async (tx) => {
    await deleteAuthenticator(tx, userId);
    await deleteRecoveryCodes(tx, userId);
    const [without] = await findUsers(tx, [userId]);
    await record(tx, services, actor, { action: 'MFA_DISABLED', subjectId: userId });
    return without!;
  });
  services.post(
    securityNotice(user.email!, 'The second factor of your account was turned off.', services.urls),
  );
  return ok(user);
}

export async function regenerateRecoveryCodes(
  services: Services,
  userId: string,
  typed: { password: string; code: string },
): Promise<Result<string[], AccountsErrorCode>> {
  // Not with a recovery code: whoever finds the sheet could turn one code into ten.
  const proof = await proveBoth(services, userId, typed.password, () =>
    acceptTotp(services, userId, typed.code),
  );
  if (!proof.ok) return proof;
  return ok(await inTransaction(services.db, (tx) => replaceRecoveryCodes(tx, services, userId)));
}

async function proveBoth(
  services: Services,
  userId: string,
  password: string,
  accept: () => Promise<unknown>,
): Promise<Result<true, AccountsErrorCode>> {
  const knows = await provePassword(services, userId, password, 'password');
  if (!knows.ok) return knows;
  const [authenticator] = await findAuthenticators(services.db, [userId]);
  if (!authenticator?.confirmedAt) return refused(conflict('MFA_NOT_ENABLED', 'No second factor is on'));
  return proveCode(services, userId, async () => Boolean(await accept()));
}

async function replaceRecoveryCodes(tx: Queryable, { vault }: Services, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await deleteRecoveryCodes(tx, userId);
  await insertRecoveryCodes(
    tx,
    userId,
    codes.map((code) => hashOfRecoveryCode(vault, userId, code)),
  );
  return codes;
}

/** For acts that ask for a code only where a second factor is on. */
export async function proveFactorIfEnabled(
  services: Services,
  userId: string,
  code: string | null | undefined,
): Promise<Result<true, AccountsErrorCode>> {
  const [authenticator] = await findAuthenticators(services.db, [userId]);
  if (!authenticator?.confirmedAt) return ok(true);
  if (!code)
    return refused(invalid('CODE_WRONG', 'Your account has a second factor: send a code too', 'code'));
  return proveCode(services, userId, async () => Boolean(await acceptCode(services, userId, code)));
}
