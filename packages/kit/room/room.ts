/**
 * A room is one subgraph with the stores it stands on. Its index.ts says what it is as plain data; `startRoom` opens the
 * stores and answers with a handler, which one process calls directly and serve-room.ts puts behind a port.
 */
import type { KeyObject } from 'node:crypto';
import type { DeclaredEvents } from '../events/events.ts';
import type { ResolverMap } from '../graphql/schema.ts';
import type { Handler } from '../http/handler.ts';
import type { HealthCheck } from '../http/health.ts';
import { type Route, streamsOf } from '../http/routes.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Store } from '../observe/request-scope.ts';
import { noTraces, type Traces } from '../observe/traces.ts';
import type { SettingsOf, SettingsShape } from '../settings/settings.ts';
import type { SubscribeHandler } from '../subscriptions/subscribe.ts';
import { createSubgraph, type RequestContext } from './subgraph.ts';

export interface Room<
  Shape extends SettingsShape = SettingsShape,
  Stores = unknown,
  Context extends object = object,
> {
  /** As in the SDL file, the supergraph and the URLs: `catalog`. */
  name: string;
  sdl: string;
  resolvers: ResolverMap;
  /** What it tells other rooms. */
  tells?: DeclaredEvents;
  /** Types of the events of others that it listens to. */
  hears?: readonly string[];
  /** Which servers it needs; `RoomEnvironment.urls` then has their URLs. */
  stores: readonly Store[];
  /** Settings of its own, under their names in the environment. */
  settings: Shape;
  /** Connects, migrates, starts what runs beside requests. */
  open(environment: RoomEnvironment<Shape>): Promise<OpenStores<Stores>>;
  /** Called once a request, and once an event of a subscription; DataLoaders are made here. */
  context(request: RequestContext, stores: Stores): Context;
  routes?(stores: Stores): readonly Route[];
}

export interface RoomEnvironment<Shape extends SettingsShape = SettingsShape> {
  urls: Partial<Record<Store, string>>;
  settings: SettingsOf<Shape>;
  log: Log;
  metrics: Metrics;
  traces: Traces;
}

export interface OpenStores<Stores> {
  stores: Stores;
  /** What readiness depends on, by name. */
  checks: Record<string, HealthCheck>;
  /** Ends what runs beside requests, then the connections. */
  close(): Promise<void>;
}

export interface StartOptions<Shape extends SettingsShape> {
  urls: Partial<Record<Store, string>>;
  settings: SettingsOf<Shape>;
  viewerKeys: readonly KeyObject[];
  log: Log;
  metrics: Metrics;
  traces?: Traces;
}

export interface RunningRoom<Stores = unknown> {
  name: string;
  handler: Handler;
  subscribe: SubscribeHandler;
  /** For seeds, jobs and tests, which go through the domain's own code. */
  stores: Stores;
  checks: Record<string, HealthCheck>;
  streams(method: string, path: string): boolean;
  stop(): Promise<void>;
}

/** Keeps the types of a room's parts tied together where it is written down. */
export function defineRoom<Shape extends SettingsShape, Stores, Context extends object>(
  room: Room<Shape, Stores, Context>,
): Room<Shape, Stores, Context> {
  return room;
}

export async function startRoom<Shape extends SettingsShape, Stores, Context extends object>(
  room: Room<Shape, Stores, Context>,
  options: StartOptions<Shape>,
): Promise<RunningRoom<Stores>> {
  const { viewerKeys, log, metrics, traces = noTraces } = options;
  const { stores, checks, close } = await room.open({ ...options, traces });
  try {
    const routes = room.routes?.(stores) ?? [];
    const subgraph = await createSubgraph({
      name: room.name,
      sdl: room.sdl,
      resolvers: room.resolvers,
      context: (request) => room.context(request, stores),
      viewerKeys,
      log,
      metrics,
      traces,
      routes,
    });
    const stop = async () => {
      await subgraph.stop();
      await close();
      await traces.stop();
    };
    const { handler, subscribe } = subgraph;
    return { name: room.name, handler, subscribe, stores, checks, streams: streamsOf(routes), stop };
  } catch (error) {
    // What was opened must not keep the process from ending.
    await close();
    throw error;
  }
}

/** The URL of a store that the room named in `stores`. */
export function urlOf(environment: Pick<RoomEnvironment, 'urls'>, store: Store): string {
  const url = environment.urls[store];
  if (url === undefined) throw new Error(`name ${store} in the room's stores, so that its URL is asked for`);
  return url;
}
