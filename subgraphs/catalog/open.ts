/** Opens what the room stands on: its database, and what runs beside requests. */
import { newId } from '@souk/kit/ids';
import { openMongodb } from '@souk/kit/mongodb';
import { migrateMongodb } from '@souk/kit/mongodb-migrations';
import { type OpenStores, type RoomEnvironment, urlOf } from '@souk/kit/room';
import { recountShelves } from './domain/counting.ts';
import { runImports } from './domain/import-running.ts';
import { dropForgottenImports } from './domain/import-starting.ts';
import { carryOutSchedules } from './domain/publishing.ts';
import type { Services } from './domain/services.ts';
import { settleAgain } from './domain/settling.ts';
import type { catalogSettings } from './settings.ts';
import { collectionsOf, INDEXES } from './store/collections.ts';
import { createSweeper, type Sweeper } from './sweepers.ts';

const DATABASE = 'catalog';
const PUBLISH_EVERY_MS = 1_000;
const COUNT_EVERY_MS = 2_000;
const SETTLE_EVERY_MS = 5_000;
const IMPORT_EVERY_MS = 2_000;
const DROP_EVERY_MS = 10 * 60_000;
const IMPORT_LEASE_MS = 10_000;

type Environment = RoomEnvironment<typeof catalogSettings>;

/** `database` is another one in tests. */
export async function openCatalog(
  environment: Environment,
  database: string = DATABASE,
): Promise<OpenStores<Services>> {
  const { settings, log, traces } = environment;
  const mongodb = await openMongodb({
    url: urlOf(environment, 'mongodb'),
    service: DATABASE,
    database,
    traces,
  });
  const { db } = mongodb;
  try {
    await migrateMongodb({ db, indexes: INDEXES, warn: (message) => log.warn(message) });
  } catch (error) {
    // The connection must not keep the process from ending.
    await mongodb.close();
    throw error;
  }
  const services: Services = {
    db,
    collections: collectionsOf(db),
    log,
    now: () => new Date(),
    newId,
    publicUrl: settings.SOUK_PUBLIC_URL,
    mediaHosts: new Set(settings.SOUK_MEDIA_HOSTS),
    counting: { wake: () => counting.wake() },
    importing: { wake: () => importing.wake() },
    importLeaseMs: IMPORT_LEASE_MS,
  };
  const stopping = new AbortController();
  const sweeper = (name: string, everyMs: number, round: () => Promise<unknown>) =>
    createSweeper(name, everyMs, log, round);
  const counting = sweeper('Counting of shelves', COUNT_EVERY_MS, () => recountShelves(services));
  const importing = sweeper('Work on imports', IMPORT_EVERY_MS, () => runImports(services, stopping.signal));
  const sweepers: Sweeper[] = [
    counting,
    importing,
    sweeper('Carrying out of schedules', PUBLISH_EVERY_MS, () => carryOutSchedules(services)),
    sweeper('Settling of moved categories', SETTLE_EVERY_MS, () => settleAgain(services)),
    sweeper('Removal of forgotten imports', DROP_EVERY_MS, () => dropForgottenImports(services)),
  ];
  // What was under way when the last process ended.
  importing.wake();
  return {
    stores: services,
    checks: { mongodb: mongodb.check },
    close: async () => {
      stopping.abort();
      await Promise.all(sweepers.map((one) => one.stop()));
      await mongodb.close();
    },
  };
}
