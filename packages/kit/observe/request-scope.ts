/**
 * What belongs to the request that runs now, found from anywhere below it without being passed along: its id for the
 * log, the count of its round trips to stores, its span. Business data does not belong here.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from './spans.ts';

export const STORES = ['postgres', 'mongodb', 'redis'] as const;
export type Store = (typeof STORES)[number];

export interface RequestScope {
  requestId: string;
  roundTrips: Record<Store, number>;
  span?: Span;
}

const storage = new AsyncLocalStorage<RequestScope>();

export function newScope(requestId: string, span?: Span): RequestScope {
  const scope: RequestScope = { requestId, roundTrips: { postgres: 0, mongodb: 0, redis: 0 } };
  if (span) scope.span = span;
  return scope;
}

/** Awaits inside: a Drizzle query, for one, is sent off only when it is awaited. */
export function runInScope<Value>(scope: RequestScope, work: () => PromiseLike<Value>): Promise<Value> {
  return storage.run(scope, async () => await work());
}

/** Nothing outside of a request: at start, in a sweeper. */
export function currentScope(): RequestScope | undefined {
  return storage.getStore();
}
