/** Round trips to stores, counted for each request: what budgets are held by, and what a metric and a trace tell. */
import { currentScope, STORES, type Store } from './request-scope.ts';
import type { Span, Traces } from './traces.ts';

/** On answers to requests that the router signed with `debug`: `postgres=2, mongodb=1`. */
export const ROUND_TRIPS_HEADER = 'souk-round-trips';

export type RoundTrips = Record<Store, number>;

/** Called by a store as it sends something off. What happens outside of a request is not counted. */
export function beginRoundTrip(store: Store, statement: string, traces: Traces): Span | undefined {
  const scope = currentScope();
  if (!scope) return undefined;
  scope.roundTrips[store] += 1;
  return scope.span && traces.start(store, 'client', scope.span, storeAttributes(store, statement));
}

/** Statements hold placeholders, never values. */
function storeAttributes(store: Store, statement: string) {
  return { 'db.system.name': store === 'postgres' ? 'postgresql' : store, 'db.query.text': statement };
}

export function formatRoundTrips(counts: RoundTrips): string {
  return STORES.map((store) => `${store}=${counts[store]}`).join(', ');
}

export function parseRoundTrips(header: string): RoundTrips {
  const counts: RoundTrips = { postgres: 0, mongodb: 0, redis: 0 };
  for (const store of STORES) {
    counts[store] = Number(new RegExp(`${store}=(\\d+)`).exec(header)?.[1] ?? 0);
  }
  return counts;
}
