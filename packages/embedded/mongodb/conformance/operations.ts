/** Every operation that the tests use, on the real driver. One that is not here fails its test. */
import assert from 'node:assert/strict';
import type {
  AnyBulkWriteOperation,
  ClientSession,
  Collection,
  Db,
  Document,
  RunCommandCursor,
} from 'mongodb';
import type { Entities } from './entities.ts';
import type { Operation } from './suite.ts';

type Arguments = Record<string, unknown>;

export async function execute(operation: Operation, entities: Entities): Promise<unknown> {
  const { name, object } = operation;
  const given = resolveSession(operation.arguments ?? {}, entities);
  if (object === 'testRunner') return onTestRunner(name, operation.arguments ?? {}, entities);
  const collection = entities.collections.get(object);
  if (collection) return onCollection(name, given, collection);
  const database = entities.databases.get(object);
  if (database) return onDatabase(operation, given, database, entities);
  const session = entities.sessions.get(object);
  if (session) return onSession(name, session);
  const cursor = entities.cursors.get(object);
  if (cursor) return onCursor(name, cursor);
  throw new Error(`there is no entity '${object}'`);
}

function resolveSession(given: Arguments, entities: Entities): Arguments {
  if (given.session === undefined) return given;
  return { ...given, session: entities.sessions.get(String(given.session)) as ClientSession };
}

function unknown(object: string, name: string): never {
  throw new Error(`the runner does not know ${object}.${name}`);
}

interface CollectionArguments {
  filter: Document;
  document: Document;
  documents: Document[];
  update: Document;
  replacement: Document;
  pipeline: Document[];
  keys: Record<string, 1 | -1>;
  requests: AnyBulkWriteOperation[];
  fieldName: string;
}

async function onCollection(name: string, given: Arguments, collection: Collection): Promise<unknown> {
  const { filter, document, documents, update, replacement, pipeline, keys, requests, fieldName, ...rest } =
    given as unknown as CollectionArguments;
  // The tests name options as the driver does.
  const options = rest as never;
  const afterwards = { ...rest, ...returnDocument(given) } as never;
  switch (name) {
    case 'find':
      return collection.find(filter, options).toArray();
    case 'findOne':
      return collection.findOne(filter, options);
    case 'aggregate':
      return collection.aggregate(pipeline, options).toArray();
    case 'countDocuments':
      return collection.countDocuments(filter, options);
    case 'count':
      return collection.count(filter, options);
    case 'estimatedDocumentCount':
      return collection.estimatedDocumentCount(options);
    case 'distinct':
      return collection.distinct(fieldName, filter, options);
    case 'insertOne':
      return collection.insertOne(document, options);
    case 'insertMany':
      return collection.insertMany(documents, options);
    case 'updateOne':
      return collection.updateOne(filter, update, options);
    case 'updateMany':
      return collection.updateMany(filter, update, options);
    case 'replaceOne':
      return collection.replaceOne(filter, replacement, options);
    case 'deleteOne':
      return collection.deleteOne(filter, options);
    case 'deleteMany':
      return collection.deleteMany(filter, options);
    case 'findOneAndDelete':
      return collection.findOneAndDelete(filter, options);
    case 'findOneAndReplace':
      return collection.findOneAndReplace(filter, replacement, afterwards);
    case 'findOneAndUpdate':
      return collection.findOneAndUpdate(filter, update, afterwards);
    case 'bulkWrite':
      return collection.bulkWrite(requests, options);
    case 'createIndex':
      return collection.createIndex(keys, options);
    case 'listIndexes':
      return collection.listIndexes(options).toArray();
    case 'dropIndex':
      return collection.dropIndex(given.name as string, options);
    default:
      return unknown('collection', name);
  }
}

function returnDocument(given: Arguments): Arguments {
  return given.returnDocument === undefined
    ? {}
    : { returnDocument: String(given.returnDocument).toLowerCase() };
}

interface DatabaseArguments {
  pipeline: Document[];
  collection: string;
  command: Document;
  commandName: string;
  batchSize?: number;
  maxTimeMS?: number;
  comment?: Document;
  cursorType?: string;
}

async function onDatabase(
  { name, saveResultAsEntity }: Operation,
  given: Arguments,
  database: Db,
  entities: Entities,
): Promise<unknown> {
  const { pipeline, collection, command, commandName, batchSize, maxTimeMS, comment, cursorType, ...rest } =
    given as unknown as DatabaseArguments;
  const options = rest as never;
  const cursorOf = () => {
    const cursor = database.runCursorCommand(command, options);
    if (batchSize !== undefined) cursor.setBatchSize(batchSize);
    if (maxTimeMS !== undefined) cursor.setMaxTimeMS(maxTimeMS);
    if (comment !== undefined) cursor.setComment(comment);
    return cursor;
  };
  switch (name) {
    case 'aggregate':
      return database.aggregate(pipeline, options).toArray();
    case 'createCollection': {
      const created = await database.createCollection(
        collection,
        (pipeline ? { ...rest, pipeline } : rest) as never,
      );
      if (saveResultAsEntity) entities.collections.set(saveResultAsEntity, created);
      return undefined;
    }
    case 'dropCollection':
      return database.dropCollection(collection, options);
    case 'modifyCollection':
      return database.command({ collMod: collection, ...rest });
    case 'runCursorCommand':
      return cursorOf().toArray();
    case 'createCommandCursor': {
      const cursor = cursorOf();
      // The command itself is sent with the first document that is asked for.
      const first = await cursor.tryNext();
      entities.cursors.set(saveResultAsEntity ?? 'cursor', withFirst(cursor, first));
      return undefined;
    }
    default:
      return unknown('database', name);
  }
}

/** The cursor as it was before its first document was taken. */
function withFirst(cursor: RunCommandCursor, first: unknown): RunCommandCursor {
  let waiting: unknown[] = first === null ? [] : [first];
  const take = () => {
    const [document] = waiting;
    waiting = [];
    return document;
  };
  return new Proxy(cursor, {
    get(target, property) {
      const value = Reflect.get(target, property, target) as unknown;
      if (property === 'next' || property === 'tryNext') {
        return async () => take() ?? (value as () => Promise<unknown>).call(target);
      }
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function onSession(name: string, session: ClientSession): Promise<unknown> {
  if (name === 'endSession') return session.endSession();
  return unknown('session', name);
}

async function onCursor(name: string, cursor: RunCommandCursor): Promise<unknown> {
  switch (name) {
    case 'iterateUntilDocumentOrError':
      return cursor.next();
    case 'iterateOnce':
      return cursor.tryNext();
    case 'close':
      return cursor.close();
    default:
      return unknown('cursor', name);
  }
}

function onTestRunner(name: string, given: Arguments, entities: Entities): unknown {
  switch (name) {
    case 'assertSameLsidOnLastTwoCommands': {
      const { started } = entities.clients.get(String(given.client))!;
      const [before, last] = started.slice(-2).map(({ command }) => command.lsid);
      assert.ok(before, 'the commands carry no session');
      assert.deepEqual(before, last);
      return undefined;
    }
    case 'assertSessionNotDirty':
      assert.equal(entities.sessions.get(String(given.session))!.serverSession.isDirty, false);
      return undefined;
    default:
      return unknown('testRunner', name);
  }
}
