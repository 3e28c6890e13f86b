import type { Collection } from 'mongodb';
import { migrateMongodb } from '../../../mongodb/migrations.ts';
import { openMongodb } from '../../../mongodb/mongodb.ts';
import { migratePostgres } from '../../../postgres/migrations.ts';
import { type Database, openPostgres } from '../../../postgres/postgres.ts';
import { type OpenStores, type RoomEnvironment, urlOf } from '../../../room/room.ts';
import { type Book, indexes } from './books.ts';
import { migrations } from './shelves.ts';

export interface ToyStores {
  db: Database;
  books: Collection<Book>;
}

export async function openStores(environment: RoomEnvironment): Promise<OpenStores<ToyStores>> {
  const { log, traces } = environment;
  const warn = (message: string) => log.warn(message);
  const shared = { service: 'toy', traces, warn };
  const postgres = await openPostgres({ ...shared, url: urlOf(environment, 'postgres') });
  const mongodb = await openMongodb({ ...shared, url: urlOf(environment, 'mongodb') });
  await migratePostgres({ client: postgres.client, schema: 'toy', migrations });
  await migrateMongodb({ db: mongodb.db, indexes, warn });
  return {
    stores: { db: postgres.db, books: mongodb.db.collection('books') },
    checks: { postgres: postgres.check, mongodb: mongodb.check },
    close: async () => {
      await Promise.all([postgres.close(), mongodb.close()]);
    },
  };
}
