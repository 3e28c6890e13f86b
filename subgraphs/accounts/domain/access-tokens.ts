/** Access tokens: JWTs after RFC 9068, signed with EdDSA, short-lived since nobody looks them up. */
import { SignJWT } from 'jose';
import type { Services } from './services.ts';

export const USER_TOKEN_SECONDS = 15 * 60;
export const MACHINE_TOKEN_SECONDS = 5 * 60;
/** Tells access tokens apart from all others that the same keys might sign. */
const TYPE = 'at+jwt';

export interface AccessToken {
  text: string;
  expiresAt: Date;
}

export interface UserClaims {
  userId: string;
  sessionId: string;
  roles: readonly string[];
  scopes: readonly string[];
}

type Needs = Pick<Services, 'signingKeys' | 'now' | 'newId' | 'urls'>;

export function tokenForUser(
  services: Needs,
  { userId, sessionId, roles, scopes }: UserClaims,
): Promise<AccessToken> {
  return sign(services, userId, USER_TOKEN_SECONDS, { sid: sessionId, roles, scope: scopes.join(' ') });
}

/** RFC 9068: a client that acts for itself is both `sub` and `client_id`. */
export function tokenForMachine(
  services: Needs,
  { apiKeyId, scopes }: { apiKeyId: string; scopes: readonly string[] },
): Promise<AccessToken> {
  return sign(services, apiKeyId, MACHINE_TOKEN_SECONDS, { client_id: apiKeyId, scope: scopes.join(' ') });
}

async function sign(
  { signingKeys, now, newId, urls }: Needs,
  subject: string,
  lifetimeSeconds: number,
  claims: Record<string, unknown>,
): Promise<AccessToken> {
  const { id, key } = await signingKeys.signer();
  // With its milliseconds, which RFC 7519 allows: a revocation and the token that follows it may share a second.
  const issuedAt = now().getTime() / 1000;
  const expiresAt = Math.ceil(issuedAt) + lifetimeSeconds;
  const text = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: id })
    .setIssuer(urls.public)
    .setAudience(urls.public)
    .setSubject(subject)
    .setJti(newId('jti'))
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(key);
  return { text, expiresAt: new Date(expiresAt * 1000) };
}
