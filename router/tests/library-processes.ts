/** The library as processes that a test starts and kills: the router, and a subgraph "ratings" that can be told to fail. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import type { Agent } from 'undici';
import { type Running, runFaultyRatings, runRouter } from './router-process.ts';
import { composeLibrary, createLibrary } from './toy/library.ts';
import { schemas } from './toy/schemas.ts';

export const BOOKS = '{ books { title ratings { stars } } }';
/** Its data with ratings and without. */
export const RATED = booksWith([{ stars: 4 }]);
export const UNRATED = booksWith(null);

function booksWith(ratings: unknown) {
  return {
    books: [
      { title: 'Engines', ratings },
      { title: 'Lamps', ratings },
    ],
  };
}

export interface StartedRouter {
  router: Running;
  url: string;
  /** What Prometheus reads. */
  figures(): Promise<string>;
}

export interface LibraryProcesses {
  ratings: Running;
  startRouter(env?: Record<string, string>): Promise<StartedRouter>;
  /** Again, where it was. */
  restartRatings(): Promise<void>;
  /** `how` is a behaviour of faulty-ratings.mjs. */
  behave(how: string): Promise<void>;
  writeSupergraph(peopleSdl: string): Promise<void>;
  /** Leaves a file that is no supergraph. */
  breakSupergraph(): Promise<void>;
  /** No routers, subgraphs that are well, the supergraph as it was. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export async function startLibrary(): Promise<LibraryProcesses> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-library-'));
  const file = join(folder, 'supergraph.graphql');
  const library = createLibrary();
  const people = await serve({ handler: library.people.handler, log: silentLog });
  const books = await serve({ handler: library.books.handler, log: silentLog });
  const routers: Running[] = [];
  const first = runFaultyRatings(0);
  const ratingsUrl = await first.says('/graphql');

  const compose = (peopleSdl: string) => {
    const urls = { people: `${people.url}/graphql`, books: `${books.url}/graphql`, ratings: ratingsUrl };
    return composeLibrary({ urls, sdl: { people: peopleSdl } });
  };
  const replaceFile = async (sdl: string): Promise<void> => {
    await writeFile(`${file}.new`, sdl);
    await rename(`${file}.new`, file);
  };
  const original = compose(schemas.people);
  await replaceFile(original);

  const processes: LibraryProcesses = {
    ratings: first,
    startRouter: async (env = {}) => {
      const settings = { ROUTER_EXPLORER: 'off', SOUK_METRICS_PORT: '0', ROUTER_RATE_ADDRESS: '0', ...env };
      const router = runRouter(['--supergraph', file, '--port', '0'], settings);
      routers.push(router);
      const url = await router.says('/graphql');
      await router.says('The router is ready');
      const metricsUrl = (await router.says('Metrics at ')).replace('Metrics at ', '');
      return { router, url, figures: async () => (await fetch(metricsUrl)).text() };
    },
    restartRatings: async () => {
      processes.ratings = runFaultyRatings(Number(new URL(ratingsUrl).port));
      await processes.ratings.says('/graphql');
    },
    behave: async (how) => {
      await fetch(new URL(`/behave/${how}`, ratingsUrl), { method: 'PUT' });
    },
    writeSupergraph: (peopleSdl) => replaceFile(compose(peopleSdl)),
    breakSupergraph: () => replaceFile('type Query {'),
    reset: async () => {
      await Promise.all(routers.splice(0).map((router) => router.kill('SIGKILL')));
      // A test that failed may have left it dead.
      if (processes.ratings.process.signalCode !== null) await processes.restartRatings();
      await processes.behave('well');
      await replaceFile(original);
    },
    stop: async () => {
      await Promise.all([...routers, processes.ratings].map((one) => one.kill('SIGKILL')));
      await Promise.all([people.stop(), books.stop()]);
      await rm(folder, { recursive: true });
    },
  };
  return processes;
}

export interface Told {
  status: number;
  headers: Headers;
  data?: unknown;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

export async function ask(url: string, query = BOOKS, dispatcher?: Agent): Promise<Told> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(dispatcher ? { dispatcher } : {}),
  } as RequestInit);
  const { data, errors } = (await response.json()) as Told;
  return { status: response.status, headers: response.headers, data, ...(errors ? { errors } : {}) };
}
