/** Counts what may be guessed at, and makes those wait who fail too often. */
import { exhausted, type UserError } from '@souk/kit/errors/user-errors';
import { countAttempt, findBlock, forgetAttempts, takeAttemptBack } from '../store/attempts.ts';
import { type AttemptLimit, describeWait, REQUESTS_OF_PLACE } from './back-off.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import type { Actor, Services } from './services.ts';

type Needs = Pick<Services, 'db' | 'now' | 'vault'>;

/** Counts an attempt before it is looked at. The error, if any, says how long to wait; then it must not be looked at. */
export async function beginAttempt(
  services: Needs,
  limit: AttemptLimit,
  subject: string,
): Promise<UserError<AccountsErrorCode> | undefined> {
  const now = services.now();
  const key = keyOf(services, limit, subject);
  const forgetBefore = new Date(now.getTime() - limit.forgetAfter * 1000);
  const [counted] = await countAttempt(services.db, { key, waits: limit.waits, forgetBefore, now });
  if (counted) return undefined;
  const [block] = await findBlock(services.db, key);
  const wait = block ? block.blockedUntil.getTime() - now.getTime() : 0;
  return exhausted('TOO_MANY_ATTEMPTS', `Too many attempts; wait ${describeWait(wait)} before the next one`);
}

/** After a success, failures before it count no more. */
export async function forgetFailures(services: Needs, limit: AttemptLimit, subject: string): Promise<void> {
  await forgetAttempts(services.db, [keyOf(services, limit, subject)]);
}

/** Where the router does not tell addresses, places cannot be told apart and are not counted. */
export async function beginAttemptOfPlace(services: Needs, { network }: Actor) {
  return network === undefined ? undefined : beginAttempt(services, REQUESTS_OF_PLACE, network);
}

export async function takeBackAttemptOfPlace(services: Needs, { network }: Actor): Promise<void> {
  if (network !== undefined) await takeAttemptBack(services.db, keyOf(services, REQUESTS_OF_PLACE, network));
}

function keyOf({ vault }: Needs, { kind }: AttemptLimit, subject: string): Buffer {
  return vault.mac('attempt', `${kind} ${subject}`);
}
