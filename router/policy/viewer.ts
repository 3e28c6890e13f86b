/** Who sent a request: a bearer token tells, its absence means a guest. */

import type { Viewer } from '@souk/kit/auth/viewer';
import type { HttpRequest } from '@souk/kit/http/handler';
import { type Refusal, refuseRequest } from '../refusal.ts';
import type { Holder } from './claims.ts';
import { clientAddress, type TrustedProxies } from './client-address.ts';
import type { Permissions } from './rules.ts';
import type { Pass, Tokens } from './tokens.ts';

export const GUEST_HEADER = 'souk-guest';
/** What is longer was not handed out by anyone. */
const GUEST_TOKEN = /^[\x21-\x7e]{1,512}$/;
const RETRY_AFTER_SECONDS = '5';
/** The signed header is bounded; a longer name tells nobody more. */
const MAX_USER_AGENT = 256;

/** A guest has no pass. */
export type ViewerOutcome = { ok: true; viewer: Holder; pass?: Pass } | Refusal;

/** Without `tokens` nobody can be signed in, and an `authorization` header is not looked at. */
export async function viewerOf(
  request: HttpRequest,
  tokens: Tokens | undefined,
  proxies?: TrustedProxies,
): Promise<ViewerOutcome> {
  const known = await knownViewer(request.headers.authorization, tokens);
  if (!known.ok) return known;
  const viewer = { ...known.viewer, ...clientOf(request, proxies) };
  const guestToken = request.headers[GUEST_HEADER];
  if (guestToken === undefined) return { ...known, viewer };
  if (!GUEST_TOKEN.test(guestToken)) {
    return refuseRequest(
      'BAD_REQUEST',
      `The ${GUEST_HEADER} header is not a token; send it as it was handed out`,
    );
  }
  return { ...known, viewer: { ...viewer, guestToken } };
}

/** By which people recognise their sessions, and domains slow down who tries too often. */
function clientOf(request: HttpRequest, proxies?: TrustedProxies): Pick<Viewer, 'ip' | 'userAgent'> {
  const ip = clientAddress(request, proxies);
  const userAgent = request.headers['user-agent']?.slice(0, MAX_USER_AGENT);
  return { ...(ip === undefined ? {} : { ip }), ...(userAgent === undefined ? {} : { userAgent }) };
}

export function permissionsOf(viewer: Holder): Permissions {
  const authenticated = viewer.userId !== undefined || viewer.apiKeyId !== undefined;
  return { authenticated, scopes: viewer.scopes, policies: viewer.policies ?? [] };
}

async function knownViewer(header: string | undefined, tokens: Tokens | undefined): Promise<ViewerOutcome> {
  if (header === undefined || tokens === undefined) return { ok: true, viewer: { scopes: [] } };
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header)?.[1];
  if (token === undefined)
    return unauthenticated('malformed', 'The authorization header is not "Bearer <token>"');
  const outcome = await tokens.verify(token);
  if (outcome.ok) return outcome;
  switch (outcome.reason) {
    case 'expired':
      return unauthenticated('expired', 'The access token has expired; refresh it, or sign in again');
    case 'revoked':
      return unauthenticated('revoked', 'The access token has been ended; refresh it, or sign in again');
    case 'invalid':
      return unauthenticated('invalid', 'The access token is not valid here; sign in again');
    case 'no keys':
      return refuseRequest('SERVICE_UNAVAILABLE', 'Tokens cannot be verified at the moment; try again', {
        headers: { 'retry-after': RETRY_AFTER_SECONDS },
      });
  }
}

/** A token that is no good is never treated as none: its holder would see a guest's answers and not know why. */
function unauthenticated(reason: string, message: string): Refusal {
  return refuseRequest('UNAUTHENTICATED', message, {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    extensions: { reason },
  });
}
