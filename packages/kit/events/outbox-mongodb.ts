/**
 * The outbox of a domain in MongoDB: the list `events` inside the document that changed, written in the same write. The
 * document is the aggregate, and the list is its order.
 */
import type { AnyBulkWriteOperation, Collection, Db, Document } from 'mongodb';
import type { DeclaredIndex } from '../mongodb/migrations.ts';
import type { ToldEvent } from './events.ts';
import type { Outbox } from './outbox.ts';

/** To be declared for every collection whose documents have `events`. */
export const OUTBOX_INDEX: DeclaredIndex = { name: 'events', key: { 'events.id': 1 }, sparse: true };

/** An event inside its document, which says the rest. */
export type WaitingEvent = Omit<ToldEvent, 'aggregateId' | 'data'> & { data: object };

interface Holder {
  _id: string;
  events: WaitingEvent[];
  /** Set when the document is only kept for the events it still holds; it goes with the last of them. */
  deletedAt?: Date;
}

/** Of an index with several keys a document, this bound takes those with an event only. */
const WAITING = { 'events.id': { $gt: '' } };

/** `isOver`: what else a document whose `deletedAt` is set must meet before it goes with its last event. */
export function mongodbOutbox(db: Db, names: readonly string[], isOver: Document = {}): Outbox {
  const collections = names.map((name) => db.collection<Holder>(name));
  /** Where each event was read from. */
  const homes = new WeakMap<ToldEvent, Collection<Holder>>();
  // Not always the same one first, so that none starves behind one that never ends.
  let turn = 0;
  return {
    read: async (limit) => {
      const events: ToldEvent[] = [];
      turn += 1;
      for (let index = 0; index < collections.length && events.length < limit; index++) {
        const collection = collections[(turn + index) % collections.length]!;
        const holders = await collection
          .find(WAITING, { projection: { events: 1 } })
          .hint(OUTBOX_INDEX.name)
          .limit(limit - events.length)
          .toArray();
        for (const holder of holders) {
          for (const event of holder.events.slice(0, limit - events.length)) {
            const told = eventOf(holder._id, event);
            events.push(told);
            homes.set(told, collection);
          }
        }
      }
      return events;
    },
    remove: async (events) => {
      await Promise.all(
        collections.map((collection) =>
          removeFrom(
            collection,
            isOver,
            events.filter((event) => homes.get(event) === collection),
          ),
        ),
      );
    },
    waiting: async () => {
      let count = 0;
      let oldest: Date | undefined;
      for (const collection of collections) {
        const [found] = await collection
          .aggregate<{ count: number; oldest: Date }>([
            { $match: WAITING },
            { $unwind: '$events' },
            { $group: { _id: null, count: { $sum: 1 }, oldest: { $min: '$events.occurredAt' } } },
          ])
          .toArray();
        if (!found) continue;
        count += found.count;
        if (oldest === undefined || found.oldest < oldest) oldest = found.oldest;
      }
      return { count, oldest };
    },
  };
}

async function removeFrom(
  collection: Collection<Holder>,
  isOver: Document,
  events: readonly ToldEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const operations: AnyBulkWriteOperation<Holder>[] = [];
  for (const [_id, told] of byHolder(events)) {
    const update = { $pull: { events: { id: { $in: told.map(({ id }) => id) } } } };
    operations.push({ updateOne: { filter: { _id }, update } });
    operations.push({ deleteOne: { filter: { ...isOver, _id, deletedAt: { $exists: true }, events: [] } } });
  }
  await collection.bulkWrite(operations);
}

function byHolder(events: readonly ToldEvent[]): Map<string, ToldEvent[]> {
  const groups = new Map<string, ToldEvent[]>();
  for (const event of events) {
    const group = groups.get(event.aggregateId) ?? [];
    group.push(event);
    groups.set(event.aggregateId, group);
  }
  return groups;
}

function eventOf(aggregateId: string, { id, type, version, occurredAt, requestId, data }: WaitingEvent) {
  return {
    id,
    type,
    version,
    aggregateId,
    occurredAt,
    ...(requestId === undefined ? {} : { requestId }),
    data: data as Record<string, unknown>,
  };
}

/** Calls `wake` after each write through these collections that puts events into a document. */
export function onEventsWritten(collections: readonly object[], wake: () => void): void {
  for (const collection of collections as Collection<Holder>[]) {
    const heard = <Args extends unknown[], Outcome>(
      write: (...args: Args) => Promise<Outcome>,
      puts: (...args: Args) => boolean,
    ) => {
      return async (...args: Args): Promise<Outcome> => {
        try {
          return await write.apply(collection, args);
        } finally {
          // Also when it failed: part of an unordered write may stand.
          if (puts(...args)) wake();
        }
      };
    };
    Object.assign(collection, {
      insertOne: heard(collection.insertOne, hasEvents),
      insertMany: heard(collection.insertMany, (documents) => documents.some(hasEvents)),
      updateOne: heard(collection.updateOne, (_, update) => addsEvents(update)),
      updateMany: heard(collection.updateMany, (_, update) => addsEvents(update)),
      findOneAndUpdate: heard(collection.findOneAndUpdate as FindAndUpdate, (_, update) =>
        addsEvents(update),
      ),
      bulkWrite: heard(collection.bulkWrite, (operations) => operations.some(putsEvents)),
    });
  }
}

/** One of its overloads, which all begin alike. */
type FindAndUpdate = (filter: object, update: Document, ...options: never[]) => Promise<unknown>;

function hasEvents({ events }: { events?: readonly unknown[] }): boolean {
  return (events?.length ?? 0) > 0;
}

function putsEvents(operation: AnyBulkWriteOperation<Holder>): boolean {
  if ('insertOne' in operation) return hasEvents(operation.insertOne.document);
  if ('updateOne' in operation) return addsEvents(operation.updateOne.update);
  return 'updateMany' in operation && addsEvents(operation.updateMany.update);
}

function addsEvents({ $push, $set, $setOnInsert }: Document): boolean {
  const lists = [$push?.events?.$each, $set?.events, $setOnInsert?.events];
  const single = $push?.events !== undefined && $push.events.$each === undefined;
  return single || lists.some((list) => Array.isArray(list) && list.length > 0);
}
