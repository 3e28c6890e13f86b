/** Nobody gives what they do not have: roles and keys hold no more than their maker, or what was there before. */

import type { Viewer } from '@souk/kit/auth/viewer';
import { forbidden, invalid, type UserError } from '@souk/kit/errors/user-errors';
import type { AccountsErrorCode } from './error-codes.ts';
import { isScope } from './scopes.ts';

/** `before` is what the receiver holds already. */
export function missingToGive(
  viewer: Viewer,
  scopes: readonly string[],
  before: readonly string[] = [],
): string[] {
  return [...new Set(scopes)].filter((scope) => !before.includes(scope) && !viewer.scopes.includes(scope));
}

/** The errors of a list of scopes that somebody typed, each at its place. */
export function scopeErrors(
  viewer: Viewer,
  scopes: readonly string[],
  before: readonly string[] = [],
): UserError<AccountsErrorCode>[] {
  const missing = new Set(missingToGive(viewer, scopes, before));
  return scopes.flatMap((scope, index): UserError<AccountsErrorCode>[] => {
    const field = ['scopes', index];
    if (!isScope(scope))
      return [invalid('SCOPE_UNKNOWN', 'There is no such scope; `scopes` lists them all', field)];
    if (missing.has(scope))
      return [forbidden('SCOPE_NOT_HELD', `You cannot give ${scope}: you do not have it`, field)];
    return [];
  });
}
