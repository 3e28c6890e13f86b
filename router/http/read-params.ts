/** Takes the parameters of a GraphQL request out of a GET or a POST. */
import type { HttpRequest } from '@souk/kit/http/handler';
import { parseJson } from '@souk/kit/http/json';
import { isJsonContent } from '@souk/kit/http/media-types';
import type { AskedDocument } from '../operation/document-texts.ts';
import { type Refusal, refuseRequest } from '../refusal.ts';

export interface Params {
  ok: true;
  document: AskedDocument;
  operationName: string | undefined;
  variables: Record<string, unknown>;
  /** `extensions.after`: a subscription goes on from this cursor. */
  after: string | undefined;
}

/** Several requests in one body; each is answered for itself. */
export interface Batch {
  ok: true;
  batch: readonly (Params | Refusal)[];
}

/** `maxBatch` 0 takes no batches. */
export function readParams(request: HttpRequest, maxBatch: number): Params | Batch | Refusal {
  return request.method === 'GET' ? readQuery(request.query) : readBody(request, maxBatch);
}

function readBody({ headers, body }: HttpRequest, maxBatch: number): Params | Batch | Refusal {
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
  return Array.isArray(json.value) ? readBatch(json.value, maxBatch) : readOne(json.value);
}

function readBatch(list: readonly unknown[], maxBatch: number): Batch | Refusal {
  if (maxBatch === 0) {
    return malformed('Batches are not accepted; send each operation in a request of its own');
  }
  if (list.length === 0) return malformed('The batch is empty');
  if (list.length > maxBatch) {
    return malformed(`The batch has ${list.length} operations; at most ${maxBatch} are accepted`);
  }
  return { ok: true, batch: list.map(readOne) };
}

function readOne(value: unknown): Params | Refusal {
  return isObject(value) ? paramsOf(value) : malformed('The body must be a JSON object');
}

function readQuery(text: string): Params | Refusal {
  const search = new URLSearchParams(text);
  const params: Record<string, unknown> = {};
  for (const name of ['query', 'documentId', 'operationName', 'variables', 'extensions']) {
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
  return paramsOf(params);
}

export function paramsOf(params: Record<string, unknown>): Params | Refusal {
  const { query, documentId, operationName, variables, extensions } = params;
  const wrong = (name: string, kind: string) => malformed(`The parameter ${name} must be ${kind}`);
  if (isGiven(query) && typeof query !== 'string') return wrong('query', 'a string');
  if (isGiven(documentId) && typeof documentId !== 'string') return wrong('documentId', 'a string');
  if (isGiven(operationName) && typeof operationName !== 'string') return wrong('operationName', 'a string');
  if (isGiven(variables) && !isObject(variables)) return wrong('variables', 'an object');
  if (isGiven(extensions) && !isObject(extensions)) return wrong('extensions', 'an object');
  const hash = isObject(extensions) ? hashIn(extensions.persistedQuery) : undefined;
  if (hash === false) {
    return malformed(
      'extensions.persistedQuery must be {"version": 1, "sha256Hash": "…"} with the SHA-256 in hex',
    );
  }
  const after = isObject(extensions) ? extensions.after : undefined;
  if (isGiven(after) && typeof after !== 'string') return malformed('extensions.after must be a cursor');
  const document = { query: textIn(query), documentId: textIn(documentId), hash };
  return {
    ok: true,
    document,
    operationName: textIn(operationName),
    variables: isObject(variables) ? variables : {},
    after: textIn(after),
  };
}

/** Nothing when there is none, false when it is none. */
function hashIn(persisted: unknown): string | undefined | false {
  if (!isGiven(persisted)) return undefined;
  if (!isObject(persisted) || persisted.version !== 1) return false;
  const { sha256Hash } = persisted;
  return typeof sha256Hash === 'string' && /^[0-9a-f]{64}$/.test(sha256Hash) ? sha256Hash : false;
}

/** An empty parameter is as good as none. */
function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
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
