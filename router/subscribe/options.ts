/** What the engine of subscriptions needs, and what it does. */
import type { HttpRequest } from '@souk/kit/http/handler';
import type { Log } from '@souk/kit/observe/log';
import type { Traces } from '@souk/kit/observe/traces';
import type { SubscribeHandler } from '@souk/kit/subscriptions/subscribe';
import type { Holder } from '../policy/claims.ts';
import type { Serving } from '../serving.ts';
import type { SubscribeCall, Subscribed, SubscriptionObserver } from './calls.ts';

export interface SubscriptionsOptions {
  serving: Serving;
  /** As for queries. */
  unauthorized: 'null' | 'refuse';
  introspection: boolean;
  maxCost: number;
  maskErrors: boolean;
  /** Of one event. */
  maxAnswerBytes: number;
  /** What goes with each request to a subgraph: who asks, signed anew each time. */
  subgraphHeaders(request: HttpRequest, viewer: Holder, requestId: string): Record<string, string>;
  /** Names, in lower case, of the client's headers that subgraphs get: clients that differ in them share nothing. */
  forwardHeaders: readonly string[];
  /** URLs in place of those in the SDL, by name; `http:` is read as `ws:`. */
  urls: Record<string, string>;
  /** Subgraphs of this process, by name. */
  subscribeHandlers: Record<string, SubscribeHandler>;
  observer?: Partial<SubscriptionObserver>;
  /** Each event is a trace of its own. */
  traces?: Traces;
  log: Log;
}

export interface Subscriptions {
  subscribe(call: SubscribeCall): Promise<Subscribed>;
  figures(): { groups: number; members: number; upstreams: number };
  /** Ends all that run, and closes the connections to subgraphs. */
  stop(): Promise<void>;
}
