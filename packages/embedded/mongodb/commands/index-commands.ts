/** createIndexes, listIndexes, dropIndexes, reIndex. */
import { badValue, MongoError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { Index } from '../storage/index.ts';
import { existsAlready } from '../storage/index-conflicts.ts';
import { ID_INDEX_NAME, type IndexSpec, readIndexSpec } from '../storage/index-spec.ts';
import { namespaceNotFound, type Store } from '../storage/store.ts';
import { equalValues } from '../values/compare.ts';
import { describeValue } from '../values/describe.ts';
import { docFrom } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { type Command, command } from './command.ts';
import { anything, doc, flag, list, required } from './fields.ts';
import { cursorOptions, listReply } from './list-reply.ts';
import { collectionName, ensureCollection, firstGiven, targetNamed } from './target.ts';

const MAX_INDEXES = 64;

const createIndexes = command({
  names: ['createIndexes'],
  help: 'creates indexes',
  writes: true,
  fields: {
    createIndexes: required(collectionName),
    indexes: required(list(doc)),
    commitQuorum: anything,
    ignoreUnknownIndexOptions: flag,
  },
  run(args, call) {
    if (args.indexes.length === 0) throw badValue('Must specify at least one index to create');
    if (args.commitQuorum !== undefined) {
      throw badValue("Standalones can't specify commitQuorum");
    }
    const target = targetNamed(call, args.createIndexes);
    const collation = target.collection?.info.options.collation;
    // All of them are checked before the first is made.
    const specs = args.indexes.map((given) => readIndexSpec(given, collation));
    refuseRepeats(specs);
    const collection = ensureCollection(target, call);
    const before = collection.indexes.length;
    makeIndexes(specs, collection, call.server.store);
    const after = collection.indexes.length;
    return {
      fields: docFrom([
        ['numIndexesBefore', before],
        ['numIndexesAfter', after],
        ['createdCollectionAutomatically', target.collection ? undefined : true],
        ['note', after === before ? 'all indexes already exist' : undefined],
      ]),
    };
  },
});

function refuseRepeats(specs: readonly IndexSpec[]): void {
  specs.forEach((spec, i) => {
    const isRepeated = specs.slice(0, i).some((before) => equalValues(before.doc, spec.doc));
    if (isRepeated)
      throw new MongoError(68, 'IndexAlreadyExists', `Identical index already exists: ${spec.name}`);
  });
}

/** All of them or none: one that can not be made takes those before it along. */
function makeIndexes(specs: readonly IndexSpec[], collection: Collection, store: Store): void {
  const before = new Set(collection.indexes);
  try {
    for (const spec of specs) makeIndex(spec, collection, store);
  } catch (error) {
    for (const index of collection.indexes) if (!before.has(index)) store.dropIndex(collection, index);
    throw error;
  }
}

function makeIndex(spec: IndexSpec, collection: Collection, store: Store): void {
  const existing = collection.indexes.map((index) => index.spec);
  if (existsAlready(spec, existing)) return;
  if (existing.length >= MAX_INDEXES) {
    const wanted = `${collection.namespace} key:${describeValue(spec.key)}`;
    throw new MongoError(67, 'CannotCreateIndex', `add index fails, too many indexes for ${wanted}`);
  }
  store.createIndex(collection, spec);
}

const listIndexes = command({
  names: ['listIndexes'],
  help: 'lists the indexes of a collection',
  fields: { listIndexes: required(collectionName), cursor: cursorOptions },
  run(args, call) {
    const { collection, namespace } = targetNamed(call, args.listIndexes);
    if (!collection) throw namespaceNotFound(namespace);
    const documents = collection.indexes.map(({ spec }) => spec.doc);
    return listReply(call, namespace, documents, { batchSize: args.cursor?.batchSize });
  },
});

const dropIndexes = command({
  names: ['dropIndexes', 'deleteIndexes'],
  help: 'drops indexes',
  writes: true,
  fields: {
    dropIndexes: collectionName,
    deleteIndexes: collectionName,
    index: required(anything),
  },
  run(args, call) {
    const { collection } = targetNamed(call, firstGiven(args.dropIndexes, args.deleteIndexes));
    if (!collection) throw new MongoError(26, 'NamespaceNotFound', 'ns not found');
    const before = collection.indexes.length;
    const dropped = indexesNamed(args.index, collection);
    for (const index of dropped) call.server.store.dropIndex(collection, index);
    const all = args.index === '*' ? 'non-_id indexes dropped for collection' : undefined;
    return {
      fields: docFrom([
        ['nIndexesWas', before],
        ['msg', all],
      ]),
    };
  },
});

function indexesNamed(wanted: Value, collection: Collection): Index[] {
  if (wanted === '*') return collection.indexes.slice(1);
  if (Array.isArray(wanted)) {
    if (wanted.length === 0) throw badValue('dropIndexes needs at least one index name');
    return wanted.map((name) => indexNamed(name, collection));
  }
  if (isDoc(wanted)) return [indexWithKey(wanted, collection)];
  return [indexNamed(wanted, collection)];
}

function indexNamed(name: Value, collection: Collection): Index {
  if (typeof name !== 'string') {
    throw new MongoError(
      14,
      'TypeMismatch',
      `BSON field 'dropIndexes.index' is the wrong type '${kindOf(name)}', expected types '[string, object]'`,
    );
  }
  const index = collection.indexes.find(({ spec }) => spec.name === name);
  if (!index) throw new MongoError(27, 'IndexNotFound', `index not found with name [${name}]`);
  return droppable(index);
}

function indexWithKey(key: Doc, collection: Collection): Index {
  const found = collection.indexes.filter(({ spec }) => equalValues(spec.key, key));
  const [index] = found;
  if (!index) throw new MongoError(27, 'IndexNotFound', `can't find index with key: ${describeValue(key)}`);
  if (found.length > 1) {
    throw new MongoError(
      181,
      'AmbiguousIndexKeyPattern',
      `${found.length} indexes found for key: ${describeValue(key)}, identify by name instead.`,
    );
  }
  return droppable(index);
}

function droppable(index: Index): Index {
  if (index.spec.name === ID_INDEX_NAME) throw new MongoError(72, 'InvalidOptions', 'cannot drop _id index');
  return index;
}

/** The trees are rebuilt at every start; what is left of the command is its answer. */
const reIndex = command({
  names: ['reIndex'],
  help: 'rebuilds the indexes of a collection',
  fields: { reIndex: required(collectionName) },
  run(args, call) {
    const { collection } = targetNamed(call, args.reIndex);
    if (!collection) throw new MongoError(26, 'NamespaceNotFound', `collection does not exist`);
    const { indexes } = collection;
    return {
      fields: docFrom([
        ['nIndexesWas', indexes.length],
        ['nIndexes', indexes.length],
        ['indexes', indexes.map(({ spec }) => spec.doc)],
      ]),
    };
  },
});

export const indexCommands: Command[] = [createIndexes, listIndexes, dropIndexes, reIndex];
