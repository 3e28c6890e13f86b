/** What the claims of an access token say of its holder. */
import type { Viewer } from '@souk/kit/auth/viewer';
import type { JWTPayload } from 'jose';

/** A viewer as their token tells them. */
export interface Holder extends Viewer {
  /** Names of the policies that it grants; for the router alone. */
  policies?: readonly string[];
}

/**
 * `sub` is the user, save in a token that a client got for itself (RFC 9068: `client_id` equals `sub`). `sid` is the
 * session, `client_id` the API key, `scope` a string with spaces (a list is taken too), `roles` a list; policies are
 * either.
 */
export function holderOf(claims: JWTPayload, policiesClaim: string): Holder {
  const viewer: Holder = { scopes: words(claims.scope) };
  const client = text(claims.client_id);
  if (client !== undefined) viewer.apiKeyId = client;
  if (claims.sub !== client) viewer.userId = claims.sub!;
  const session = text(claims.sid);
  if (session !== undefined) viewer.sessionId = session;
  if (Array.isArray(claims.roles)) viewer.roles = words(claims.roles);
  const policies = words(claims[policiesClaim]);
  if (policies.length > 0) viewer.policies = policies;
  return viewer;
}

function words(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word): word is string => typeof word === 'string') : [];
}

export function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}
