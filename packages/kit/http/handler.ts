/**
 * How a request reaches a service: one function, whether it came through a socket (serve.ts) or from the same
 * process. Neither side copies the body.
 */
import type { Readable } from 'node:stream';

export interface HttpRequest {
  method: string;
  /** As sent, not decoded, without the query: `/graphql`. */
  path: string;
  /** Without the question mark; empty when there is none. */
  query: string;
  /** Names in lower case. Repeated headers are joined as RFC 9110 says. */
  headers: Record<string, string | undefined>;
  /** Empty when the service asked to read this path as a stream. */
  body: Buffer;
  /** Set instead of `body` on the paths that a service reads as a stream (`ServeOptions.streams`). */
  stream?: AsyncIterable<Buffer>;
  /** Address of the peer; there is none for a call within the process. */
  ip?: string;
  /** Fires when the caller has gone; work may stop. */
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Lines of `set-cookie`, the one header that may not be joined. */
  cookies?: readonly string[];
  body: Buffer | string;
  /** In place of `body`, for what should not be held in memory. Should it break, so does the connection. */
  stream?: Readable;
}

export type Handler = (request: HttpRequest) => Promise<HttpResponse>;

export const REQUEST_ID_HEADER = 'x-request-id';
export const TRACEPARENT_HEADER = 'traceparent';

export const EMPTY_BODY: Buffer = Buffer.alloc(0);

export function jsonResponse(
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function textResponse(
  status: number,
  text: string,
  headers: Record<string, string> = {},
): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: text };
}
