/** All that clients are served by who stay connected: subscriptions, sockets, streams of events, and their bounds. */
import type { Server } from 'node:http';
import type { Log } from '@souk/kit/observe/log';
import type { Traces } from '@souk/kit/observe/traces';
import { createEventStreams, type StreamEvents } from '../http/event-stream.ts';
import type { Queue } from '../http/queue.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { FindText } from '../operation/document-texts.ts';
import type { RunOptions } from '../operation/run.ts';
import type { Guard } from '../policy/guard.ts';
import type { Serving } from '../serving.ts';
import { createSubscriptions, type SubscriptionsOptions } from '../subscribe/subscriptions.ts';
import { createConnections } from './connections.ts';
import { createSocketMetrics } from './metrics.ts';
import { createOperations } from './operations.ts';
import { SOCKET_DEFAULTS, type SocketOptions } from './options.ts';
import { createRunOnSocket } from './run.ts';
import { createSockets } from './sockets.ts';
import type { Origins } from './upgrade.ts';

export interface StayingOptions {
  limits: Partial<SocketOptions> | undefined;
  /** Of other sites, whose pages may open a socket. */
  origins: Origins;
  run: RunOptions;
  findText: FindText;
  serving: Serving;
  guard: Guard;
  queue: Queue;
  subscriptions: Omit<SubscriptionsOptions, 'serving' | 'observer' | 'log'>;
  metrics: RouterMetrics;
  traces: Traces;
  log: Log;
}

export interface Staying {
  streamEvents: StreamEvents;
  attach(server: Server): void;
  disconnect(): Promise<void>;
  stop(): Promise<void>;
}

/** For answers that are on their way when the process stops, and for clients to take them. */
const DISCONNECT_WITHIN_MS = 5_000;

export function createStaying(options: StayingOptions): Staying {
  const { guard, serving, metrics, log, run, findText, queue, traces } = options;
  const limits = { ...SOCKET_DEFAULTS, ...options.limits };
  const socketMetrics = createSocketMetrics(metrics.registry);
  const { observer } = socketMetrics;
  const subscriptions = createSubscriptions({ ...options.subscriptions, serving, observer, log });
  const connections = createConnections({ limits, guard, metrics: socketMetrics, log });
  const { maxSubscriptions } = limits;
  const operations = createOperations({ run, serving, findText, subscriptions, maxSubscriptions });
  socketMetrics.watch(subscriptions, operations.running);
  const onSocket = createRunOnSocket({ guard, operations, queue, socketMetrics, metrics, traces, log });
  const { forwardHeaders } = options.subscriptions;
  const { origins } = options;
  const shared = { guard, connections, limits, metrics: socketMetrics };
  const sockets = createSockets({ ...shared, onSocket, origins, forwardHeaders, log });
  return {
    streamEvents: createEventStreams({ ...shared, operations }),
    attach: sockets.attach,
    disconnect: () => connections.disconnect(DISCONNECT_WITHIN_MS),
    stop: () => subscriptions.stop(),
  };
}
