/** The room as one process runs it, on a database of its own; its handler is called without a socket. */
import { describe } from '@jest/globals';
import { randomViewerKey, signViewer, VIEWER_HEADER } from '@souk/kit/auth/viewer';
import type { HttpResponse } from '@souk/kit/http/handler';
import { silentLog } from '@souk/kit/observe/log';
import { createMetrics } from '@souk/kit/observe/metrics';
import { parseRoundTrips } from '@souk/kit/observe/round-trips';
import { type RunningRoom, startRoom } from '@souk/kit/room/room';
import { following } from '@souk/kit/tests/follow';
import { MONGODB_URL, ownName, REDIS_URL } from '@souk/kit/tests/stores';
import type { Services } from '../domain/services.ts';
import { catalog } from '../index.ts';
import { openCatalog } from '../open.ts';

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for
  data: any;
  errors:
    | { message: string; path?: (string | number)[]; extensions: { code: string; argument?: string } }[]
    | undefined;
  roundTrips: number;
}

export interface TestRoom extends ReturnType<typeof following> {
  services: Services;
  room: RunningRoom<Services>;
  ask(query: string, variables?: object, scopes?: readonly string[]): Promise<Answer>;
  fetch(
    method: string,
    address: string,
    body?: Buffer,
    headers?: Record<string, string>,
  ): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** A room needs both of its stores. */
export const withStores = MONGODB_URL && REDIS_URL ? describe : describe.skip;

export const STAFF = ['catalog:read', 'catalog:write', 'catalog:publish'];

export async function openRoom(): Promise<TestRoom> {
  const key = randomViewerKey();
  const database = ownName('catalog_room');
  const room = await startRoom(
    { ...catalog, open: (environment) => openCatalog(environment, database) },
    {
      urls: { mongodb: MONGODB_URL!, redis: REDIS_URL! },
      settings: { SOUK_PUBLIC_URL: 'https://shop.test', SOUK_CATALOG_MEDIA_HOSTS: ['cdn.test'] },
      viewerKeys: [key],
      log: silentLog,
      metrics: createMetrics('catalog'),
    },
  );
  return {
    services: room.stores,
    room,
    ...following(room.subscribe, key),
    ask: async (query, variables = {}, scopes = []) => {
      const viewer = scopes.length > 0 ? { userId: 'usr_01J00000000000000000000000', scopes } : { scopes };
      const { headers, body } = await room.handler({
        method: 'POST',
        path: '/graphql',
        query: '',
        headers: {
          'content-type': 'application/json',
          [VIEWER_HEADER]: signViewer(viewer, key, { debug: true }),
        },
        body: Buffer.from(JSON.stringify({ query, variables })),
      });
      const roundTrips = parseRoundTrips(headers['souk-round-trips'] ?? '').mongodb;
      return { ...JSON.parse(String(body)), roundTrips };
    },
    fetch: (method, address, body = Buffer.alloc(0), headers = {}) => {
      const { pathname, search } = new URL(address, 'https://shop.test');
      return room.handler({ method, path: pathname, query: search.slice(1), headers, body });
    },
    close: async () => {
      await room.stores.db.dropDatabase();
      await room.stop();
    },
  };
}
