/** Takes the parameters of a GraphQL request out of a GET or a POST. */
import type { HttpRequest } from '@souk/kit/handler';
import { parseJson } from '@souk/kit/json';
import { isJsonContent } from '@souk/kit/media-types';
import { type Refusal, refuseRequest } from '../refusal.ts';

export interface Params {
  ok: true;
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

export function readParams(request: HttpRequest): Params | Refusal {
  return request.method === 'GET' ? readQuery(request.query) : readBody(request);
}

function readBody({ headers, body }: HttpRequest): Params | Refusal {
  if (!isJsonContent(headers['content-type'])) {
    const sent = headers['content-type'] ?? 'no content-type';
    return refuseRequest(
      'UNSUPPORTED_MEDIA_TYPE',
      `The body must be application/json in UTF-8; the request says ${sent.slice(0, 100)}`,
      { headers: { 'accept-post': 'application/json' } },
    );
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return refuseRequest(
      'UNSUPPORTED_MEDIA_TYPE',
      `The body must not be compressed; the request says ${encoding.slice(0, 100)}`,
      { headers: { 'accept-encoding': 'identity' } },
    );
  }
  if (body.length === 0) return malformed('The request has no body');
  const json = parseJson(body);
  if (!json.ok) return malformed(json.message);
  if (Array.isArray(json.value)) {
    return malformed('Batches are not accepted; send each operation in a request of its own');
  }
  if (!isObject(json.value)) return malformed('The body must be a JSON object');
  return checkParams(json.value);
}

function readQuery(text: string): Params | Refusal {
  const search = new URLSearchParams(text);
  const params: Record<string, unknown> = {};
  for (const name of ['query', 'operationName', 'variables', 'extensions']) {
    const values = search.getAll(name);
    if (values.length > 1) return malformed(`The parameter ${name} is given more than once`);
    if (values[0] !== undefined && values[0] !== '') params[name] = values[0];
  }
  for (const name of ['variables', 'extensions']) {
    if (params[name] === undefined) continue;
    const json = parseJson(Buffer.from(params[name] as string));
    if (!json.ok) return malformed(json.message.replace(/^The (?:body|JSON)/, `The parameter ${name}`));
    params[name] = json.value;
  }
  return checkParams(params);
}

function checkParams(params: Record<string, unknown>): Params | Refusal {
  const { query, operationName, variables, extensions } = params;
  const wrong = (name: string, kind: string) => malformed(`The parameter ${name} must be ${kind}`);
  if (isGiven(operationName) && typeof operationName !== 'string') return wrong('operationName', 'a string');
  if (isGiven(variables) && !isObject(variables)) return wrong('variables', 'an object');
  if (isGiven(extensions) && !isObject(extensions)) return wrong('extensions', 'an object');
  if (!isGiven(query) && isObject(extensions) && isGiven(extensions.persistedQuery)) {
    return malformed('Persisted queries are not served here; send the whole document in the parameter query');
  }
  if (!isGiven(query)) return malformed('The parameter query is missing');
  if (typeof query !== 'string') return wrong('query', 'a string');
  return {
    ok: true,
    query,
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : undefined,
    variables: isObject(variables) ? variables : {},
  };
}

function malformed(message: string): Refusal {
  return refuseRequest('BAD_REQUEST', message);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
