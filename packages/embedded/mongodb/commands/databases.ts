/** listDatabases, dropDatabase, dbStats. */
import { compileFilter } from '../query/filter.ts';
import type { Collection } from '../storage/collection.ts';
import { checkDatabaseName } from '../storage/namespaces.ts';
import { docFrom } from '../values/fields.ts';
import { makeDouble, makeLong } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import { type Call, type Command, command } from './command.ts';
import { anything, doc, flag, number } from './fields.ts';

const bytesOf = (collections: readonly Collection[]) =>
  collections.reduce((sum, collection) => sum + collection.dataBytes, 0);

const listDatabases = command({
  names: ['listDatabases'],
  help: 'lists the databases',
  adminOnly: true,
  fields: {
    listDatabases: anything,
    filter: doc,
    nameOnly: flag,
    authorizedDatabases: flag,
  },
  run(args, { server: { store } }) {
    const matches = args.filter ? compileFilter(args.filter, {}) : () => true;
    let total = 0;
    const databases = store.catalog
      .databaseNames()
      .map((name) => {
        const size = bytesOf(store.catalog.collections(name));
        total += size;
        return docFrom([
          ['name', name],
          ['sizeOnDisk', makeLong(size)],
          ['empty', false],
        ]);
      })
      .filter(matches);
    if (args.nameOnly)
      return { fields: docFrom([['databases', databases.map(({ name }) => docFrom([['name', name]]))]]) };
    return {
      fields: docFrom([
        ['databases', databases],
        ['totalSize', makeLong(total)],
        ['totalSizeMb', makeLong(Math.floor(total / 2 ** 20))],
      ]),
    };
  },
});

const dropDatabase = command({
  names: ['dropDatabase'],
  help: 'drops a database with all that is in it',
  writes: true,
  fields: { dropDatabase: anything },
  run(_args, { server: { store }, database }) {
    checkDatabaseName(database);
    const entries = store.catalog.entries(database);
    for (const entry of entries) store.drop(entry);
    return { fields: docFrom([['dropped', entries.length > 0 ? database : undefined]]) };
  },
});

const dbStats = command({
  names: ['dbStats', 'dbstats'],
  help: 'tells how much a database holds',
  fields: { dbStats: anything, dbstats: anything, scale: number, freeStorage: number },
  run(args, call) {
    checkDatabaseName(call.database);
    return { fields: statsOf(call, args.scale || 1) };
  },
});

function statsOf({ server: { store }, database }: Call, scale: number) {
  const collections = store.catalog.collections(database);
  const objects = collections.reduce((sum, { count }) => sum + count, 0);
  const bytes = bytesOf(collections);
  const scaled = (size: number): Value => makeDouble(size / scale);
  return docFrom([
    ['db', database],
    ['collections', makeLong(collections.length)],
    ['views', makeLong(store.catalog.entries(database).length - collections.length)],
    ['objects', makeLong(objects)],
    ['avgObjSize', makeDouble(objects > 0 ? bytes / objects : 0)],
    ['dataSize', scaled(bytes)],
    ['storageSize', scaled(bytes)],
    ['indexes', makeLong(collections.reduce((sum, { indexes }) => sum + indexes.length, 0))],
    ['indexSize', scaled(0)],
    ['totalSize', scaled(bytes)],
    ['scaleFactor', makeLong(scale)],
  ]);
}

export const databaseCommands: Command[] = [listDatabases, dropDatabase, dbStats];
