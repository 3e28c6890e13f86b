/** What stands at the one port: the paths that rooms serve by themselves, and the router for everything else. */
import { errorResponse } from '@souk/kit/errors/errors';
import { type Handler, jsonResponse } from '@souk/kit/http/handler';
import type { Health } from '@souk/kit/http/health';
import { findRoute } from '@souk/kit/http/routes';
import type { Room, RunningRoom } from '@souk/kit/room/room';

/** Answers with the room that has a path of its own there. */
export type RoomPaths = (method: string, path: string) => Handler | undefined;

export function pathsOf(rooms: readonly { room: Room; running: RunningRoom }[]): RoomPaths {
  const doors = rooms.map(({ room, running }) => ({
    routes: room.routes?.(running.stores) ?? [],
    handler: running.handler,
  }));
  // The room's own handler, not the route's: it gives the request its scope, its trace and its figures.
  return (method, path) => doors.find(({ routes }) => findRoute(routes, method, path))?.handler;
}

/** What a server needs of a service. */
export interface Service {
  handler: Handler;
  health: Health;
  streams(method: string, path: string): boolean;
  metrics(): Promise<string>;
}

/** There before the service itself is, so that a port that is taken is told before a database is touched. */
export interface Front extends Service {
  open(behind: Service): void;
}

const NOT_YET = { 'retry-after': '1', 'cache-control': 'no-store' };

export function createFront(): Front {
  let behind: Service | undefined;
  return {
    handler: async (request) => {
      if (behind) return behind.handler(request);
      const { status, body } = errorResponse(
        'SERVICE_UNAVAILABLE',
        'Souk is starting; ask again in a moment',
      );
      return jsonResponse(status, body, NOT_YET);
    },
    health: {
      live: () => jsonResponse(200, { status: 'live' }, { 'cache-control': 'no-store' }),
      ready: async () => behind?.health.ready() ?? jsonResponse(503, { status: 'starting' }, NOT_YET),
      stopping: () => behind?.health.stopping(),
    },
    streams: (method, path) => behind?.streams(method, path) ?? false,
    metrics: async () => behind?.metrics() ?? '',
    open: (service) => {
      behind = service;
    },
  };
}
