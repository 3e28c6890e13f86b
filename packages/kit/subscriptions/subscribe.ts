/** How a subscription reaches a room: one function, whether it came through a socket (room/sockets.ts) or from the same process. */
import type { GraphQLFormattedError } from 'graphql';

export interface SubscribeRequest {
  query: string;
  operationName?: string;
  variables?: Record<string, unknown>;
  /** Names in lower case: who asks (`VIEWER_HEADER`, signed), the id of the request, the trace. */
  headers: Record<string, string | undefined>;
}

export type SubscribeOutcome =
  | {
      ok: true;
      /**
       * JSON of one execution result each: `{"data":…}`, maybe with errors. When the stream of events itself fails, the last
       * one is `{"errors":[…]}` without `data`. `return()` ends it at once, also while `next()` waits.
       */
      events: AsyncIterableIterator<string>;
    }
  | { ok: false; errors: readonly GraphQLFormattedError[] };

/** Who was answered `ok` misses nothing that happens from then on. */
export type SubscribeHandler = (request: SubscribeRequest) => Promise<SubscribeOutcome>;
