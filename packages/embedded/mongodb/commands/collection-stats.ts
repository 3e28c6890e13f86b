/** What a collection holds: collStats, dataSize, validate. */
import { MongoError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import { docFrom, getField } from '../values/fields.ts';
import { isNumber } from '../values/kind.ts';
import { makeLong, toNumber } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import { type Command, command } from './command.ts';
import { anything, doc, flag, number, required, text } from './fields.ts';
import { collectionName, firstGiven, targetNamed } from './target.ts';

export function collectionStats(collection: Collection | undefined, namespace: string, scale = 1): Doc {
  const count = collection?.count ?? 0;
  const bytes = collection?.dataBytes ?? 0;
  const indexes = collection?.indexes ?? [];
  const capped = collection?.info.options.capped;
  return docFrom([
    ['ns', namespace],
    ['size', scaled(bytes, scale)],
    ['count', count],
    ['avgObjSize', count > 0 ? Math.floor(bytes / count) : undefined],
    ['numOrphanDocs', 0],
    ['storageSize', scaled(bytes, scale)],
    ['freeStorageSize', 0],
    ['capped', capped !== undefined],
    ['max', capped?.max],
    ['maxSize', capped && scaled(capped.size, scale)],
    ['nindexes', indexes.length],
    ['indexDetails', docFrom([])],
    ['indexBuilds', []],
    ['totalIndexSize', 0],
    ['totalSize', scaled(bytes, scale)],
    ['indexSizes', docFrom(indexes.map(({ spec }): [string, Value] => [spec.name, 0]))],
    ['scaleFactor', scale],
  ]);
}

function scaled(bytes: number, scale: number): number {
  return Math.floor(bytes / scale);
}

const collStats = command({
  names: ['collStats', 'collstats'],
  help: 'tells how much a collection holds',
  fields: {
    collStats: collectionName,
    collstats: collectionName,
    scale: anything,
    waitForLock: flag,
  },
  run(args, call) {
    const { collection, namespace } = targetNamed(call, firstGiven(args.collStats, args.collstats));
    return { fields: collectionStats(collection, namespace, readScale(args.scale)) };
  },
});

function readScale(given: Value | undefined): number {
  if (given === undefined || given === null) return 1;
  const scale = isNumber(given) ? Math.trunc(toNumber(given)) : 0;
  if (scale >= 1) return scale;
  throw new MongoError(
    51024,
    'Location51024',
    `BSON field 'scale' value must be >= 1, actual value '${scale}'`,
  );
}

const dataSize = command({
  names: ['dataSize', 'datasize'],
  help: 'tells the size of a collection',
  fields: {
    dataSize: text,
    datasize: text,
    keyPattern: doc,
    min: doc,
    max: doc,
    estimate: flag,
    maxSize: number,
    maxObjects: number,
  },
  run(args, { server }) {
    const namespace = firstGiven(args.dataSize, args.datasize);
    if (args.min || args.max)
      throw new MongoError(238, 'NotImplemented', 'dataSize with min and max is not supported');
    const dot = namespace.indexOf('.');
    const collection = server.store.catalog.collection(namespace.slice(0, dot), namespace.slice(dot + 1));
    return {
      fields: docFrom([
        ['size', makeLong(collection?.dataBytes ?? 0)],
        ['numObjects', makeLong(collection?.count ?? 0)],
        ['millis', makeLong(0)],
        ['estimate', false],
      ]),
    };
  },
});

const validate = command({
  names: ['validate'],
  help: 'checks that the indexes of a collection hold what they should',
  fields: {
    validate: required(collectionName),
    full: flag,
    repair: flag,
    metadata: flag,
    checkBSONConformance: flag,
    background: flag,
  },
  run(args, call) {
    const { collection, namespace } = targetNamed(call, args.validate);
    if (!collection) {
      throw new MongoError(26, 'NamespaceNotFound', `Collection '${namespace}' does not exist to validate.`);
    }
    const { trees } = collection.view();
    const perIndex = collection.indexes.map((index): [string, Value] => [
      index.spec.name,
      trees.get(index)!.size,
    ]);
    return {
      fields: docFrom([
        ['ns', namespace],
        ['uuid', collection.info.uuid],
        ['nInvalidDocuments', 0],
        ['nNonCompliantDocuments', 0],
        ['nrecords', collection.count],
        ['nIndexes', collection.indexes.length],
        ['keysPerIndex', docFrom(perIndex)],
        [
          'indexDetails',
          docFrom(perIndex.map(([name]): [string, Value] => [name, docFrom([['valid', true]])])),
        ],
        ['valid', true],
        ['repaired', false],
        ['warnings', []],
        ['errors', []],
        ['extraIndexEntries', []],
        ['missingIndexEntries', []],
        ['corruptRecords', []],
      ]),
    };
  },
});

const validateDBMetadata = command({
  names: ['validateDBMetadata'],
  help: 'checks what is known about collections against the stable API',
  fields: {
    validateDBMetadata: anything,
    apiParameters: required(doc),
    db: text,
    collection: text,
  },
  run(args) {
    if (getField(args.apiParameters, 'version') !== '1') {
      throw new MongoError(322, 'APIVersionError', 'API version must be "1"');
    }
    return {
      fields: docFrom([
        ['apiVersionErrors', []],
        ['hasMoreErrors', false],
      ]),
    };
  },
});

export const collectionStatsCommands: Command[] = [collStats, dataSize, validate, validateDBMetadata];
