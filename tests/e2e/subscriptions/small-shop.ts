/** `npm start` within the test's own process, on stores of its own, with a shop of a few people and products. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedUsers } from '@souk/accounts/seed';
import { seedCategories, seedProducts } from '@souk/catalog/seed';
import { randomViewerKey } from '@souk/kit/auth/viewer';
import { untilHeard } from '../../../demo/heard.ts';
import type { DemoStores } from '../../../demo/load.ts';
import { loadMarker } from '../../../demo/marker.ts';
import { demoPeople } from '../../../demo/people.ts';
import { demoSignIns } from '../../../demo/sign-ins.ts';
import { startOneProcess } from '../../../start/one-process.ts';
import type { StartedRoom } from '../../../start/rooms.ts';
import { parseProcessSettings, SERVING_FLAGS } from '../../../start/settings.ts';
import { rooms } from '../../../subgraphs/registry.ts';
import { type Client, createClient } from '../client.ts';

export interface SmallShop {
  /** Of GraphQL, over HTTP. */
  url: string;
  productIds: string[];
  /** As one of the demo sign-ins; a guest when nobody is named. */
  as(who?: string): Promise<Client>;
  /** How often rooms were asked for things of one another, and how many subscriptions they have taken up. */
  figures: { entityFetches: number; subscribed: number };
  started: readonly StartedRoom[];
  viewerKey: ReturnType<typeof randomViewerKey>;
  close(): Promise<void>;
}

/** More than one shopper, so that they can vote for one another. */
const PEOPLE = demoPeople.slice(0, 6);

export async function openSmallShop(): Promise<SmallShop> {
  const dataDir = await mkdtemp(join(tmpdir(), 'souk-subscriptions-'));
  const viewerKey = randomViewerKey();
  const env = {
    PORT: '0',
    SOUK_DATA_DIR: dataDir,
    SOUK_LOG_LEVEL: 'silent',
    SOUK_REVIEWS_HOLD_FIRST_POSTS: 'off',
    // A few people write as much as many do elsewhere.
    SOUK_REVIEWS_POSTS_PER_HOUR: '500',
    // Clients name it, and the port is known only later.
    SOUK_PUBLIC_URL: 'http://127.0.0.1:4000',
  };
  let started: readonly StartedRoom[] = [];
  let productIds: string[] = [];
  const figures = { entityFetches: 0, subscribed: 0 };
  const running = await startOneProcess({
    rooms,
    settings: parseProcessSettings(rooms, { env, args: [], flags: SERVING_FLAGS }),
    viewerKey,
    onEmbedding: () => {},
    onCrash: (message) => {
      throw new Error(message);
    },
    load: async (opened) => {
      started = opened;
      productIds = await load(storesOf(opened));
      for (const { running: room } of opened) {
        const { handler, subscribe } = room;
        room.handler = (request) => {
          if (String(request.body).includes('_entities')) figures.entityFetches += 1;
          return handler(request);
        };
        room.subscribe = async (request) => {
          const outcome = await subscribe(request);
          if (outcome.ok) figures.subscribed += 1;
          return outcome;
        };
      }
    },
  });
  const clients = new Map<string, Client>();
  const url = `${running.url}/graphql`;
  return {
    url,
    productIds,
    started,
    viewerKey,
    figures,
    as: async (who) => {
      const known = clients.get(who ?? '');
      if (known) return known;
      const client = createClient(url);
      const signIn = demoSignIns.find(({ is }) => is === who);
      if (signIn) await client.signIn(signIn.email, signIn.password);
      clients.set(who ?? '', client);
      return client;
    },
    close: async () => {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Each room's stores are what its own seed asks for; the registry holds them without their types. */
export function storesOf(started: readonly StartedRoom[]): DemoStores {
  return Object.fromEntries(
    started.map(({ room, running }) => [room.name, running.stores]),
  ) as unknown as DemoStores;
}

async function load(stores: DemoStores): Promise<string[]> {
  await loadMarker(stores.catalog.db).set('loaded');
  const people = PEOPLE.map((person) => ({
    ...person,
    password:
      demoSignIns.find(({ email }) => email === person.email)?.password ?? 'a-quiet-walk-by-the-harbour',
  }));
  await seedUsers(stores.accounts, people);
  const shelf = { slug: 'lamps', name: 'Lamps', description: 'Light, and what holds it.' };
  const categoryIds = await seedCategories(stores.catalog, [shelf]);
  const products = ['Brass lantern', 'Paper moon', 'Reading lamp'].map((title, index) => ({
    slug: title.toLowerCase().replace(' ', '-'),
    title,
    description: 'It gives light.',
    categorySlug: shelf.slug,
    coverAlt: title,
    publishedAt: new Date(Date.now() - 60_000),
    options: [{ name: 'Size', values: ['One'] }],
    variants: [{ sku: `LAMP-${index}`, options: [{ name: 'Size', value: 'One' }] }],
  }));
  const seeded = await seedProducts(stores.catalog, categoryIds, products);
  await untilHeard(stores);
  return seeded.map(({ id }) => id);
}
