/** Who subscribes, to what, and where the frames go: the words that the engine and the sockets share. */
import type { HttpRequest } from '@souk/kit/http/handler';
import type { AnswerError, SubgraphFetch } from '../execute/executor.ts';
import type { Holder } from '../policy/claims.ts';
import type { Refusal } from '../refusal.ts';

export interface Sink {
  /**
   * Wire bytes of one execution result (JSON in UTF-8, with `extensions.cursor`), shared with others: never changed. The
   * first may come before `subscribe` has settled.
   */
  next(payload: Buffer, cursor: string | undefined): void;
  /** It is over, with errors when it failed. Once, and never after `leave()`. */
  end(errors?: readonly AnswerError[]): void;
}

export interface SubscribeParams {
  query: string;
  operationName?: string | undefined;
  variables: Record<string, unknown>;
}

export interface SubscribeCall {
  params: SubscribeParams;
  viewer: Holder;
  /** Of its headers, those that are forwarded. */
  request: HttpRequest;
  requestId: string;
  /** `extensions.after`: wins over the argument. */
  after?: string | undefined;
  sink: Sink;
}

export type Subscribed = { ok: true; name: string | undefined; hash: string; leave(): void } | Refusal;

/** Told what happens; for metrics. */
export interface SubscriptionObserver {
  /** An event came from a subgraph. */
  event(subgraph: string): void;
  /** What else an event's frame needed was fetched and rendered. */
  rendered(seconds: number): void;
  /** The last of those who follow it was sent an event's frame, so long after the event came. */
  delivered(seconds: number, members: number): void;
  /** A request to a subgraph on behalf of a frame. */
  fetched(fetch: SubgraphFetch): void;
  /** A subscription that others may share began, and ended. */
  groupOpened(): void;
  groupClosed(): void;
  /** Somebody came with a cursor that no flow of the group remembers, and catches up alone. */
  caughtUpAlone(): void;
  /** Who caught up alone has come as far as the others and goes on with them. */
  handedOver(members: number): void;
  /** Somebody came with a cursor and got the frames since from memory. */
  replayed(frames: number): void;
  /** A cursor was older than what the subgraph keeps. */
  expired(): void;
  /** A connection to a subgraph broke, and its subscriptions are asked for again. */
  reconnected(subgraph: string): void;
  /** Events came faster than their frames could be made: the subgraph is asked again from there, later. */
  paused(subgraph: string): void;
}
