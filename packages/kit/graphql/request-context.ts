/** What a request, or an event of a subscription, brings along for the context of its resolvers. */

import type { Viewer } from '../auth/viewer.ts';
import type { Log } from '../observe/log.ts';

/** What a room's context factory gets; the context it makes is the resolvers' third argument. */
export interface RequestContext {
  viewer: Viewer;
  requestId: string;
  log: Log;
  /** Fires when the caller has gone. A call, since making it costs and few want it. */
  signal(): AbortSignal | undefined;
}
