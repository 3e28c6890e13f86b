/** What a listening domain lets others see; one set of metrics however many domains it listens to. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics } from '../observe/metrics.ts';
import type { ToldEvent } from './events.ts';

export type HandlingOutcome = 'applied' | 'seen' | 'ignored' | 'buried' | 'failed';

export interface ConsumerMetrics {
  handled(outcome: HandlingOutcome, event?: ToldEvent): void;
  letters(count: number): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600];

export function createConsumerMetrics({ registry }: Metrics, from: string): ConsumerMetrics {
  const once = <Metric>(name: string, make: () => Metric) =>
    (registry.getSingleMetric(name) as Metric | undefined) ?? make();
  const registers = [registry];
  const labelNames = ['from', 'outcome'] as const;
  const handled = once('souk_events_handled_total', () => {
    const help = 'Events of other domains, by what became of them';
    return new Counter({ name: 'souk_events_handled_total', help, labelNames, registers });
  });
  const seconds = once('souk_events_applied_seconds', () => {
    const help = 'Time from an event to its effect in this domain';
    const name = 'souk_events_applied_seconds';
    return new Histogram({ name, help, labelNames: ['from'] as const, buckets: SECONDS, registers });
  });
  const letters = once('souk_dead_letters', () => {
    const help = 'Events that this domain could not handle, or that wait behind one';
    return new Gauge({ name: 'souk_dead_letters', help, labelNames: ['from'] as const, registers });
  });
  return {
    handled: (outcome, event) => {
      handled.inc({ from, outcome });
      if (outcome === 'applied' && event)
        seconds.observe({ from }, Math.max(0, Date.now() - event.occurredAt.getTime()) / 1000);
    },
    letters: (count) => letters.set({ from }, count),
  };
}
