/** Works on the imports of one database, as a process of its own that a test can kill. */

import { randomFillSync } from 'node:crypto';
import { openMongodb } from '@souk/kit/mongodb/mongodb';
import { silentLog } from '@souk/kit/observe/log';
import { unfollowed } from '@souk/kit/tests/unfollowed';
import { createIdMaker } from '@souk/kit/values/ids';
import { runImports } from '../domain/import-running.ts';
import { createAttributeBook } from '../store/attribute-book.ts';
import { collectionsOf } from '../store/collections.ts';

const [url, database] = process.argv.slice(2);
const mongodb = await openMongodb({ url: url!, service: 'catalog-tests', database: database! });
const nothing = { wake: () => {} };
process.stdout.write('at work\n');
await runImports(
  {
    db: mongodb.db,
    collections: collectionsOf(mongodb.db),
    attributes: createAttributeBook(collectionsOf(mongodb.db)),
    log: silentLog,
    now: () => new Date(),
    newId: createIdMaker({ now: Date.now, fillRandom: randomFillSync }),
    live: unfollowed,
    publicUrl: 'https://shop.test',
    mediaHosts: new Set(),
    counting: nothing,
    importing: nothing,
    importLeaseMs: 1_000,
  },
  new AbortController().signal,
);
await mongodb.close();
