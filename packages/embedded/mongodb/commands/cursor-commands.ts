/** getMore and killCursors. */
import { Long } from 'bson';
import { badValue, MongoError } from '../errors.ts';
import { docFrom } from '../values/fields.ts';
import { type Call, command } from './command.ts';
import { cursorNotFound, type OpenCursor } from './cursors.ts';
import { anything, list, long, required, size, text } from './fields.ts';
import type { Reply } from './reply.ts';
import { waitForMore } from './tail.ts';
import { collectionName } from './target.ts';

export const getMore = command({
  names: ['getMore'],
  help: 'returns the next batch of a cursor',
  counter: 'getmore',
  fields: {
    getMore: required(long),
    collection: required(text),
    batchSize: size,
    term: anything,
    lastKnownCommittedOpTime: anything,
  },
  run(args, call) {
    const cursor = cursorOf(args.getMore, args.collection, call);
    const batchSize = args.batchSize || Number.POSITIVE_INFINITY;
    if (call.maxTimeMS !== undefined && !cursor.tail?.awaitsData) {
      throw badValue('cannot set maxTimeMS on getMore command for a non-awaitData cursor');
    }
    const { cursors } = call.server;
    const reply = cursors.next(cursor, batchSize);
    if (!cursor.tail?.awaitsData || reply.cursor!.documents.length > 0) return reply;
    return waitForMore(cursor.tail.collection, call.maxTimeMS).then(() =>
      cursors.get(cursor.id) ? cursors.next(cursor, batchSize) : reply,
    );
  },
});

function cursorOf(id: bigint, collection: string, call: Call): OpenCursor {
  const cursor = call.server.cursors.get(id);
  if (!cursor) throw cursorNotFound(id);
  const asked = `${call.database}.${collection}`;
  if (cursor.namespace !== asked) {
    throw new MongoError(
      13,
      'Unauthorized',
      `Requested getMore on namespace '${asked}', but cursor belongs to a different namespace ${cursor.namespace}`,
    );
  }
  if (cursor.session !== call.session) {
    const sessions = `which was ${cursor.session ? `created in session ${cursor.session}` : 'not created in a session'}`;
    const here = call.session ? `in session ${call.session}` : 'without an lsid';
    throw new MongoError(50738, 'Location50738', `Cannot run getMore on cursor ${id}, ${sessions}, ${here}`);
  }
  const { store } = call.server;
  if (
    cursor.collection &&
    store.catalog.collection(cursor.collection.info.database, cursor.collection.info.name) !==
      cursor.collection
  ) {
    call.server.cursors.kill(id);
    throw new MongoError(
      175,
      'QueryPlanKilled',
      `collection dropped between getMore calls: ${cursor.namespace}`,
    );
  }
  return cursor;
}

export const killCursors = command({
  names: ['killCursors'],
  help: 'closes cursors',
  fields: { killCursors: required(collectionName), cursors: required(list(long)) },
  run(args, call): Reply {
    const killed: Long[] = [];
    const notFound: Long[] = [];
    for (const id of args.cursors) {
      (call.server.cursors.kill(id) ? killed : notFound).push(Long.fromBigInt(id));
    }
    return {
      fields: docFrom([
        ['cursorsKilled', killed],
        ['cursorsNotFound', notFound],
        ['cursorsAlive', []],
        ['cursorsUnknown', []],
      ]),
    };
  },
});
