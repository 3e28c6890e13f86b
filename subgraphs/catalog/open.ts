/** Opens what the room stands on: its stores, and what runs beside requests. */

import { mongodbOutbox, onEventsWritten } from '@souk/kit/events/outbox-mongodb';
import { startRelay } from '@souk/kit/events/relay';
import { answerWishes } from '@souk/kit/events/retelling';
import { openLiveEvents } from '@souk/kit/live/live-events';
import { migrateMongodb } from '@souk/kit/mongodb/migrations';
import { openMongodb } from '@souk/kit/mongodb/mongodb';
import { openRedis } from '@souk/kit/redis/redis';
import { type OnClose, openTogether } from '@souk/kit/room/closers';
import { answerPrivacyCommands } from '@souk/kit/room/privacy';
import { type OpenStores, type RoomEnvironment, urlOf } from '@souk/kit/room/room';
import { newId } from '@souk/kit/values/ids';
import { createSweeper } from '@souk/kit/work/sweeper';
import { recountShelves } from './domain/counting.ts';
import { runImports } from './domain/import-running.ts';
import { dropForgottenImports } from './domain/import-starting.ts';
import { createPrivacyDuties } from './domain/privacy.ts';
import { carryOutSchedules } from './domain/publishing.ts';
import { retellProducts } from './domain/retelling.ts';
import type { Services } from './domain/services.ts';
import { settleAgain } from './domain/settling.ts';
import { catalogEvents } from './events.ts';
import type { catalogSettings } from './settings.ts';
import { createAttributeBook } from './store/attribute-book.ts';
import { collectionsOf, INDEXES, TELLING } from './store/collections.ts';

const NAME = 'catalog';
const PUBLISH_EVERY_MS = 1_000;
const COUNT_EVERY_MS = 2_000;
const SETTLE_EVERY_MS = 5_000;
const RENEW_ATTRIBUTES_EVERY_MS = 2_000;
const IMPORT_EVERY_MS = 2_000;
const DROP_EVERY_MS = 10 * 60_000;
const IMPORT_LEASE_MS = 10_000;

type Environment = RoomEnvironment<typeof catalogSettings>;

/** `database` is another one in tests. */
export async function openCatalog(
  environment: Environment,
  database: string = NAME,
): Promise<OpenStores<Services>> {
  return openTogether((onClose) => openAll(environment, database, onClose));
}

async function openAll(environment: Environment, database: string, onClose: OnClose) {
  const { settings, log, metrics, traces } = environment;
  const warn = (message: string) => log.warn(message);
  const url = urlOf(environment, 'mongodb');
  const mongodb = await openMongodb({ url, service: NAME, database, traces });
  onClose(mongodb.close);
  const { redis, ...redisLife } = await openRedis({
    url: urlOf(environment, 'redis'),
    service: NAME,
    traces,
    warn,
  });
  onClose(redisLife.close);
  const { db } = mongodb;
  await migrateMongodb({ db, indexes: INDEXES, warn });

  const outbox = mongodbOutbox(db, TELLING, { settleAt: { $exists: false } });
  const relay = startRelay({ redis, subgraph: NAME, declared: catalogEvents, outbox, log, metrics });
  onClose(relay.stop);
  const live = openLiveEvents({ redis, declared: catalogEvents, log, metrics });
  onClose(live.stop);
  const collections = collectionsOf(db);
  onEventsWritten(
    TELLING.map((name) => collections[name]),
    relay.wake,
  );
  const attributes = createAttributeBook(collections);
  await attributes.renew();
  const services: Services = {
    db,
    collections,
    attributes,
    log,
    now: () => new Date(),
    newId,
    live,
    publicUrl: settings.SOUK_PUBLIC_URL,
    mediaHosts: new Set(settings.SOUK_CATALOG_MEDIA_HOSTS),
    counting: { wake: () => counting.wake() },
    importing: { wake: () => importing.wake() },
    importLeaseMs: IMPORT_LEASE_MS,
  };
  const stopping = new AbortController();
  const sweep = (name: string, everyMs: number, round: () => Promise<unknown>) => {
    const sweeper = createSweeper({ name, everyMs, log, round });
    onClose(sweeper.stop);
    return sweeper;
  };
  const counting = sweep('Counting of shelves', COUNT_EVERY_MS, () => recountShelves(services));
  sweep('Carrying out of schedules', PUBLISH_EVERY_MS, () => carryOutSchedules(services));
  sweep('Settling of moved categories', SETTLE_EVERY_MS, () => settleAgain(services));
  sweep('Renewal of attributes', RENEW_ATTRIBUTES_EVERY_MS, attributes.renew);
  sweep('Removal of forgotten imports', DROP_EVERY_MS, () => dropForgottenImports(services));
  const importing = sweep('Work on imports', IMPORT_EVERY_MS, () => runImports(services, stopping.signal));
  // The import that runs hears of the stop before its sweeper waits for it.
  onClose(async () => stopping.abort());
  const duties = createPrivacyDuties(services);
  onClose(answerPrivacyCommands({ redis, domain: NAME, duties, log }).stop);
  const retell = () => retellProducts(services);
  onClose(answerWishes({ redis, subgraph: NAME, retell, log }).stop);
  // What was under way when the last process ended.
  importing.wake();
  return {
    stores: services,
    checks: { mongodb: mongodb.check, redis: redisLife.check, events: relay.check },
  };
}
