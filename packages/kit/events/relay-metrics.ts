/** What a relay lets others see. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics } from '../observe/metrics.ts';
import type { ToldEvent } from './events.ts';
import type { Waiting } from './outbox.ts';

export interface RelayMetrics {
  told(events: readonly ToldEvent[]): void;
  waiting(waiting: Waiting): void;
  failed(): void;
  lost(entries: number): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600];

export function createRelayMetrics({ registry }: Metrics): RelayMetrics {
  const registers = [registry];
  let oldest: Date | undefined;
  const told = new Histogram({
    name: 'souk_events_told_seconds',
    help: 'Time from an event to its place in the stream',
    buckets: SECONDS,
    registers,
  });
  const waiting = new Gauge({
    name: 'souk_outbox_waiting',
    help: 'Events in the outbox that are not in the stream yet',
    registers,
  });
  new Gauge({
    name: 'souk_outbox_lag_seconds',
    help: 'Age of the oldest event in the outbox',
    registers,
    // It grows by itself while nobody measures: that is when it matters.
    collect() {
      this.set(oldest ? (Date.now() - oldest.getTime()) / 1000 : 0);
    },
  });
  const failures = new Counter({
    name: 'souk_relay_failures_total',
    help: 'Attempts to tell events that failed',
    registers,
  });
  const lost = new Counter({
    name: 'souk_events_cut_off_unread_total',
    help: 'Events that were trimmed before every group had read them',
    registers,
  });
  return {
    told: (events) => {
      const now = Date.now();
      for (const { occurredAt } of events) told.observe(Math.max(0, now - occurredAt.getTime()) / 1000);
    },
    waiting: (latest) => {
      waiting.set(latest.count);
      oldest = latest.oldest;
    },
    failed: () => failures.inc(),
    lost: (entries) => lost.inc(entries),
  };
}
