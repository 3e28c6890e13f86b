/** The public halves of the signing keys (RFC 7517): what routers verify tokens with. */
import { jsonResponse } from '@souk/kit/http/handler';
import type { Route } from '@souk/kit/http/routes';
import type { Services } from '../domain/services.ts';

/** Far below the hour for which a key is announced before it signs. */
const CACHED_SECONDS = 300;

export function jsonWebKeys({ signingKeys }: Services): Route {
  return {
    method: 'GET',
    path: '/.well-known/jwks.json',
    handle: async () =>
      jsonResponse(
        200,
        { keys: await signingKeys.published() },
        { 'cache-control': `public, max-age=${CACHED_SECONDS}` },
      ),
  };
}
