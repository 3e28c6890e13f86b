/** What Prometheus is told of who was let in and who was not. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface GuardMetrics {
  limited(by: 'viewer' | 'address'): void;
}

export interface GuardFigures {
  revocations?: { heard(): boolean; kept(): number };
}

export function createGuardMetrics(registry: Registry, { revocations }: GuardFigures): GuardMetrics {
  const registers = [registry];
  const limited = new Counter({
    name: 'souk_router_rate_limited_total',
    help: 'Requests that were refused because their caller sent too many, by what was counted',
    labelNames: ['by'] as const,
    registers,
  });
  if (revocations) {
    new Gauge({
      name: 'souk_router_revocations_heard',
      help: '1 while revocations are heard; at 0 ended tokens hold until they expire',
      registers,
      collect() {
        this.set(revocations.heard() ? 1 : 0);
      },
    });
    new Gauge({
      name: 'souk_router_revocations_kept',
      help: 'Revocations in memory',
      registers,
      collect() {
        this.set(revocations.kept());
      },
    });
  }
  return { limited: (by) => limited.inc({ by }) };
}
