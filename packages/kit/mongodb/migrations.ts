/**
 * Indexes and migrations of one domain's database, brought about at boot. Several processes may start at once: a lock
 * lets one of them work. MongoDB has no transaction around them, so a migration must bear being run again.
 */
import { type Db, type IndexDescription, MongoServerError } from 'mongodb';
import { withLock } from './lock.ts';

export interface DeclaredIndex extends IndexDescription {
  name: string;
}

/** By collection. */
export type DeclaredIndexes = Record<string, readonly DeclaredIndex[]>;

export interface MongodbMigration {
  /** `0001_slugs`: a number that rises, then what it does. */
  name: string;
  up(db: Db): Promise<void>;
}

export interface MigrateMongodbOptions {
  db: Db;
  indexes: DeclaredIndexes;
  migrations?: readonly MongodbMigration[];
  /** Told of indexes that the server has and nobody declares. They stay: a newer release may need them. */
  warn?: (message: string) => void;
}

const NAME = /^\d{4}_[a-z0-9_]+$/;
const MIGRATIONS = 'souk_migrations';

/** Answers what it did, one line each. */
export async function migrateMongodb(options: MigrateMongodbOptions): Promise<string[]> {
  const { db, indexes, migrations = [], warn = () => {} } = options;
  checkNames(db.databaseName, migrations);
  const outcome = await withLock(db, 'migrations', async () => {
    const done = await runMigrations(db, migrations);
    for (const [collection, declared] of Object.entries(indexes)) {
      done.push(...(await ensureIndexes(db, collection, declared, warn)));
    }
    return done;
  });
  if (outcome) return outcome.value;
  throw new Error(
    `${db.databaseName}: another process has held the lock on its migrations for a minute; see what it does, then start again`,
  );
}

function checkNames(database: string, migrations: readonly MongodbMigration[]): void {
  migrations.forEach(({ name }, index) => {
    if (!NAME.test(name)) throw new Error(`${database}: migration ${name} must be named like 0001_slugs`);
    const previous = migrations[index - 1];
    if (previous && previous.name.slice(0, 4) >= name.slice(0, 4)) {
      throw new Error(`${database}: migration ${name} must have a higher number than ${previous.name}`);
    }
  });
}

async function runMigrations(db: Db, migrations: readonly MongodbMigration[]): Promise<string[]> {
  if (migrations.length === 0) return [];
  const applied = db.collection<{ _id: string; appliedAt: Date }>(MIGRATIONS);
  const known = new Set((await applied.find().toArray()).map(({ _id }) => _id));
  const done: string[] = [];
  for (const { name, up } of migrations) {
    if (known.has(name)) continue;
    try {
      await up(db);
    } catch (error) {
      throw new Error(
        `${db.databaseName}: migration ${name} failed: ${(error as Error).message}. It is not marked as done and will be run again at the next start.`,
        { cause: error },
      );
    }
    await applied.insertOne({ _id: name, appliedAt: new Date() });
    done.push(`ran ${name}`);
  }
  return done;
}

async function ensureIndexes(
  db: Db,
  collection: string,
  declared: readonly DeclaredIndex[],
  warn: (message: string) => void,
): Promise<string[]> {
  const present = new Map((await presentIndexes(db, collection)).map((index) => [index.name, index]));
  const done: string[] = [];
  for (const index of declared) {
    const there = present.get(index.name);
    present.delete(index.name);
    if (there && shapeOf(there) === shapeOf(index)) continue;
    if (there) await db.collection(collection).dropIndex(index.name);
    await createIndex(db, collection, index);
    done.push(`${there ? 'rebuilt' : 'made'} index ${collection}.${index.name}`);
  }
  present.delete('_id_');
  for (const name of present.keys()) {
    warn(
      `${db.databaseName}: index ${collection}.${name} is declared by nobody; drop it if no other release needs it`,
    );
  }
  return done;
}

async function presentIndexes(db: Db, collection: string): Promise<DeclaredIndex[]> {
  try {
    return (await db.collection(collection).indexes()) as DeclaredIndex[];
  } catch (error) {
    // NamespaceNotFound: nothing was ever written there.
    if (error instanceof MongoServerError && error.code === 26) return [];
    throw error;
  }
}

async function createIndex(db: Db, collection: string, index: DeclaredIndex): Promise<void> {
  try {
    await db.collection(collection).createIndexes([index]);
  } catch (error) {
    throw new Error(
      `${db.databaseName}: index ${collection}.${index.name} cannot be made: ${(error as Error).message}. Mend the data or the declaration and start again.`,
      { cause: error },
    );
  }
}

/** What makes two indexes the same. The order of keys counts. */
function shapeOf(index: IndexDescription): string {
  const { key, unique, sparse, expireAfterSeconds, partialFilterExpression, collation } = index;
  const keys = key instanceof Map ? [...key] : Object.entries(key);
  return JSON.stringify([
    keys.map(([field, direction]) => [
      field,
      typeof direction === 'object' ? direction : String(Number(direction)),
    ]),
    unique ?? false,
    sparse ?? false,
    expireAfterSeconds ?? null,
    partialFilterExpression ?? null,
    (collation as { locale?: string } | undefined)?.locale ?? null,
  ]);
}
