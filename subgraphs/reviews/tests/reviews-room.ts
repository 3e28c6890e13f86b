/** The room for tests: a database of its own, a clock that tests move, and questions asked through the room's handler. */
import { randomBytes } from 'node:crypto';
import { randomViewerKey, signViewer, type Viewer } from '@souk/kit/auth/viewer';
import type { Delivery } from '@souk/kit/events/inbox';
import { migrateMongodb } from '@souk/kit/mongodb/migrations';
import { openMongodb } from '@souk/kit/mongodb/mongodb';
import { silentLog } from '@souk/kit/observe/log';
import { parseRoundTrips, ROUND_TRIPS_HEADER } from '@souk/kit/observe/round-trips';
import { createSubgraph } from '@souk/kit/room/subgraph';
import { heard, MONGODB_URL, ownName } from '@souk/kit/tests/stores';
import { unfollowed } from '@souk/kit/tests/unfollowed';
import { createIdMaker, newId } from '@souk/kit/values/ids';
import { createContext } from '../context.ts';
import type { Actor, Services, ShopRules } from '../domain/services.ts';
import { listProduct } from '../domain/told-by-others.ts';
import { submitReview } from '../domain/write-review.ts';
import { reviews as room } from '../index.ts';
import { collectionsOf, INDEXES } from '../store/collections.ts';
import type { ReviewDocument } from '../store/review-document.ts';

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks for is what it reads
  data: any;
  errors?: { message: string; path?: string[]; extensions: { code: string; argument?: string } }[];
  mongodbRoundTrips: number;
}

export const GUEST: Viewer = { scopes: [] };
export const SECOND = 1_000;
export const HOUR = 60 * 60 * SECOND;
export const WORDS = 'Well made, and it does what it should.';

export function someone(): Viewer & { userId: string } {
  return { userId: newId('usr'), scopes: [] };
}

export function staff(): Viewer & { userId: string } {
  return { userId: newId('usr'), scopes: ['reviews:moderate'] };
}

export function by(viewer: Viewer): Actor {
  return { viewer, requestId: 'test-request' };
}

export async function openReviewsRoom() {
  const mongodb = await openMongodb({
    url: MONGODB_URL!,
    service: 'reviews-tests',
    database: ownName('reviews'),
    traces: heard,
  });
  const commands: Record<string, unknown>[] = [];
  mongodb.client.on('commandStarted', ({ command }) => {
    commands.push(command as Record<string, unknown>);
  });
  await migrateMongodb({ db: mongodb.db, indexes: INDEXES });
  let skew = 0;
  const now = () => new Date(Date.now() + skew);
  const rules: ShopRules = {
    mediaHosts: ['pictures.example.com', '*.cdn.example.com'],
    blockedWords: ['casino', 'free money'],
    postsPerHour: 1_000,
    holdsFirstPosts: false,
  };
  const services: Services = {
    stores: collectionsOf(mongodb.db),
    now,
    newId: createIdMaker({
      now: () => now().getTime(),
      fillRandom: (bytes) => bytes.set(randomBytes(bytes.length)),
    }),
    live: unfollowed,
    rules,
  };
  const key = randomViewerKey();
  const subgraph = await createSubgraph({
    name: room.name,
    sdl: room.sdl,
    resolvers: room.resolvers,
    context: (request) => createContext(request, services),
    viewerKeys: [key],
    log: silentLog,
  });
  const ask = async (
    viewer: Viewer,
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<Answer> => {
    const response = await subgraph.handler({
      method: 'POST',
      path: '/graphql',
      query: '',
      headers: {
        'content-type': 'application/json',
        'souk-viewer': signViewer(viewer, key, { debug: true }),
      },
      body: Buffer.from(JSON.stringify({ query, variables })),
    });
    const mongodbRoundTrips = parseRoundTrips(response.headers[ROUND_TRIPS_HEADER] ?? '').mongodb;
    return { ...(JSON.parse(String(response.body)) as Omit<Answer, 'mongodbRoundTrips'>), mongodbRoundTrips };
  };
  return {
    services,
    rules,
    commands,
    db: mongodb.db,
    ask,
    pass: (milliseconds: number) => {
      skew += milliseconds;
    },
    close: async () => {
      await subgraph.stop();
      await mongodb.db.dropDatabase();
      await mongodb.close();
    },
  };
}

export type OpenRoom = Awaited<ReturnType<typeof openReviewsRoom>>;

/** That the catalog told something of a product just now. */
export function told(productId: string): Delivery {
  const event = {
    id: newId('evt'),
    type: '',
    version: 1,
    aggregateId: productId,
    occurredAt: new Date(),
    data: {},
  };
  return { event, from: 'catalog', fence: 1 };
}

/** A product that the catalog has told of. */
export async function product(
  { services }: Pick<OpenRoom, 'services'>,
  id: string = newId('prd'),
): Promise<string> {
  await listProduct(services, told(id));
  return id;
}

/** A review that a test starts from. */
export async function written(
  room: Pick<OpenRoom, 'services'>,
  given: {
    author?: Viewer & { userId: string };
    productId?: string;
    stars?: number;
    title?: string;
    body?: string;
  } = {},
): Promise<ReviewDocument> {
  const { services } = room;
  const productId = await product(room, given.productId);
  const { author = someone(), stars = 4, title = 'Good', body = WORDS } = given;
  const outcome = await submitReview(services, by(author), author.userId, { productId, stars, title, body });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
  return outcome.value;
}

/** What a rule answered, or the code of its refusal. */
export function codesOf(outcome: { ok: boolean; errors?: { code: string }[] }): string[] | 'done' {
  return outcome.ok ? 'done' : outcome.errors!.map(({ code }) => code);
}
