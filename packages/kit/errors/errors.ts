/**
 * Every code that a top-level error can carry in `extensions.code`, in one table; docs/errors.md is made from it.
 * An expected refusal of a mutation is no error but data: see user-errors.ts.
 */
import { GraphQLError } from 'graphql';

export interface ErrorEntry {
  /** HTTP status when the whole request fails with it. An error beside data leaves the status at 200. */
  status: number;
  description: string;
  /** What the client, or its developer, can do. */
  remedy: string;
}

export const ERRORS = {
  UNAUTHENTICATED: {
    status: 401,
    description: 'The request needs a sign-in and has none, or its token is expired, revoked or forged.',
    remedy:
      'Refresh the access token with `sessionRefresh`, or sign in again, and send `authorization: Bearer …`.',
  },
  FORBIDDEN: {
    status: 403,
    description: 'The caller is signed in but lacks a scope that the field needs.',
    remedy: 'Ask for a role that has the scope, or leave the field out.',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    status: 200,
    description:
      'The router withheld a field that the caller may not read; it is null, the rest of the answer stands.',
    remedy: 'Sign in, ask for a role that has the scope the message names, or leave the field out.',
  },
  NOT_FOUND: {
    status: 404,
    description: 'Nothing answers at this address.',
    remedy: 'Check the path; GraphQL is served at `/graphql`.',
  },
  BAD_USER_INPUT: {
    status: 400,
    description: 'An argument or a variable has a value that the field cannot take.',
    remedy: 'Correct the value that `message` names.',
  },
  BAD_REQUEST: {
    status: 400,
    description:
      'The request is not GraphQL over HTTP: malformed JSON, invalid UTF-8, too deeply nested, no `query`.',
    remedy: 'Send `{"query": "…", "variables": {…}}` as UTF-8 JSON.',
  },
  GRAPHQL_PARSE_FAILED: {
    status: 400,
    description: 'The document is not valid GraphQL syntax.',
    remedy: 'Correct the document at the location that the error names.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    description: 'The document does not fit the schema.',
    remedy: 'Compare it with the schema; generated types find this before a request does.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    description: 'The document has several operations and `operationName` names none of them.',
    remedy: 'Send `operationName`.',
  },
  OPERATION_TOO_LARGE: {
    status: 400,
    description: 'The operation is deeper, longer or dearer than the limits allow.',
    remedy: 'Ask for less at once: smaller pages, fewer levels, fewer aliases.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    description: 'The hash of an automatic persisted query is not known yet.',
    remedy: 'Send the hash once more together with the whole document; clients do this by themselves.',
  },
  PERSISTED_QUERY_HASH_MISMATCH: {
    status: 400,
    description: 'The hash is not the SHA-256 of the document that came with it.',
    remedy: 'Compute the hash over the exact text of the document.',
  },
  PERSISTED_QUERY_REQUIRED: {
    status: 400,
    description: 'This router only runs operations that were registered with it.',
    remedy: 'Register the operation, then send its id.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    description: 'The HTTP method does not fit: mutations need POST.',
    remedy: 'Use the method that the `allow` header names.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    description: 'The `accept` header rules out every media type that could be answered.',
    remedy: 'Accept `application/graphql-response+json` or `application/json`.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    description: 'The request, or the next piece of a file that is being uploaded, did not arrive in time.',
    remedy: 'Send it again, over a better line.',
  },
  CONTENT_TOO_LARGE: {
    status: 413,
    description: 'The body is larger than the server reads.',
    remedy: 'Send less at once; files are uploaded to the address that a mutation hands out.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    description: 'The body is in a media type or an encoding that is not read here.',
    remedy: 'Send `content-type: application/json` in UTF-8, not compressed.',
  },
  REQUEST_BLOCKED: {
    status: 403,
    description: 'A browser could have been tricked into sending this request by another site.',
    remedy: 'Send `content-type: application/json`, or a header such as `apollo-require-preflight: true`.',
  },
  RATE_LIMITED: {
    status: 429,
    description: 'Too many requests by this caller in a short time.',
    remedy: 'Wait as long as the `retry-after` header says.',
  },
  RESUME_EXPIRED: {
    status: 410,
    description: 'What a subscription missed since its cursor is not kept any more.',
    remedy:
      'Load what you show anew and subscribe without `after`; `extensions.oldest` is the oldest cursor still there.',
  },
  SLOW_CONSUMER: {
    status: 429,
    description: 'A subscription was ended because what it sent was not taken fast enough.',
    remedy:
      'Subscribe again after `extensions.cursor`, the last one that was sent; ask for less of each event.',
  },
  UNSIGNED_REQUEST: {
    status: 401,
    description:
      'A subgraph was called by something other than its router: the viewer header is missing, forged or expired.',
    remedy: 'Call the router. Between the two, check that both have the same `SOUK_VIEWER_KEY` and clock.',
  },
  SUBGRAPH_UNAVAILABLE: {
    status: 503,
    description:
      'A domain could not be reached or gave no valid answer; its fields are null, the others are answered.',
    remedy: 'Show what is there and try again later; `extensions.service` names the domain.',
  },
  SUBGRAPH_TIMEOUT: {
    status: 504,
    description: 'A domain did not answer in time; its fields are null, the others are answered.',
    remedy: 'Try again later. After a mutation, look first whether it was done.',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 502,
    description: 'The service that answers this path beside GraphQL cannot be reached, or broke off.',
    remedy: 'Try again later.',
  },
  UPSTREAM_TIMEOUT: {
    status: 504,
    description: 'The service that answers this path beside GraphQL did not answer in time.',
    remedy: 'Try again later. After an upload, look first whether it has arrived.',
  },
  SUBGRAPH_CIRCUIT_OPEN: {
    status: 503,
    description:
      'A domain failed so often lately that it is not asked for a moment; its fields are null, the others are answered.',
    remedy: 'Show what is there and try again in some seconds; `extensions.service` names the domain.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    description:
      'The process is starting or stopping, has more to do than it can, or a store that it needs is away.',
    remedy: 'Try again after the time in `retry-after`.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    description:
      'A fault on our side. Its cause is in the log, under the id that `extensions.requestId` names.',
    remedy: 'Report the request id.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetails {
  /** The argument, header or setting at fault. */
  argument?: string;
  /** Told to the client as it is: no secrets, no internals. */
  extensions?: Record<string, unknown>;
  /** For the log only. */
  cause?: unknown;
}

/** An error that a client may read as it stands. `message` says what is wrong and what to do. */
export function soukError(code: ErrorCode, message: string, details: ErrorDetails = {}): GraphQLError {
  const { argument, extensions, cause } = details;
  const error = new GraphQLError(message, {
    extensions: { ...extensions, ...(argument === undefined ? {} : { argument }), code },
  });
  // GraphQLError takes only an Error as its original, and would then hand its message out.
  if (cause !== undefined) Object.defineProperty(error, 'cause', { value: cause, enumerable: false });
  return error;
}

export function badUserInput(message: string, argument?: string): GraphQLError {
  return soukError('BAD_USER_INPUT', message, argument === undefined ? {} : { argument });
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}

/** The code of an error that was made to be read by clients; nothing for all others, which are masked. */
export function codeOf(error: unknown): ErrorCode | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  const { code } = error.extensions;
  return isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR' ? code : undefined;
}

/** What a client reads in place of a fault of ours. */
export function maskedMessage(requestId: string): string {
  return `Something went wrong on our side. Report this id: ${requestId}`;
}

export interface ErrorResponseBody {
  errors: [{ message: string; extensions: Record<string, unknown> }];
}

/** The body of a request that fails as a whole, and its HTTP status. */
export function errorResponse(
  code: ErrorCode,
  message: string,
  extensions: Record<string, unknown> = {},
): { status: number; body: ErrorResponseBody } {
  return {
    status: ERRORS[code].status,
    body: { errors: [{ message, extensions: { ...extensions, code } }] },
  };
}
