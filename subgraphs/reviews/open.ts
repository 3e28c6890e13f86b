/** Opens what the room stands on: stores, and what runs beside requests. */
import { accountsEvents } from '@souk/accounts/events';
import { catalogEvents } from '@souk/catalog/events';
import { startConsumer } from '@souk/kit/consumer';
import { newId } from '@souk/kit/ids';
import { mongodbInbox } from '@souk/kit/inbox-mongodb';
import { openMongodb } from '@souk/kit/mongodb';
import { migrateMongodb } from '@souk/kit/mongodb-migrations';
import { mongodbOutbox, onEventsWritten } from '@souk/kit/outbox-mongodb';
import { answerPrivacyCommands } from '@souk/kit/privacy';
import { openRedis } from '@souk/kit/redis';
import { startRelay } from '@souk/kit/relay';
import { type OpenStores, type RoomEnvironment, urlOf } from '@souk/kit/room';
import { createPrivacyDuties } from './domain/privacy.ts';
import type { Services } from './domain/services.ts';
import { accountsHandlers, catalogHandlers } from './listening.ts';
import type { reviewsSettings } from './settings.ts';
import { collectionsOf, INDEXES, TELLING } from './store/collections.ts';
import { startSweeper } from './sweeper.ts';

export const NAME = 'reviews';

type Environment = RoomEnvironment<typeof reviewsSettings>;

/** Closed in the opposite order, also when opening fails half-way. */
type Closers = (() => Promise<unknown>)[];

export async function openReviews(environment: Environment): Promise<OpenStores<Services>> {
  const closers: Closers = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await openAll(environment, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openAll(environment: Environment, closers: Closers) {
  const { settings, log, metrics, traces } = environment;
  const warn = (message: string) => log.warn(message);
  const mongodb = await openMongodb({ url: urlOf(environment, 'mongodb'), service: NAME, traces });
  closers.push(mongodb.close);
  const { redis, ...redisLife } = await openRedis({
    url: urlOf(environment, 'redis'),
    service: NAME,
    traces,
    warn,
  });
  closers.push(redisLife.close);
  await migrateMongodb({ db: mongodb.db, indexes: INDEXES, warn });
  const outbox = mongodbOutbox(mongodb.db, TELLING);
  const relay = startRelay({ redis, subgraph: NAME, outbox, log, metrics });
  closers.push(relay.stop);
  onEventsWritten(mongodb.client, NAME, relay.wake);
  const services: Services = {
    stores: collectionsOf(mongodb.db),
    now: () => new Date(),
    newId,
    rules: {
      mediaHosts: settings.SOUK_REVIEWS_MEDIA_HOSTS,
      blockedWords: settings.SOUK_REVIEWS_BLOCKED_WORDS,
      postsPerHour: settings.SOUK_REVIEWS_POSTS_PER_HOUR,
      holdsFirstPosts: settings.SOUK_REVIEWS_HOLD_FIRST_POSTS,
    },
  };
  closers.push(startSweeper(services, log).stop);
  const duties = createPrivacyDuties(services);
  closers.push(answerPrivacyCommands({ redis, domain: NAME, duties, log }).stop);
  const common = { redis, group: NAME, inbox: mongodbInbox(mongodb.db), log, metrics };
  const ofCatalog = startConsumer({ ...common, from: catalogEvents, handlers: catalogHandlers(services) });
  closers.push(ofCatalog.stop);
  const ofAccounts = startConsumer({ ...common, from: accountsEvents, handlers: accountsHandlers(services) });
  closers.push(ofAccounts.stop);
  const checks = {
    mongodb: mongodb.check,
    redis: redisLife.check,
    events: relay.check,
    'events of catalog': ofCatalog.check,
    'events of accounts': ofAccounts.check,
  };
  return { stores: services, checks };
}
