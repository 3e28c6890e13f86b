/** What the subscriptions of a subgraph let others see. */
import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../observe/metrics.ts';

export function createSubscriptionMetrics({ registry }: Metrics) {
  const registers = [registry];
  const open = new Gauge({
    name: 'souk_subscriptions_open',
    help: 'Subscriptions that a router holds here',
    registers,
  });
  const events = new Counter({
    name: 'souk_subscription_events_total',
    help: 'Events that were answered to subscriptions',
    registers,
  });
  return { opened: () => open.inc(), closed: () => open.dec(), answered: () => events.inc() };
}

export function createSocketMetrics({ registry }: Metrics) {
  const registers = [registry];
  const open = new Gauge({
    name: 'souk_subscription_sockets_open',
    help: 'Sockets of routers',
    registers,
  });
  const closes = new Counter({
    name: 'souk_subscription_sockets_closed_total',
    help: 'Sockets of routers that closed, by code',
    labelNames: ['code'] as const,
    registers,
  });
  return {
    opened: () => open.inc(),
    closed: (code: number) => {
      open.dec();
      closes.inc({ code });
    },
  };
}
