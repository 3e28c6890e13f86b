/**
 * Every room of the registry on embedded stores of its own, with a small demo shop in it, and what they say to their
 * stores written down. Never on servers that are set in the environment: this fills databases under their real names.
 */
import type { KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@souk/embedded/start';
import { randomViewerKey, signViewer, VIEWER_HEADER, type Viewer } from '@souk/kit/auth/viewer';
import { EMPTY_BODY, type Handler } from '@souk/kit/http/handler';
import { silentLog } from '@souk/kit/observe/log';
import { parseRoundTrips, ROUND_TRIPS_HEADER } from '@souk/kit/observe/round-trips';
import type { Room } from '@souk/kit/room/room';
import { createRouter, type Router } from '@souk/router/create';
import { loadDemoInto } from '../../start/demo.ts';
import { pathsOf } from '../../start/front.ts';
import { type House, openHouse } from '../../start/house.ts';
import { parseProcessSettings, SERVING_FLAGS } from '../../start/settings.ts';
import { rooms } from '../../subgraphs/registry.ts';
import { testedProducts } from '../small-demo.ts';
import { supergraphSdl } from './files.ts';
import { recordStores, type StoreRecord } from './record-stores.ts';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not.
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  /** To all stores together. */
  roundTrips: number;
}

export interface OpenHouse extends House {
  viewerKey: KeyObject;
  record: StoreRecord;
  urls: { postgres: string; mongodb: string; redis: string };
  /** Asks one room as the router would, by default as somebody who may do everything. */
  ask(room: string, query: string, variables?: object, viewer?: Viewer): Promise<Answer>;
  handlerOf(room: string): Handler;
  /** A router over the rooms; `instead` takes the place of some. */
  openRouter(instead?: Record<string, Handler>): Promise<Router>;
}

/** Whatever the contract lets anybody be asked for. */
export const EVERY_SCOPE = [...supergraphSdl.matchAll(/scopes: (\[\[.*?\]\])/g)].flatMap(([, scopes]) =>
  (JSON.parse(scopes!) as string[][]).flat(),
);

const PUBLIC_URL = 'http://127.0.0.1:4000';

export async function openContractHouse(): Promise<OpenHouse> {
  const dataDir = await mkdtemp(join(tmpdir(), 'souk-contract-'));
  const embedded = await startEmbedded({ dataDir });
  const { postgres, mongodb, redis } = embedded.urls;
  const env = {
    POSTGRES_URL: postgres,
    MONGODB_URL: mongodb,
    REDIS_URL: redis,
    SOUK_DATA_DIR: dataDir,
    SOUK_LOG_LEVEL: 'silent',
  };
  const viewerKey = randomViewerKey();
  const record = recordStores();
  const house = await openHouse({
    rooms,
    settings: parseProcessSettings(rooms, { env, args: [], flags: SERVING_FLAGS }),
    publicUrl: PUBLIC_URL,
    viewerKey,
    onEmbedding: () => {},
    onCrash: (message) => {
      throw new Error(message);
    },
  });
  await loadDemoInto(house.started, { write: () => {} }, testedProducts);
  const handlerOf = (name: string) => house.started.find(({ room }) => room.name === name)!.running.handler;
  return {
    ...house,
    viewerKey,
    record,
    urls: embedded.urls,
    handlerOf,
    ask: (room, query, variables = {}, viewer = { scopes: EVERY_SCOPE }) =>
      ask(handlerOf(room), signViewer(viewer, viewerKey, { debug: true }), { query, variables }),
    openRouter: (instead = {}) => openRouter(house, viewerKey, instead),
    close: async () => {
      record.stop();
      await house.close();
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function openRouter(house: House, viewerKey: KeyObject, instead: Record<string, Handler>): Promise<Router> {
  const paths = pathsOf(house.started);
  const own = house.started.map(({ room, running }) => [room.name, running.handler] as const);
  return createRouter({
    supergraph: { sdl: supergraphSdl },
    handlers: { ...Object.fromEntries(own), ...instead },
    viewerKey,
    tokens: {
      jwksUrl: `${PUBLIC_URL}/.well-known/jwks.json`,
      keysHandler: (request) => paths(request.method, request.path)!(request),
      issuer: PUBLIC_URL,
    },
    askRoundTrips: true,
    log: silentLog,
  });
}

export async function ask(handler: Handler, viewer: string | undefined, body: object): Promise<Answer> {
  return send(handler, viewer === undefined ? {} : { [VIEWER_HEADER]: viewer }, body);
}

export async function send(handler: Handler, headers: Record<string, string>, body: object): Promise<Answer> {
  const response = await handler({
    method: 'POST',
    path: '/graphql',
    query: '',
    headers: { 'content-type': 'application/json', ...headers },
    body: Object.keys(body).length === 0 ? EMPTY_BODY : Buffer.from(JSON.stringify(body)),
  });
  const { data, errors = [] } = JSON.parse(String(response.body)) as Partial<Answer>;
  const trips = parseRoundTrips(response.headers[ROUND_TRIPS_HEADER] ?? '');
  return {
    status: response.status,
    data,
    errors,
    roundTrips: trips.postgres + trips.mongodb + trips.redis,
  };
}

export const everyRoom: readonly Room[] = rooms;
