/** The OAuth 2 token endpoint (RFC 6749, client credentials): a machine trades its key for a short-lived token. */
import { type HttpRequest, type HttpResponse, jsonResponse } from '@souk/kit/http/handler';
import type { Route } from '@souk/kit/http/routes';
import { MACHINE_TOKEN_SECONDS } from '../domain/access-tokens.ts';
import { exchangeApiKey } from '../domain/api-keys.ts';
import type { Services } from '../domain/services.ts';

export function oauthToken(services: Services): Route {
  return { method: 'POST', path: '/oauth/token', handle: (request) => answer(services, request) };
}

async function answer(services: Services, request: HttpRequest): Promise<HttpResponse> {
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return failure(400, 'invalid_request', 'Send content-type: application/x-www-form-urlencoded');
  }
  const form = new URLSearchParams(request.body.toString('utf8'));
  for (const name of ['grant_type', 'client_id', 'client_secret', 'scope']) {
    if (form.getAll(name).length > 1) return failure(400, 'invalid_request', `${name} is there twice`);
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return failure(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
  }
  const credentials = credentialsOf(request, form);
  if (!credentials) {
    const how =
      'Send the id of the key and its secret, as HTTP Basic or as client_id and client_secret, not as both';
    return failure(401, 'invalid_client', how);
  }
  const scope = form.get('scope')?.split(' ').filter(Boolean);
  const exchange = await exchangeApiKey(services, {
    ...credentials,
    ...(scope?.length ? { scopes: scope } : {}),
  });
  if (!exchange.ok) {
    return exchange.reason === 'invalid_client'
      ? failure(401, 'invalid_client', 'This key is unknown, revoked or expired, or the secret is wrong')
      : failure(400, 'invalid_scope', 'The key does not have all of these scopes');
  }
  const body = {
    access_token: exchange.token.text,
    token_type: 'Bearer',
    expires_in: MACHINE_TOKEN_SECONDS,
    scope: exchange.scopes.join(' '),
  };
  return jsonResponse(200, body, UNCACHED);
}

const UNCACHED = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** RFC 6749 wants Basic to be understood, and one way of the two to be used. */
function credentialsOf(
  request: HttpRequest,
  form: URLSearchParams,
): { apiKeyId: string; secret: string } | undefined {
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [id, secret] = [form.get('client_id'), form.get('client_secret')];
  if (basic === undefined) return id && secret ? { apiKeyId: id, secret } : undefined;
  if (secret !== null) return undefined;
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 1 ? undefined : { apiKeyId: text.slice(0, colon), secret: text.slice(colon + 1) };
}

function failure(status: number, error: string, description: string): HttpResponse {
  const challenge: Record<string, string> =
    status === 401 ? { 'www-authenticate': 'Basic realm="souk"' } : {};
  return jsonResponse(status, { error, error_description: description }, { ...UNCACHED, ...challenge });
}
