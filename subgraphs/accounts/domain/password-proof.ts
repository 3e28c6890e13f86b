/** Proof that whoever holds the token also knows the password: asked for before what a thief would do first. */
import { invalid, notFound, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import type { UserRow } from '../store/tables.ts';
import { findUsers } from '../store/users.ts';
import { beginAttempt, forgetFailures } from './attempts.ts';
import { CODE_OF_USER, PASSWORD_OF_ACCOUNT } from './back-off.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import type { Services } from './services.ts';

export async function provePassword(
  services: Services,
  userId: string,
  password: string,
  field: string,
): Promise<Result<UserRow, AccountsErrorCode>> {
  const [user] = await findUsers(services.db, [userId]);
  if (!user?.emailKey) return refused(notFound('USER_NOT_FOUND', 'This account is gone'));
  const tooMany = await beginAttempt(services, PASSWORD_OF_ACCOUNT, user.emailKey);
  if (tooMany) return refused(tooMany);
  if (!(await services.passwords.verify(user.passwordHash, password))) {
    return refused(invalid('CREDENTIALS_WRONG', 'This is not your password', field));
  }
  await forgetFailures(services, PASSWORD_OF_ACCOUNT, user.emailKey);
  return ok(user);
}

/** `accept` looks at the code; each of its refusals counts. */
export async function proveCode(
  services: Services,
  userId: string,
  accept: () => Promise<boolean>,
): Promise<Result<true, AccountsErrorCode>> {
  const tooMany = await beginAttempt(services, CODE_OF_USER, userId);
  if (tooMany) return refused(tooMany);
  if (!(await accept())) {
    return refused(invalid('CODE_WRONG', 'This code is wrong, was used before or is too old', 'code'));
  }
  await forgetFailures(services, CODE_OF_USER, userId);
  return ok(true);
}
