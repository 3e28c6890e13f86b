/** Prometheus metrics. Each service has a registry of its own, since one process may hold them all. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { STORES, type Store } from './request-scope.ts';

export interface Metrics {
  registry: Registry;
  observeRequest(status: number, seconds: number): void;
  countError(code: string): void;
  observeRoundTrips(roundTrips: Record<Store, number>): void;
}

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const ROUND_TRIPS = [0, 1, 2, 3, 4, 6, 8, 12, 20, 50];

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  const requests = new Histogram({
    name: 'souk_request_duration_seconds',
    help: 'Time from the first byte of a request to its answer',
    labelNames: ['status'] as const,
    buckets: SECONDS,
    registers,
  });
  const errors = new Counter({
    name: 'souk_errors_total',
    help: 'GraphQL errors told to clients, by code',
    labelNames: ['code'] as const,
    registers,
  });
  const roundTrips = new Histogram({
    name: 'souk_store_round_trips',
    help: 'Round trips to a store that one request took',
    labelNames: ['store'] as const,
    buckets: ROUND_TRIPS,
    registers,
  });
  return {
    registry,
    observeRequest: (status, seconds) => requests.observe({ status }, seconds),
    countError: (code) => errors.inc({ code }),
    observeRoundTrips: (counts) => {
      for (const store of STORES) if (counts[store] > 0) roundTrips.observe({ store }, counts[store]);
    },
  };
}

/** CPU, memory, event loop and garbage collection: once a process, whatever it holds. */
export function createProcessMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** The text that Prometheus reads. A metric that several services have is one family there, told apart by `service`. */
export async function renderMetrics(registries: readonly Registry[]): Promise<string> {
  const families = new Map<string, { head: string; lines: string[] }>();
  for (const registry of registries) {
    for (const block of (await registry.metrics()).split('\n\n')) {
      const lines = block.split('\n').filter((line) => line !== '');
      const head = lines.filter((line) => line.startsWith('#')).join('\n');
      if (head === '') continue;
      const family = families.get(head) ?? { head, lines: [] };
      family.lines.push(...lines.filter((line) => !line.startsWith('#')));
      families.set(head, family);
    }
  }
  return [...families.values()].map(({ head, lines }) => `${[head, ...lines].join('\n')}\n`).join('\n');
}
