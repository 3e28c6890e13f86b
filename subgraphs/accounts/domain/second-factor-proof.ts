/** Whether a code proves that somebody holds the second factor. What is accepted once is not accepted again. */
import type { Queryable } from '@souk/kit/postgres/postgres';
import { findAuthenticators, useRecoveryCode, useStep } from '../store/second-factors.ts';
import { possibleHashes } from './recovery-codes.ts';
import type { Services } from './services.ts';
import { isTotpCode, stepOfCode } from './totp.ts';

export type CodeKind = 'password' | 'totp' | 'recovery-code';
export type SecondFactor = Exclude<CodeKind, 'password'>;

type Needs = Pick<Services, 'db' | 'now' | 'vault'>;

/** A TOTP code, or an unused recovery code. */
export async function acceptCode(
  services: Needs,
  userId: string,
  typed: string,
  db: Queryable = services.db,
): Promise<SecondFactor | undefined> {
  if (isTotpCode(typed)) return (await acceptTotp(services, userId, typed, db)) ? 'totp' : undefined;
  const [used] = await useRecoveryCode(db, userId, possibleHashes(services.vault, userId, typed));
  return used ? 'recovery-code' : undefined;
}

export async function acceptTotp(
  services: Needs,
  userId: string,
  typed: string,
  db: Queryable = services.db,
): Promise<boolean> {
  if (!isTotpCode(typed)) return false;
  const [authenticator] = await findAuthenticators(db, [userId]);
  if (!authenticator?.confirmedAt) return false;
  const secret = services.vault.open('totp-secret', authenticator.sealedSecret);
  const step = stepOfCode(secret, typed, services.now());
  if (step === undefined) return false;
  const [used] = await useStep(db, userId, step);
  return used !== undefined;
}
