/** Which databases, collections and views there are. Databases come and go with what is in them. */
import { MongoError } from '../errors.ts';
import { Collection, type CollectionInfo } from './collection.ts';
import { checkDatabaseName, checkNewCollection } from './namespaces.ts';
import type { View } from './view.ts';

export class Catalog {
  private readonly databases = new Map<string, Map<string, Collection | View>>();

  databaseNames(): string[] {
    return [...this.databases.keys()].sort();
  }

  entries(database: string): (Collection | View)[] {
    return [...(this.databases.get(database)?.values() ?? [])];
  }

  collections(database: string): Collection[] {
    return this.entries(database).filter((entry) => entry instanceof Collection);
  }

  allCollections(): Collection[] {
    return this.databaseNames().flatMap((database) => this.collections(database));
  }

  get(database: string, name: string): Collection | View | undefined {
    return this.databases.get(database)?.get(name);
  }

  collection(database: string, name: string): Collection | undefined {
    const entry = this.get(database, name);
    return entry instanceof Collection ? entry : undefined;
  }

  view(database: string, name: string): View | undefined {
    const entry = this.get(database, name);
    return entry instanceof Collection ? undefined : entry;
  }

  checkNew(database: string, name: string): void {
    this.checkDatabase(database);
    checkNewCollection(database, name);
    if (this.get(database, name)) {
      throw new MongoError(48, 'NamespaceExists', `Collection ${database}.${name} already exists.`);
    }
  }

  /** Databases whose names differ in case only would meet on some file systems, so MongoDB refuses them. */
  private checkDatabase(database: string): void {
    checkDatabaseName(database);
    if (this.databases.has(database)) return;
    const alike = this.databaseNames().find((name) => name.toLowerCase() === database.toLowerCase());
    if (alike === undefined) return;
    throw new MongoError(
      13297,
      'DatabaseDifferCase',
      `db already exists with different case already have: [${alike}] trying to create [${database}]`,
    );
  }

  add(entry: Collection | View): void {
    const { database, name } = entry.info;
    const inDatabase = this.databases.get(database) ?? new Map<string, Collection | View>();
    this.databases.set(database, inDatabase.set(name, entry));
  }

  remove({ database, name }: Pick<CollectionInfo, 'database' | 'name'>): void {
    const inDatabase = this.databases.get(database);
    inDatabase?.delete(name);
    if (inDatabase?.size === 0) this.databases.delete(database);
  }
}
