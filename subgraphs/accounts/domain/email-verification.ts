/** Whether an address is the user's own: they follow a link that was mailed to it. */

import { violatedUnique } from '@souk/kit/errors/store-faults';
import { conflict, exhausted, invalid, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { inTransaction, type Queryable } from '@souk/kit/postgres/postgres';
import { securityNotice, verificationMail } from '../mail/messages.ts';
import {
  deleteMailedTokensOfUser,
  findLatestMailedToken,
  insertMailedToken,
  takeMailedToken,
} from '../store/one-time-tokens.ts';
import type { UserRow } from '../store/tables.ts';
import { lockUser, updateUser } from '../store/users.ts';
import { describeWait } from './back-off.ts';
import { parseEmail } from './email-address.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { hashOfToken, newToken } from './opaque-tokens.ts';
import { record } from './record.ts';
import type { Actor, Services } from './services.ts';

const LINK_MS = 24 * 60 * 60_000;
const AT_MOST_EVERY_MS = 60_000;

export interface Verification {
  token: string;
  /** Voids the links that were mailed before. */
  store(tx: Queryable, services: Pick<Services, 'now'>, userId: string, email: string): Promise<void>;
}

export function newVerification(): Verification {
  const { text, hash } = newToken('souk_mail');
  return {
    token: text,
    store: async (tx, services, userId, email) => {
      const createdAt = services.now();
      const expiresAt = new Date(createdAt.getTime() + LINK_MS);
      await deleteMailedTokensOfUser(tx, userId, 'VERIFY_EMAIL');
      await insertMailedToken(tx, { hash, userId, purpose: 'VERIFY_EMAIL', email, createdAt, expiresAt });
    },
  };
}

/** Once the transaction that stored it is committed. */
export function mailVerification(services: Services, email: string, { token }: Verification): void {
  services.post(verificationMail(email, token, services.urls));
}

export async function sendVerification(
  services: Services,
  userId: string,
): Promise<Result<string, AccountsErrorCode>> {
  const verification = newVerification();
  const outcome = await inTransaction(services.db, async (tx): Promise<Result<string, AccountsErrorCode>> => {
    const [user] = await lockUser(tx, userId);
    const email = user && unverifiedAddress(user);
    if (!email) return refused(conflict('EMAIL_ALREADY_VERIFIED', 'Your address is verified already'));
    const [latest] = await findLatestMailedToken(tx, userId, 'VERIFY_EMAIL');
    const wait = latest ? latest.createdAt.getTime() + AT_MOST_EVERY_MS - services.now().getTime() : 0;
    if (wait > 0) {
      return refused(exhausted('TOO_MANY_ATTEMPTS', `A mail has just been sent; wait ${describeWait(wait)}`));
    }
    await verification.store(tx, services, userId, email);
    return ok(email);
  });
  if (outcome.ok) mailVerification(services, outcome.value, verification);
  return outcome;
}

export async function verifyEmail(
  services: Services,
  actor: Actor,
  token: string,
): Promise<Result<UserRow, AccountsErrorCode>> {
  try {
    const verified = await inTransaction(services.db, (tx) => follow(tx, services, actor, token));
    if (!verified)
      return refused(invalid('TOKEN_INVALID', 'This link was used before, or is too old', 'token'));
    const { user, before } = verified;
    if (before) {
      services.post(securityNotice(before, 'The e-mail address of your account was changed.', services.urls));
    }
    return ok(user);
  } catch (error) {
    // While the link lay in a mailbox, another account may have verified the same address.
    if (violatedUnique(error) !== 'users_email') throw error;
    return refused(conflict('EMAIL_TAKEN', 'Another account has this address by now', 'token'));
  }
}

async function follow(tx: Queryable, services: Services, actor: Actor, token: string) {
  const now = services.now();
  const [taken] = await takeMailedToken(tx, hashOfToken(token), 'VERIFY_EMAIL', now);
  const [user] = taken ? await lockUser(tx, taken.userId) : [];
  // A newer change of address voids the link of an older one.
  if (!taken || !user || unverifiedAddress(user) !== taken.email) return undefined;
  const changes = user.pendingEmail !== null;
  const email = parseEmail(taken.email)!;
  const [verified] = await updateUser(
    tx,
    user.id,
    { email: email.text, emailKey: email.key, pendingEmail: null, emailVerifiedAt: now },
    now,
  );
  const event = { type: 'accounts.email.verified', aggregateId: user.id, data: { userId: user.id } } as const;
  await record(
    tx,
    services,
    actor,
    { action: 'EMAIL_CHANGED', subjectId: user.id, actorId: user.id, details: { first: !changes } },
    event,
  );
  return { user: verified!, before: changes ? user.email : null };
}

function unverifiedAddress({ pendingEmail, email, emailVerifiedAt }: UserRow): string | null {
  return pendingEmail ?? (emailVerifiedAt ? null : email);
}
