/** Starts rooms side by side in this process; if one cannot, those that could are stopped again. */
import type { KeyObject } from 'node:crypto';
import type { Log } from '@souk/kit/observe/log';
import { createMetrics, type Metrics } from '@souk/kit/observe/metrics';
import type { Store } from '@souk/kit/observe/request-scope';
import { startTraces } from '@souk/kit/observe/traces';
import { type Room, type RunningRoom, startRoom } from '@souk/kit/room/room';

export interface RoomsOptions {
  rooms: readonly Room[];
  urls: Record<string, Partial<Record<Store, string>>>;
  settings: Record<string, unknown>;
  viewerKey: KeyObject;
  logOf(service: string): Log;
  tracesEndpoint: string | undefined;
}

export interface StartedRoom {
  room: Room;
  running: RunningRoom;
  metrics: Metrics;
}

export async function startRooms(options: RoomsOptions): Promise<StartedRoom[]> {
  const outcomes = await Promise.allSettled(options.rooms.map((room) => start(room, options)));
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failure) return started;
  // The first fault is the one to tell; a second one on the way out would only hide it.
  await stopRooms(started).catch(() => {});
  throw failure.reason;
}

export async function stopRooms(started: readonly StartedRoom[]): Promise<void> {
  const outcomes = await Promise.allSettled(started.map(({ running }) => running.stop()));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

async function start(room: Room, options: RoomsOptions): Promise<StartedRoom> {
  const metrics = createMetrics(room.name);
  const running = await startRoom(room, {
    urls: options.urls[room.name] ?? {},
    settings: options.settings,
    viewerKeys: [options.viewerKey],
    log: options.logOf(room.name),
    metrics,
    traces: await startTraces({ endpoint: options.tracesEndpoint, service: room.name }),
  });
  return { room, running, metrics };
}
