/** What Prometheus is told of clients that stay connected and of what they follow. All labels come from closed sets. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { SubscriptionObserver, Subscriptions } from '../subscribe/subscriptions.ts';
import type { Departure, Farewell } from './farewells.ts';
import type { NotLetIn } from './refusals.ts';

export type Transport = 'websocket' | 'sse';

export interface SocketMetrics {
  opened(transport: Transport): void;
  closed(transport: Transport, why: Farewell | Departure): void;
  refused(why: NotLetIn): void;
  /** A frame with an event or an answer went into a client's buffer. */
  sent(transport: Transport, bytes: number): void;
  /** Somebody came back with a cursor. */
  resumed(): void;
  renewed(outcome: 'renewed' | 'refused'): void;
  observer: Partial<SubscriptionObserver>;
  /** Asked whenever the figures are read. */
  watch(subscriptions: Subscriptions, running: () => number): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const TRANSPORTS: readonly Transport[] = ['websocket', 'sse'];

export function createSocketMetrics(registry: Registry): SocketMetrics {
  const registers = [registry];
  /** Counted without the registry: fifty thousand frames a second are more than it is made for. */
  const sent = { websocket: { frames: 0, bytes: 0 }, sse: { frames: 0, bytes: 0 } };
  const open = { websocket: 0, sse: 0 };
  let watched: { subscriptions: Subscriptions; running: () => number } | undefined;

  const gauge = (
    name: string,
    help: string,
    collect: (set: (value: number, labels?: object) => void) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['transport', 'kind'],
      registers,
      collect() {
        collect((value, labels = {}) => this.set(labels, value));
      },
    });
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });

  gauge('souk_router_connections', 'Clients that are connected', (set) => {
    for (const transport of TRANSPORTS) set(open[transport], { transport });
  });
  gauge('souk_router_subscriptions', 'Subscriptions of clients that run', (set) =>
    set(watched?.running() ?? 0),
  );
  gauge(
    'souk_router_subscription_flows',
    'Flows that subscriptions share, and what they are made of',
    (set) => {
      const figures = watched?.subscriptions.figures();
      for (const [kind, value] of Object.entries(figures ?? {})) set(value, { kind });
    },
  );
  for (const unit of ['frames', 'bytes'] as const) {
    new Counter({
      name: `souk_router_sent_${unit}_total`,
      help: `What clients that are connected were sent, in ${unit}`,
      labelNames: ['transport'] as const,
      registers,
      collect() {
        this.reset();
        for (const transport of TRANSPORTS) this.inc({ transport }, sent[transport][unit]);
      },
    });
  }
  const closed = counter(
    'souk_router_connections_closed_total',
    'Connections that ended, by why',
    'transport',
    'why',
  );
  const refused = counter(
    'souk_router_connections_refused_total',
    'Clients that were not let in, by why',
    'why',
  );
  const renewals = counter(
    'souk_router_token_renewals_total',
    'Tokens renewed on a socket, by outcome',
    'outcome',
  );
  const events = counter('souk_router_events_total', 'Events that subgraphs sent', 'subgraph');
  const resumes = counter(
    'souk_router_resumes_total',
    'Subscriptions that came with a cursor, by what came of it',
    'outcome',
  );
  const upstreams = counter(
    'souk_router_upstream_breaks_total',
    'Subscriptions to subgraphs that had to be asked for again, by why',
    'subgraph',
    'why',
  );
  const rendering = new Histogram({
    name: 'souk_router_event_duration_seconds',
    help: 'Time from an event to its frame: what else it needs is fetched, and it is rendered',
    buckets: SECONDS,
    registers,
  });
  const lag = new Histogram({
    name: 'souk_router_fan_out_seconds',
    help: 'Time from an event until the last of its subscribers was sent it',
    buckets: SECONDS,
    registers,
  });

  return {
    opened: (transport) => {
      open[transport]++;
    },
    closed: (transport, why) => {
      open[transport]--;
      closed.inc({ transport, why });
    },
    refused: (why) => refused.inc({ why }),
    sent: (transport, bytes) => {
      const figures = sent[transport];
      figures.frames++;
      figures.bytes += bytes;
    },
    resumed: () => resumes.inc({ outcome: 'asked' }),
    renewed: (outcome) => renewals.inc({ outcome }),
    observer: {
      event: (subgraph) => events.inc({ subgraph }),
      rendered: (seconds) => rendering.observe(seconds),
      delivered: (seconds) => lag.observe(seconds),
      replayed: () => resumes.inc({ outcome: 'from memory' }),
      caughtUpAlone: () => resumes.inc({ outcome: 'caught up' }),
      handedOver: (members) => resumes.inc({ outcome: 'joined' }, members),
      expired: () => resumes.inc({ outcome: 'expired' }),
      reconnected: (subgraph) => upstreams.inc({ subgraph, why: 'lost' }),
      paused: (subgraph) => upstreams.inc({ subgraph, why: 'overflow' }),
    },
    watch: (subscriptions, running) => {
      watched = { subscriptions, running };
    },
  };
}
