/** What users may change about themselves, and by which rules. */

import { conflict, invalid, ok, type Result, refused, type UserError } from '@souk/kit/errors/user-errors';
import { inTransaction } from '@souk/kit/postgres/postgres';
import { singleLine } from '@souk/kit/values/text-values';
import type { UserRow } from '../store/tables.ts';
import { findUserByEmail, lockUser, type UserChange, updateUser } from '../store/users.ts';
import { type EmailAddress, parseEmail } from './email-address.ts';
import { mailVerification, newVerification } from './email-verification.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { PHONE_RULE } from './postal-address.ts';
import { tell } from './record.ts';
import type { Actor, Services } from './services.ts';
import { languageTag, phoneNumber } from './text-values.ts';

export const MAX_DISPLAY_NAME = 50;
export const DISPLAY_NAME_RULE = `The name to show must be one line of 1 to ${MAX_DISPLAY_NAME} characters`;
export const LOCALE_RULE = 'The language must be a BCP 47 tag, such as en or de-AT';
const MAX_NAME = 80;

/** Fields that are left out stay; null removes what may be removed. */
export interface TypedProfile {
  expectedVersion: number;
  displayName?: string | null | undefined;
  givenName?: string | null | undefined;
  familyName?: string | null | undefined;
  phone?: string | null | undefined;
  locale?: string | null | undefined;
  email?: string | null | undefined;
}

export async function updateProfile(
  services: Services,
  actor: Actor,
  userId: string,
  typed: TypedProfile,
): Promise<Result<UserRow, AccountsErrorCode>> {
  const checked = checkProfile(typed);
  if (!checked.ok) return checked;
  const { change, email } = checked.value;
  const verification = newVerification();
  let mailTo: string | undefined;
  const outcome = await inTransaction(
    services.db,
    async (tx): Promise<Result<UserRow, AccountsErrorCode>> => {
      mailTo = undefined;
      const [user] = await lockUser(tx, userId);
      if (!user) return refused(conflict('USER_NOT_FOUND', 'This account is gone'));
      if (user.version !== typed.expectedVersion) return refused(versionConflict());
      if (email && email.key !== user.emailKey) {
        const [holder] = await findUserByEmail(tx, email.key);
        if (holder) return refused(conflict('EMAIL_TAKEN', 'Another account has this address', 'email'));
        await verification.store(tx, services, userId, email.text);
        mailTo = email.text;
      }
      const pending = email ? { pendingEmail: mailTo ?? null } : {};
      const [updated] = await updateUser(tx, userId, { ...change, ...pending }, services.now());
      const data = { userId, version: updated!.version };
      await tell(tx, services, actor, { type: 'accounts.user.changed', aggregateId: userId, data });
      return ok(updated!);
    },
  );
  if (outcome.ok && mailTo !== undefined) mailVerification(services, mailTo, verification);
  return outcome;
}

export function versionConflict(): UserError<AccountsErrorCode> {
  return conflict(
    'VERSION_CONFLICT',
    'It was edited in the meantime; look at it again, then repeat',
    'expectedVersion',
  );
}

function checkProfile(typed: TypedProfile) {
  const errors: UserError<AccountsErrorCode>[] = [];
  const change: UserChange = {};
  const check = (
    field: 'displayName' | 'givenName' | 'familyName' | 'phone' | 'locale',
    parse: (text: string) => string | undefined,
    rule: string,
    isNeeded = false,
  ) => {
    const text = typed[field];
    if (text === undefined || (text === null && isNeeded)) return;
    const value = text === null ? null : parse(text);
    if (value === undefined) errors.push(invalid('VALUE_INVALID', rule, field));
    else Object.assign(change, { [field]: value });
  };
  check('displayName', (text) => singleLine(text, MAX_DISPLAY_NAME), DISPLAY_NAME_RULE, true);
  check('givenName', (text) => singleLine(text, MAX_NAME), nameRule('first'));
  check('familyName', (text) => singleLine(text, MAX_NAME), nameRule('last'));
  check('phone', phoneNumber, PHONE_RULE);
  check('locale', languageTag, LOCALE_RULE, true);
  let email: EmailAddress | undefined;
  if (typeof typed.email === 'string') {
    email = parseEmail(typed.email);
    if (!email) errors.push(invalid('EMAIL_MALFORMED', 'This is no e-mail address', 'email'));
  }
  return errors.length > 0 ? refused(...errors) : ok({ change, email });
}

function nameRule(which: 'first' | 'last'): string {
  return `The ${which} name must be one line of 1 to ${MAX_NAME} characters; null removes it`;
}
