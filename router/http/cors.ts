/** Which pages of other sites may ask from a browser and read the answer. None, unless the settings name them. */
import { EMPTY_BODY, type HttpRequest, type HttpResponse } from '@souk/kit/http/handler';
import { JSON_TYPE } from '@souk/kit/http/media-types';
import { refuseRequest } from '../refusal.ts';
import { respondWithRefusal } from './respond.ts';

export interface CorsOptions {
  /** As browsers write them: `https://shop.example`. */
  origins: '*' | readonly string[];
  /** Whether browsers may send cookies and read the answer; never with `*`. */
  credentials: boolean;
  /** How long a browser need not ask again. */
  maxAgeSeconds: number;
}

export interface Cors {
  /** Nothing when the request is no preflight. */
  preflight(request: HttpRequest): HttpResponse | undefined;
  /** Put on every answer, errors too, or a page could not read what is wrong. */
  mark(request: HttpRequest, headers: Record<string, string>): void;
}

/** Headers of answers that a page may read beside the few that it always may. */
const EXPOSED =
  'x-request-id, retry-after, server-timing, ratelimit-limit, ratelimit-remaining, ratelimit-reset, ratelimit-policy';

export function createCors({ origins, credentials, maxAgeSeconds }: CorsOptions): Cors {
  const allowed = origins === '*' ? undefined : new Set(origins);
  const isAllowed = (origin: string) => allowed === undefined || allowed.has(origin);

  const mark = ({ headers: { origin } }: HttpRequest, headers: Record<string, string>): void => {
    if (allowed === undefined) headers['access-control-allow-origin'] = '*';
    else {
      headers.vary = headers.vary === undefined ? 'origin' : `${headers.vary}, origin`;
      if (origin === undefined || !allowed.has(origin)) return;
      headers['access-control-allow-origin'] = origin;
    }
    if (credentials) headers['access-control-allow-credentials'] = 'true';
    headers['access-control-expose-headers'] = EXPOSED;
  };

  const preflight = (request: HttpRequest): HttpResponse | undefined => {
    const { method, headers } = request;
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined;
    if (headers.origin === undefined || !isAllowed(headers.origin)) {
      const message = 'Pages of this origin may not ask here; ROUTER_CORS_ORIGINS names those that may';
      return respondWithRefusal(refuseRequest('REQUEST_BLOCKED', message), JSON_TYPE);
    }
    const granted: Record<string, string> = {
      'access-control-allow-methods': 'GET, POST',
      'access-control-max-age': String(maxAgeSeconds),
      vary: 'access-control-request-headers',
    };
    // Whoever may ask at all may name any header: which of them count is said elsewhere.
    const asked = headers['access-control-request-headers'];
    if (asked !== undefined) granted['access-control-allow-headers'] = asked;
    mark(request, granted);
    return { status: 204, headers: granted, body: EMPTY_BODY };
  };
  return { preflight, mark };
}
