/** Reads a GraphQL request to a room, as GraphQL over HTTP has it: what is asked, and in which media type to answer. */
import type { ErrorCode } from '../errors/errors.ts';
import type { HttpRequest } from '../http/handler.ts';
import { parseJson } from '../http/json.ts';
import { GRAPHQL_RESPONSE, isJsonContent, JSON_TYPE, negotiate } from '../http/media-types.ts';

export type ResponseType = typeof JSON_TYPE | typeof GRAPHQL_RESPONSE;

/** `body` of a POST, `search` of a GET; Apollo Server reads the parameters out of them. */
export interface GraphqlRequest {
  ok: true;
  method: 'GET' | 'POST';
  search: string;
  body: unknown;
  type: ResponseType;
}

export interface UnreadRequest {
  ok: false;
  code: ErrorCode;
  message: string;
}

const MAX_REPRESENTATIONS = 10_000;
/** The request was good, the operation in it was not: `application/json` answers that with 200. */
const FAULTS_OF_OPERATION = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'OPERATION_TOO_LARGE',
  'BAD_USER_INPUT',
];

export function readGraphqlRequest(request: HttpRequest): GraphqlRequest | UnreadRequest {
  const { method, headers, query } = request;
  const type = negotiate(headers.accept, [JSON_TYPE, GRAPHQL_RESPONSE]);
  if (!type) return unread('NOT_ACCEPTABLE', `Answers come as ${GRAPHQL_RESPONSE} or ${JSON_TYPE}`);
  // The address is bounded by the size of headers, so it holds no list worth a limit of its own.
  if (method === 'GET') return { ok: true, method, search: query, body: undefined, type };
  if (method !== 'POST') return unread('METHOD_NOT_ALLOWED', 'Send operations with POST or GET');
  if (!isJsonContent(headers['content-type']) || headers['content-encoding'] !== undefined) {
    return unread('UNSUPPORTED_MEDIA_TYPE', 'Send content-type: application/json, not compressed');
  }
  const parsed = parseJson(request.body);
  if (!parsed.ok) return unread('BAD_REQUEST', parsed.message);
  const body = parsed.value as { query?: unknown; variables?: { representations?: unknown } | null } | null;
  if (typeof body?.query !== 'string') {
    return unread('BAD_REQUEST', 'The body has no `query`; send {"query": "…"}');
  }
  const representations = body.variables?.representations;
  if (Array.isArray(representations) && representations.length > MAX_REPRESENTATIONS) {
    return unread('OPERATION_TOO_LARGE', `At most ${MAX_REPRESENTATIONS} entities are resolved at once`);
  }
  return { ok: true, method, search: '', body, type };
}

/** `answered` is the status that the same answer has as `application/graphql-response+json`. */
export function statusIn(type: ResponseType, answered: number, body: string): number {
  if (type === GRAPHQL_RESPONSE || answered !== 400) return answered;
  const { errors } = JSON.parse(body) as { errors?: { extensions?: { code?: string } }[] };
  return FAULTS_OF_OPERATION.includes(errors?.[0]?.extensions?.code ?? '') ? 200 : answered;
}

function unread(code: ErrorCode, message: string): UnreadRequest {
  return { ok: false, code, message };
}
