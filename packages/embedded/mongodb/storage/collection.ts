/** The documents of one collection and its indexes. A change either happens in all of them or not at all. */
import type { Binary } from 'bson';
import { MongoError } from '../errors.ts';
import { encodeDoc } from '../values/codec.ts';
import { getField } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { BTree } from './btree.ts';
import {
  addKeys,
  fillIndexes,
  type Index,
  type IndexEntry,
  keysIn,
  makeIndex,
  refuseDuplicates,
  removeKeys,
} from './index.ts';
import type { IndexSpec } from './index-spec.ts';
import { docOf, makeRecord, type StoredRecord } from './record.ts';

export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

export interface CollectionInfo {
  /** Names the collection on disk; it is never used again, and stays when the collection is renamed. */
  readonly number: number;
  readonly uuid: Binary;
  readonly options: CollectionOptions;
  database: string;
  name: string;
}

export interface CollectionOptions {
  collation?: Doc | undefined;
  capped?: { size: number; max: number | undefined } | undefined;
  validator?: Doc | undefined;
  validationLevel?: string | undefined;
  validationAction?: string | undefined;
}

/** Where changes are written down. */
export interface Journal {
  put(collection: number, record: StoredRecord): void;
  remove(collection: number, recordId: number): void;
  /** So many bytes are current no more; open cursors may still hold them. */
  retire(bytes: number): void;
}

/** A collection as it stood at one moment. */
export interface ReadView {
  readonly records: BTree<StoredRecord>;
  readonly trees: ReadonlyMap<Index, BTree<IndexEntry>>;
}

const byId = (a: StoredRecord, b: StoredRecord) => a.id - b.id;

export class Collection {
  info: CollectionInfo;
  indexes: Index[];
  private records: BTree<StoredRecord>;
  private nextId: number;
  private bytes = 0;
  private readonly journal: Journal;
  private current: ReadView | undefined;
  /** Told after each insert; for cursors that wait at the end of a capped collection. */
  readonly watchers = new Set<() => void>();

  constructor(
    info: CollectionInfo,
    specs: readonly IndexSpec[],
    journal: Journal,
    records: readonly StoredRecord[] = [],
  ) {
    this.info = info;
    this.journal = journal;
    this.records = BTree.ofSorted(byId, records);
    this.nextId = (records.at(-1)?.id ?? 0) + 1;
    for (const record of records) this.bytes += record.bytes.length;
    const now = new Date();
    this.indexes = specs.map((spec) => makeIndex(spec, now));
    fillIndexes(this.indexes, records, this.namespace);
  }

  get namespace(): string {
    return `${this.info.database}.${this.info.name}`;
  }

  get count(): number {
    return this.records.size;
  }

  get dataBytes(): number {
    return this.bytes;
  }

  get idIndex(): Index {
    return this.indexes[0]!;
  }

  /** What a reader sees however long it takes: writes that come later do not touch it. */
  view(): ReadView {
    this.current ??= {
      records: this.records.snapshot(),
      trees: new Map(this.indexes.map((index) => [index, index.tree.snapshot()])),
    };
    return this.current;
  }

  record(id: number): StoredRecord | undefined {
    return this.records.get({ id } as StoredRecord);
  }

  /** `bytes` are the document's, where the caller has them. */
  insert(doc: Doc, bytes: Uint8Array = encodeDoc(doc)): StoredRecord {
    if (bytes.length > MAX_DOCUMENT_BYTES) {
      const sizes = `size in bytes: ${bytes.length}, max size: ${MAX_DOCUMENT_BYTES}`;
      throw new MongoError(2, 'BadValue', `object to insert too large. ${sizes}`);
    }
    const id = this.nextId;
    const perIndex = this.indexes.map((index) => keysIn(index, doc));
    this.indexes.forEach((index, i) => {
      refuseDuplicates(index, perIndex[i]!.keys, id, this.namespace);
    });
    this.changing();
    this.nextId++;
    const record = makeRecord(id, bytes, doc);
    this.records.set(record);
    this.bytes += bytes.length;
    this.indexes.forEach((index, i) => {
      addKeys(index, perIndex[i]!.keys, perIndex[i]!.arrayPaths, id);
    });
    this.journal.put(this.info.number, record);
    if (this.info.options.capped) this.dropOldest(this.info.options.capped);
    for (const watcher of this.watchers) watcher();
    return record;
  }

  replace(record: StoredRecord, doc: Doc): StoredRecord {
    const bytes = encodeDoc(doc);
    if (bytes.length > MAX_DOCUMENT_BYTES) {
      const message = `Resulting document after update is larger than ${MAX_DOCUMENT_BYTES}`;
      throw new MongoError(17419, 'Location17419', message);
    }
    const before = docOf(record);
    const touched = this.indexes.filter((index) => mayDiffer(index, before, doc));
    const perIndex = touched.map((index) => keysIn(index, doc));
    touched.forEach((index, i) => {
      refuseDuplicates(index, perIndex[i]!.keys, record.id, this.namespace);
    });
    this.changing();
    const next = makeRecord(record.id, bytes, doc);
    this.records.set(next);
    this.bytes += bytes.length - record.bytes.length;
    touched.forEach((index, i) => {
      removeKeys(index, keysIn(index, before).keys, record.id);
      addKeys(index, perIndex[i]!.keys, perIndex[i]!.arrayPaths, record.id);
    });
    this.journal.put(this.info.number, next);
    this.journal.retire(record.bytes.length);
    return next;
  }

  remove(record: StoredRecord): void {
    this.changing();
    const doc = docOf(record);
    this.records.delete(record);
    this.bytes -= record.bytes.length;
    for (const index of this.indexes) removeKeys(index, keysIn(index, doc).keys, record.id);
    this.journal.remove(this.info.number, record.id);
    this.journal.retire(record.bytes.length);
  }

  addIndex(spec: IndexSpec): void {
    const index = makeIndex(spec, new Date());
    fillIndexes([index], this.records.ascending(), this.namespace);
    this.changing();
    this.indexes.push(index);
  }

  dropIndex(index: Index): void {
    this.changing();
    this.indexes = this.indexes.filter((other) => other !== index);
  }

  /** For options that do not change what the index holds. */
  changeIndexSpec(index: Index, spec: IndexSpec): void {
    this.changing();
    this.indexes = this.indexes.map((other) => (other === index ? { ...index, spec } : other));
  }

  private changing(): void {
    this.current = undefined;
  }

  private dropOldest({
    size,
    max = Number.POSITIVE_INFINITY,
  }: {
    size: number;
    max: number | undefined;
  }): void {
    while (this.records.size > 1 && (this.records.size > max || this.bytes > size)) {
      const [oldest] = this.records.ascending();
      this.remove(oldest!);
    }
  }
}

/** An update shares with the old document what it left alone, so identical top fields have identical keys. */
function mayDiffer(index: Index, before: Doc, after: Doc): boolean {
  if (index.accepts) return true;
  return index.spec.paths.some(([field]) => getField(before, field!) !== getField(after, field!));
}
