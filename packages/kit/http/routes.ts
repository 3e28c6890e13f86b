/** Paths that a service serves beside GraphQL: a key set, a picture, an upload. */
import type { Handler } from './handler.ts';

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A whole path, or a pattern that must match one from start to end. */
  path: string | RegExp;
  handle: Handler;
  /** Its handler reads `request.stream`, for bodies that should not be held in memory. */
  streams?: boolean;
}

export function findRoute(routes: readonly Route[], method: string, path: string): Handler | undefined {
  return routes.find((route) => matches(route, method, path))?.handle;
}

/** For `ServeOptions.streams`. */
export function streamsOf(routes: readonly Route[]): (method: string, path: string) => boolean {
  const streaming = routes.filter((route) => route.streams);
  return (method, path) => streaming.some((route) => matches(route, method, path));
}

function matches(route: Route, method: string, path: string): boolean {
  if (route.method !== method && !(route.method === 'GET' && method === 'HEAD')) return false;
  if (typeof route.path === 'string') return route.path === path;
  return route.path.exec(path)?.[0] === path;
}
