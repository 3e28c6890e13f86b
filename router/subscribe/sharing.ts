/**
 * Who shares what: a key that is equal for those who are told the same, and for nobody else. What it holds is all that
 * an answer may depend on, so that the same key asks the same on behalf of the same viewer. See
 * docs/adr/0020-sharing-subscriptions.md.
 */
import { createHash } from 'node:crypto';
import { EMPTY_BODY, type HttpRequest } from '@souk/kit/http/handler';
import type { Holder } from '../policy/claims.ts';

export interface Audience {
  /** Or one viewer, who may be a guest too. */
  isEverybody: boolean;
  /** In whose name subgraphs are asked. */
  viewer: Holder;
  /** Of the client's request, what subgraphs get to see. */
  request: HttpRequest;
}

const GUEST: Holder = { scopes: [] };

export function everybody(request: HttpRequest, forwarded: readonly string[]): Audience {
  return { isEverybody: true, viewer: GUEST, request: forwardedOf(request, forwarded) };
}

/** Without address and browser: they are those of one client, and others of the same viewer are told the same. */
export function oneViewer(
  { ip: _, userAgent: __, ...viewer }: Holder,
  request: HttpRequest,
  forwarded: readonly string[],
): Audience {
  return { isEverybody: false, viewer, request: forwardedOf(request, forwarded) };
}

export function sharingKey(
  text: string,
  variables: Record<string, unknown>,
  { isEverybody, viewer, request }: Audience,
): string {
  const { userId, apiKeyId, sessionId, guestToken, scopes, roles = [], policies = [] } = viewer;
  const identity = [userId, apiKeyId, sessionId, guestToken].map((part) => part ?? null);
  const permissions = [scopes, roles, policies].map((names) => [...names].sort());
  const key = [isEverybody, text, ordered(variables), identity, permissions, ordered(request.headers)];
  return createHash('sha256').update(JSON.stringify(key)).digest('base64');
}

function forwardedOf({ headers }: HttpRequest, names: readonly string[]): HttpRequest {
  const forwarded = Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
  return { method: 'POST', path: '/graphql', query: '', headers: forwarded, body: EMPTY_BODY };
}

/** The same value is the same text, in whatever order its members came. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  // As pairs: a member may be called __proto__.
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, ordered(member)]);
}
