/** Opens what the room stands on: stores, and what runs beside requests. */
import { accountsEvents } from '@souk/accounts/events';
import { catalogEvents } from '@souk/catalog/events';
import { startConsumer } from '@souk/kit/events/consumer';
import { mongodbInbox } from '@souk/kit/events/inbox-mongodb';
import { mongodbOutbox, onEventsWritten } from '@souk/kit/events/outbox-mongodb';
import { startRelay } from '@souk/kit/events/relay';
import { openLiveEvents } from '@souk/kit/live/live-events';
import { migrateMongodb } from '@souk/kit/mongodb/migrations';
import { openMongodb } from '@souk/kit/mongodb/mongodb';
import { openRedis } from '@souk/kit/redis/redis';
import { type OnClose, openTogether } from '@souk/kit/room/closers';
import { answerPrivacyCommands } from '@souk/kit/room/privacy';
import { type OpenStores, type RoomEnvironment, urlOf } from '@souk/kit/room/room';
import { newId } from '@souk/kit/values/ids';
import { createSweeper } from '@souk/kit/work/sweeper';
import { createPrivacyDuties } from './domain/privacy.ts';
import { recountDue } from './domain/recounting.ts';
import type { Services } from './domain/services.ts';
import { reviewsEvents } from './events.ts';
import { accountsHandlers, catalogHandlers } from './listening.ts';
import type { reviewsSettings } from './settings.ts';
import { collectionsOf, INDEXES, TELLING } from './store/collections.ts';

export const NAME = 'reviews';
const RECOUNT_EVERY_MS = 15_000;

type Environment = RoomEnvironment<typeof reviewsSettings>;

export async function openReviews(environment: Environment): Promise<OpenStores<Services>> {
  return openTogether((onClose) => openAll(environment, onClose));
}

async function openAll(environment: Environment, onClose: OnClose) {
  const { settings, log, metrics, traces } = environment;
  const warn = (message: string) => log.warn(message);
  const mongodb = await openMongodb({ url: urlOf(environment, 'mongodb'), service: NAME, traces });
  onClose(mongodb.close);
  const { redis, ...redisLife } = await openRedis({
    url: urlOf(environment, 'redis'),
    service: NAME,
    traces,
    warn,
  });
  onClose(redisLife.close);
  await migrateMongodb({ db: mongodb.db, indexes: INDEXES, warn });
  const outbox = mongodbOutbox(mongodb.db, TELLING);
  const relay = startRelay({ redis, subgraph: NAME, declared: reviewsEvents, outbox, log, metrics });
  onClose(relay.stop);
  const live = openLiveEvents({ redis, declared: reviewsEvents, log, metrics });
  onClose(live.stop);
  const stores = collectionsOf(mongodb.db);
  onEventsWritten(
    TELLING.map((name) => stores[name]),
    relay.wake,
  );
  const services: Services = {
    stores,
    now: () => new Date(),
    newId,
    live,
    rules: {
      mediaHosts: settings.SOUK_REVIEWS_MEDIA_HOSTS,
      blockedWords: settings.SOUK_REVIEWS_BLOCKED_WORDS,
      postsPerHour: settings.SOUK_REVIEWS_POSTS_PER_HOUR,
      holdsFirstPosts: settings.SOUK_REVIEWS_HOLD_FIRST_POSTS,
    },
  };
  const recounting = createSweeper({
    name: 'Counting anew',
    everyMs: RECOUNT_EVERY_MS,
    log,
    round: async () => {
      const done = await recountDue(services);
      if (done > 0) log.info({ done }, 'Counted anew what a process that ended half-way may have left wrong');
    },
  });
  onClose(recounting.stop);
  // What was under way when the last process ended.
  recounting.wake();
  const duties = createPrivacyDuties(services);
  onClose(answerPrivacyCommands({ redis, domain: NAME, duties, log }).stop);
  const common = { redis, group: NAME, inbox: mongodbInbox(mongodb.db), log, metrics };
  const ofCatalog = startConsumer({ ...common, from: catalogEvents, handlers: catalogHandlers(services) });
  onClose(ofCatalog.stop);
  const ofAccounts = startConsumer({ ...common, from: accountsEvents, handlers: accountsHandlers(services) });
  onClose(ofAccounts.stop);
  const checks = {
    mongodb: mongodb.check,
    redis: redisLife.check,
    events: relay.check,
    'events of catalog': ofCatalog.check,
    'events of accounts': ofAccounts.check,
  };
  return { stores: services, checks };
}
