/**
 * Opening an account. It is signed in at once; its address counts as verified when the mailed link has been followed.
 * That an address is taken is told, or nobody could be signed in at once: `REQUESTS_OF_PLACE` bounds how many can be tried.
 */

import { conflict, invalid, ok, type Result, refused, type UserError } from '@souk/kit/errors/user-errors';
import { inTransaction } from '@souk/kit/postgres/postgres';
import { timeOfId } from '@souk/kit/values/ids';
import { singleLine } from '@souk/kit/values/text-values';
import { giveRoles } from '../store/roles.ts';
import type { UserRow } from '../store/tables.ts';
import { insertUser } from '../store/users.ts';
import { beginAttemptOfPlace } from './attempts.ts';
import { DEFAULT_ROLE } from './built-in-roles.ts';
import { parseEmail } from './email-address.ts';
import { mailVerification, newVerification } from './email-verification.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { PASSWORD_FAULTS, passwordFault } from './password-strength.ts';
import { DISPLAY_NAME_RULE, LOCALE_RULE, MAX_DISPLAY_NAME } from './profile.ts';
import { record } from './record.ts';
import type { Actor, Services } from './services.ts';
import { type SessionTokens, startSession, tokensOf } from './sessions.ts';
import { languageTag } from './text-values.ts';

export interface TypedSignUp {
  email: string;
  password: string;
  displayName: string;
  locale: string;
}

export async function signUp(
  services: Services,
  actor: Actor,
  typed: TypedSignUp,
): Promise<Result<{ user: UserRow; tokens: SessionTokens }, AccountsErrorCode>> {
  const checked = checkSignUp(typed);
  if (!checked.ok) return checked;
  const tooMany = await beginAttemptOfPlace(services, actor);
  if (tooMany) return refused(tooMany);

  const { email, displayName, locale } = checked.value;
  const passwordHash = await services.passwords.hash(typed.password);
  const id = services.newId('usr');
  const now = new Date(timeOfId(id));
  const verification = newVerification();
  const opened = await inTransaction(services.db, async (tx) => {
    const [user] = await insertUser(tx, {
      id,
      email: email.text,
      emailKey: email.key,
      passwordHash,
      passwordChangedAt: now,
      displayName,
      locale,
      createdAt: now,
      updatedAt: now,
    });
    if (!user) return undefined;
    await giveRoles(tx, id, [DEFAULT_ROLE]);
    await verification.store(tx, services, id, email.text);
    const granted = await startSession(tx, services, actor, id);
    const event = { type: 'accounts.user.opened', aggregateId: id, data: { userId: id } } as const;
    await record(tx, services, actor, { action: 'SIGNED_UP', subjectId: id, actorId: id }, event);
    return { user, granted };
  });
  if (!opened)
    return refused(conflict('EMAIL_TAKEN', 'An account with this address exists; sign in instead', 'email'));
  mailVerification(services, email.text, verification);
  return ok({ user: opened.user, tokens: await tokensOf(services, opened.granted) });
}

function checkSignUp(typed: TypedSignUp) {
  const errors: UserError<AccountsErrorCode>[] = [];
  const email = parseEmail(typed.email);
  if (!email) errors.push(invalid('EMAIL_MALFORMED', 'This is no e-mail address', 'email'));
  const displayName = singleLine(typed.displayName, MAX_DISPLAY_NAME);
  if (!displayName) errors.push(invalid('VALUE_INVALID', DISPLAY_NAME_RULE, 'displayName'));
  const locale = languageTag(typed.locale);
  if (!locale) errors.push(invalid('VALUE_INVALID', LOCALE_RULE, 'locale'));
  const weakness = passwordFault(typed.password, [typed.email, typed.displayName]);
  if (weakness) errors.push(invalid('PASSWORD_TOO_WEAK', PASSWORD_FAULTS[weakness], 'password'));
  if (!email || !displayName || !locale || errors.length > 0) return refused(...errors);
  return ok({ email, displayName, locale });
}
