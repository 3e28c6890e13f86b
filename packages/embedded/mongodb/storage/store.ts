/** The data of the server: the catalog in memory, and the log that brings it back. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Binary, UUID } from 'bson';
import { DataFileError } from '../../files/errors.ts';
import { openLog, type RecordLog } from '../../files/log.ts';
import { MongoError } from '../errors.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { Catalog } from './catalog.ts';
import { changeOf, Replay } from './catalog-changes.ts';
import { Collection, type CollectionOptions, type Journal } from './collection.ts';
import type { Index } from './index.ts';
import { type IndexSpec, idIndexSpec } from './index-spec.ts';
import { catalogRecord, putRecord, readLogRecord, removeRecord } from './log-records.ts';
import type { View } from './view.ts';

export interface StoreOptions {
  dir: string;
  warn?: ((message: string) => void) | undefined;
  /** Bytes under which the log is never rewritten. */
  compactAbove?: number | undefined;
}

export class Store {
  readonly catalog = new Catalog();
  private readonly log: RecordLog;
  private readonly journal: Journal;
  private nextNumber: number;
  /** All that was ever replaced or removed: by the growth of it cursors know what they hold back. */
  retiredBytes = 0;

  constructor({ dir, warn, compactAbove }: StoreOptions) {
    mkdirSync(dir, { recursive: true });
    const replay = new Replay();
    const path = join(dir, 'mongodb.log');
    this.log = openLog({
      path,
      replay: (record) => replay.apply(readLogRecord(record)),
      snapshot: () => this.snapshot(),
      warn,
      ...(compactAbove === undefined ? {} : { compactAbove }),
    });
    this.journal = {
      put: (collection, { id, bytes }) => this.log.append(putRecord(collection, id, bytes)),
      remove: (collection, recordId) => this.log.append(removeRecord(collection, recordId)),
      retire: (bytes) => {
        this.retiredBytes += bytes;
      },
    };
    this.fill(replay, path);
    this.nextNumber = replay.nextNumber;
  }

  private fill(replay: Replay, path: string): void {
    try {
      for (const entry of replay.entries(this.journal)) this.catalog.add(entry);
    } catch (cause) {
      // What was written can not be read: starting without it would lose it.
      void this.log.close();
      throw new DataFileError(`${path} holds a collection that cannot be read: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  /**
   * What `change` does reaches the log as one group before this returns, also when it fails half-way. It is not begun
   * while earlier changes can not reach the disk.
   */
  write<T>(change: () => T): T {
    this.log.ensureWritable();
    try {
      return change();
    } finally {
      this.log.commit();
    }
  }

  close(): Promise<void> {
    return this.log.close();
  }

  createCollection(database: string, name: string, options: CollectionOptions = {}): Collection {
    this.catalog.checkNew(database, name);
    const info = { number: this.nextNumber++, uuid: newUuid(), options, database, name };
    const collection = new Collection(info, [idIndexSpec(options.collation)], this.journal);
    this.catalog.add(collection);
    this.record(changeOf.create(collection));
    return collection;
  }

  createView(
    database: string,
    name: string,
    definition: Pick<View, 'viewOn' | 'pipeline' | 'collation'>,
  ): View {
    this.catalog.checkNew(database, name);
    const view = { info: { number: this.nextNumber++, database, name }, ...definition };
    this.catalog.add(view);
    this.record(changeOf.createView(view));
    return view;
  }

  drop(entry: Collection | View): void {
    this.catalog.remove(entry.info);
    if (entry instanceof Collection) this.retiredBytes += entry.dataBytes;
    this.record(changeOf.drop(entry.info.number));
  }

  /** Takes the place of what has that name already. */
  rename(collection: Collection, database: string, name: string): void {
    const there = this.catalog.get(database, name);
    if (there) this.drop(there);
    else this.catalog.checkNew(database, name);
    this.catalog.remove(collection.info);
    collection.info.database = database;
    collection.info.name = name;
    this.catalog.add(collection);
    this.record(changeOf.rename(collection));
  }

  createIndex(collection: Collection, spec: IndexSpec): void {
    collection.addIndex(spec);
    this.record(changeOf.indexes(collection));
  }

  dropIndex(collection: Collection, index: Index): void {
    collection.dropIndex(index);
    this.record(changeOf.indexes(collection));
  }

  changeIndex(collection: Collection, index: Index, spec: IndexSpec): void {
    collection.changeIndexSpec(index, spec);
    this.record(changeOf.indexes(collection));
  }

  changeOptions(collection: Collection, options: CollectionOptions): void {
    collection.info = { ...collection.info, options };
    this.record(changeOf.options(collection));
  }

  private record(change: Doc): void {
    this.log.append(catalogRecord(change));
  }

  private *snapshot(): Iterable<Uint8Array> {
    yield catalogRecord(
      docFrom([
        ['op', 'numbers'],
        ['next', this.nextNumber],
      ]),
    );
    for (const database of this.catalog.databaseNames()) {
      for (const entry of this.catalog.entries(database)) {
        if (!(entry instanceof Collection)) {
          yield catalogRecord(changeOf.createView(entry));
          continue;
        }
        yield catalogRecord(changeOf.create(entry));
        const { number } = entry.info;
        for (const { id, bytes } of entry.view().records.ascending()) yield putRecord(number, id, bytes);
      }
    }
  }
}

function newUuid(): Binary {
  return new Binary(new UUID().buffer, Binary.SUBTYPE_UUID);
}

export function namespaceNotFound(namespace: string): MongoError {
  return new MongoError(26, 'NamespaceNotFound', `ns does not exist: ${namespace}`);
}
