/** Finds the command a client asked for, checks what every command may carry, and runs it. */
import { badValue, MongoError } from '../errors.ts';
import { deadlineIn } from '../storage/deadline.ts';
import { decodeDoc } from '../values/codec.ts';
import { getField, hasField, isEmptyDoc, setField } from '../values/fields.ts';
import { isDoc, isNullish, isNumber, kindOf } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import type { Call, ServerState } from './command.ts';
import { isCommonField } from './common-fields.ts';
import { asMongoError, failureReply } from './failure.ts';
import { readFields } from './fields.ts';
import type { Reply } from './reply.ts';
import { sessionOf } from './session-id.ts';
import { commandTable } from './table.ts';

export interface ClientRequest {
  database: string;
  body: Doc;
  sequences: Map<string, Uint8Array[]>;
  connectionId: number;
  clientAddress: string;
}

export function dispatch(
  request: ClientRequest,
  server: ServerState,
  warn: (message: string) => void,
): Reply | Promise<Reply> {
  try {
    const reply = execute(request, server);
    return reply instanceof Promise ? reply.then(withOk).catch((error) => told(error, warn)) : withOk(reply);
  } catch (error) {
    // Whatever it is, its client is told and nobody else notices.
    return told(error, warn);
  }
}

function told(error: unknown, warn: (message: string) => void): Reply {
  if (asMongoError(error).code === 1 && error instanceof Error) warn(`a command failed: ${error.stack}`);
  return failureReply(error);
}

function withOk(reply: Reply): Reply {
  if (!hasField(reply.fields, 'ok')) setField(reply.fields, 'ok', 1);
  return reply;
}

function execute(request: ClientRequest, server: ServerState): Reply | Promise<Reply> {
  const { body, database } = request;
  const name = Object.keys(body)[0] ?? '';
  const command = commandTable.get(name);
  if (!command) throw new MongoError(59, 'CommandNotFound', `no such command: '${name}'`);
  server.counters[command.counter]++;
  if (command.adminOnly && database !== 'admin') {
    throw new MongoError(13, 'Unauthorized', `${name} may only be run against the admin database.`);
  }
  refuseTransactions(body);
  checkApiVersion(body, name);
  checkReadConcern(getField(body, 'readConcern'));
  checkWriteConcern(getField(body, 'writeConcern'));
  for (const [field, documents] of request.sequences) setField(body, field, documents.map(decodeDoc));
  const maxTimeMS = readMaxTime(getField(body, 'maxTimeMS'));
  const call: Call = {
    server,
    connectionId: request.connectionId,
    clientAddress: request.clientAddress,
    commandName: name,
    database,
    body,
    sequences: request.sequences,
    maxTimeMS,
    deadline: deadlineIn(maxTimeMS),
    session: sessionOf(getField(body, 'lsid')),
    now: server.now(),
  };
  const args = readFields(body, command.fields, command.errorName ?? name, isCommonField);
  if (!command.writes) return command.run(args, call);
  const reply = server.store.write(() => command.run(args, call));
  server.cursors.release();
  return reply;
}

function refuseTransactions(body: Doc): void {
  if (!hasField(body, 'txnNumber') && !hasField(body, 'startTransaction') && !hasField(body, 'autocommit'))
    return;
  const message = 'Transaction numbers are only allowed on a replica set member or mongos';
  throw new MongoError(20, 'IllegalOperation', message);
}

/** The commands that a client may use who insists on the stable API. */
const API_VERSION_1 = new Set(
  (
    'abortTransaction aggregate authenticate bulkWrite collMod commitTransaction count create createIndexes delete ' +
    'drop dropDatabase dropIndexes endSessions explain find findAndModify getMore hello insert killCursors ' +
    'listCollections listDatabases listIndexes ping refreshSessions update'
  ).split(' '),
);

function checkApiVersion(body: Doc, name: string): void {
  const version = getField(body, 'apiVersion');
  if (isNullish(version)) {
    for (const option of ['apiStrict', 'apiDeprecationErrors']) {
      if (!hasField(body, option)) continue;
      throw new MongoError(322, 'APIVersionError', `Provided ${option} without passing apiVersion`);
    }
    return;
  }
  if (version !== '1') throw new MongoError(322, 'APIVersionError', 'API version must be "1"');
  if (getField(body, 'apiStrict') === true && !API_VERSION_1.has(name)) {
    throw new MongoError(
      323,
      'APIStrictError',
      `Provided apiStrict:true, but the command ${name} is not in API Version 1. Information on supported commands ` +
        'and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api',
    );
  }
}

function checkReadConcern(given: Value | undefined): void {
  if (given === undefined) return;
  if (!isDoc(given)) {
    throw new MongoError(
      14,
      'TypeMismatch',
      `BSON field 'readConcern' is the wrong type '${kindOf(given)}', expected type 'object'`,
    );
  }
  const level = getField(given, 'level');
  if (level === 'snapshot' || hasField(given, 'atClusterTime')) {
    throw new MongoError(
      123,
      'NotAReplicaSet',
      'node needs to be a replica set member to use readConcern: snapshot',
    );
  }
  if (level === 'linearizable' || hasField(given, 'afterClusterTime') || hasField(given, 'afterOpTime')) {
    throw new MongoError(123, 'NotAReplicaSet', 'node needs to be a replica set member to use read concern');
  }
  if (level !== undefined && !['local', 'available', 'majority'].includes(level as string)) {
    throw badValue(
      `Enumeration value '${String(level)}' for field 'readConcern.level' is not a valid value.`,
    );
  }
}

function checkWriteConcern(given: Value | undefined): void {
  if (given === undefined) return;
  if (!isDoc(given)) {
    throw new MongoError(
      14,
      'TypeMismatch',
      `BSON field 'writeConcern' is the wrong type '${kindOf(given)}', expected type 'object'`,
    );
  }
  const w = isEmptyDoc(given) ? undefined : getField(given, 'w');
  if (isNumber(w) && toNumber(w) > 1) throw badValue("cannot use 'w' > 1 when a host is not replicated");
  if (typeof w === 'string' && w !== 'majority') {
    throw badValue(`cannot use non-majority 'w' mode "${w}" when a host is not a member of a replica set`);
  }
}

function readMaxTime(given: Value | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!isNumber(given)) throw badValue('maxTimeMS must be a number');
  const milliseconds = toNumber(given);
  if (milliseconds < 0 || milliseconds > 0x7fffffff)
    throw badValue(`${milliseconds} value for maxTimeMS is out of range [0, 2147483647]`);
  if (!Number.isInteger(milliseconds)) throw badValue(`maxTimeMS has non-integral value`);
  return milliseconds;
}
