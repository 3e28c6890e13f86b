/** What goes with each request to a subgraph: who asks, in whose request, and what the client's headers say. */
import type { KeyObject } from 'node:crypto';
import { signViewer, VIEWER_HEADER } from '@souk/kit/auth/viewer';
import { type HttpRequest, REQUEST_ID_HEADER, TRACEPARENT_HEADER } from '@souk/kit/http/handler';
import { currentScope } from '@souk/kit/observe/request-scope';
import type { Holder } from './policy/claims.ts';

export interface HeaderOptions {
  /** Signs who is asking; without it they are not told. */
  viewerKey?: KeyObject;
  /** Asks subgraphs to tell their round trips to stores in a header of their answers. */
  askRoundTrips?: boolean;
  /** Headers of the client that subgraphs get as they are, in lower case. */
  forwardHeaders?: readonly string[];
}

/** W3C trace context; what is not that is not passed on. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The viewer is signed anew each time: the signature holds for a minute. With an id of its own it is for an event, which
 * belongs to no request that runs, nor to the trace of one that ended long ago.
 */
export function subgraphHeaders(
  options: HeaderOptions,
  request: HttpRequest,
  { policies: _, ...viewer }: Holder,
  eventId?: string,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of options.forwardHeaders ?? []) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  if (eventId === undefined) {
    const { requestId, span } = currentScope()!;
    const traceparent = span?.traceparent ?? request.headers[TRACEPARENT_HEADER];
    if (traceparent !== undefined && TRACEPARENT.test(traceparent)) headers[TRACEPARENT_HEADER] = traceparent;
    headers[REQUEST_ID_HEADER] = requestId;
  } else headers[REQUEST_ID_HEADER] = eventId;
  const { viewerKey, askRoundTrips: debug = false } = options;
  if (viewerKey) headers[VIEWER_HEADER] = signViewer(viewer, viewerKey, { debug });
  return headers;
}
