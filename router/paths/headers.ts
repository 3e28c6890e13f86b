/** What of the headers goes on to the next hop, and what belongs to this connection alone (RFC 9110, 7.6.1). */

import { VIEWER_HEADER } from '@souk/kit/auth/viewer';
import type { HttpRequest } from '@souk/kit/http/handler';

const OF_THE_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** `expect` has been answered here; the viewer header is the router's to write; the host is the service's own. */
const NOT_FORWARDED = [...OF_THE_CONNECTION, 'expect', 'host', VIEWER_HEADER];

export function requestHeaders({ headers, ip }: HttpRequest): Record<string, string> {
  const kept = without(NOT_FORWARDED, headers);
  const before = kept['x-forwarded-for'];
  // Whoever reads it trusts its end alone: what stands before was said by the client, or by proxies in front.
  if (ip !== undefined) kept['x-forwarded-for'] = before === undefined ? ip : `${before}, ${ip}`;
  if (headers.host !== undefined) kept['x-forwarded-host'] ??= headers.host;
  kept['x-forwarded-proto'] ??= 'http';
  return kept;
}

export interface AnswerHeaders {
  headers: Record<string, string>;
  /** The only ones that may not be joined. */
  cookies: readonly string[];
}

export function answerHeaders(given: Record<string, string | string[] | undefined>): AnswerHeaders {
  const { 'set-cookie': cookies = [], ...others } = given;
  const joined = Object.entries(others).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return {
    headers: without(OF_THE_CONNECTION, Object.fromEntries(joined)),
    cookies: [cookies].flat(),
  };
}

function without(
  names: readonly string[],
  headers: Record<string, string | undefined>,
): Record<string, string> {
  const named = headers.connection?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !names.includes(name) && !named.includes(name)) kept[name] = value;
  }
  return kept;
}
