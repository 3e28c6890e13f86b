/** Changes to what collections there are, as documents in the log, and the state that they add up to. */
import type { Binary } from 'bson';
import { docFrom, getField } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';
import { Collection, type CollectionOptions, type Journal } from './collection.ts';
import { type IndexSpec, readIndexSpec } from './index-spec.ts';
import type { LogEntry } from './log-records.ts';
import { makeRecord, type StoredRecord } from './record.ts';
import type { View } from './view.ts';

const indexDocs = ({ indexes }: Collection): Doc[] => indexes.map(({ spec }) => spec.doc);

export const changeOf = {
  create: (collection: Collection): Doc =>
    docFrom([
      ['op', 'create'],
      ['number', collection.info.number],
      ['database', collection.info.database],
      ['name', collection.info.name],
      ['uuid', collection.info.uuid],
      ['options', optionsDoc(collection.info.options)],
      ['indexes', indexDocs(collection)],
    ]),
  createView: ({ info, viewOn, pipeline, collation }: View): Doc =>
    docFrom([
      ['op', 'createView'],
      ['number', info.number],
      ['database', info.database],
      ['name', info.name],
      ['viewOn', viewOn],
      ['pipeline', [...pipeline]],
      ['collation', collation],
    ]),
  drop: (number: number): Doc =>
    docFrom([
      ['op', 'drop'],
      ['number', number],
    ]),
  rename: ({ info }: Collection): Doc =>
    docFrom([
      ['op', 'rename'],
      ['number', info.number],
      ['database', info.database],
      ['name', info.name],
    ]),
  indexes: (collection: Collection): Doc =>
    docFrom([
      ['op', 'indexes'],
      ['number', collection.info.number],
      ['indexes', indexDocs(collection)],
    ]),
  options: ({ info }: Collection): Doc =>
    docFrom([
      ['op', 'options'],
      ['number', info.number],
      ['options', optionsDoc(info.options)],
    ]),
};

function optionsDoc({
  collation,
  capped,
  validator,
  validationLevel,
  validationAction,
}: CollectionOptions): Doc {
  return docFrom([
    ['collation', collation],
    ['capped', capped && docFrom(Object.entries(capped))],
    ['validator', validator],
    ['validationLevel', validationLevel],
    ['validationAction', validationAction],
  ]);
}

/** A collection on its way back: documents by record id, in the order of the ids. */
interface Draft {
  database: string;
  name: string;
  uuid: Binary;
  options: CollectionOptions;
  indexes: Doc[];
  documents: Map<number, Uint8Array>;
}

export class Replay {
  nextNumber = 1;
  private readonly drafts = new Map<number, Draft>();
  private readonly views = new Map<number, View>();

  apply(entry: LogEntry): void {
    switch (entry.kind) {
      case 'put':
        this.draft(entry.collection).documents.set(entry.recordId, entry.bytes);
        break;
      case 'remove':
        this.draft(entry.collection).documents.delete(entry.recordId);
        break;
      case 'catalog':
        this.change(entry.change);
    }
  }

  *entries(journal: Journal): Iterable<Collection | View> {
    for (const [number, { documents, indexes, ...info }] of this.drafts) {
      const records: StoredRecord[] = [];
      for (const [id, bytes] of documents) records.push(makeRecord(id, bytes));
      records.sort((a, b) => a.id - b.id);
      yield new Collection({ number, ...info }, indexes.map(storedSpec), journal, records);
    }
    yield* this.views.values();
  }

  private change(change: Doc): void {
    const op = getField(change, 'op');
    if (op === 'numbers') {
      this.nextNumber = getField(change, 'next') as number;
      return;
    }
    const number = getField(change, 'number') as number;
    switch (op) {
      case 'create':
        this.nextNumber = Math.max(this.nextNumber, number + 1);
        this.drafts.set(number, draftOf(change));
        break;
      case 'createView':
        this.nextNumber = Math.max(this.nextNumber, number + 1);
        this.views.set(number, viewOf(change, number));
        break;
      case 'drop':
        this.drafts.delete(number);
        this.views.delete(number);
        break;
      case 'rename':
        Object.assign(this.draft(number), placeOf(change));
        break;
      case 'indexes':
        this.draft(number).indexes = getField(change, 'indexes') as Doc[];
        break;
      case 'options':
        this.draft(number).options = getField(change, 'options') as CollectionOptions;
        break;
      default:
        throw new Error(`unknown change '${String(op)}'`);
    }
  }

  private draft(number: number): Draft {
    const draft = this.drafts.get(number);
    if (!draft) throw new Error(`a change to collection ${number}, which is not there`);
    return draft;
  }
}

function placeOf(change: Doc): { database: string; name: string } {
  return { database: getField(change, 'database') as string, name: getField(change, 'name') as string };
}

function draftOf(change: Doc): Draft {
  return {
    ...placeOf(change),
    uuid: getField(change, 'uuid') as Binary,
    options: getField(change, 'options') as CollectionOptions,
    indexes: getField(change, 'indexes') as Doc[],
    documents: new Map(),
  };
}

function viewOf(change: Doc, number: number): View {
  return {
    info: { number, ...placeOf(change) },
    viewOn: getField(change, 'viewOn') as string,
    pipeline: getField(change, 'pipeline') as Doc[],
    collation: getField(change, 'collation') as Doc | undefined,
  };
}

/** Specifications were complete when they were written: what a collection's default gave is spelled out. */
function storedSpec(doc: Doc): IndexSpec {
  const given = docFrom(
    Object.entries(doc).map(([name, value]): [string, Value] => [
      name,
      name === 'collation' ? withoutVersion(value as Doc) : value,
    ]),
  );
  return readIndexSpec(
    given,
    getField(doc, 'name') === '_id_' ? (getField(doc, 'collation') as Doc) : undefined,
  );
}

function withoutVersion(collation: Doc): Doc {
  return docFrom(Object.entries(collation).filter(([name]) => name !== 'version'));
}
