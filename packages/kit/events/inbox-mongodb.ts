/**
 * The inbox of a domain in MongoDB, whose portable subset has no transaction over two documents (docs/adr/0018). So an
 * effect is one of two kinds: a change of the one document that stands for the event's aggregate, which carries the mark
 * of the event in the same write (`changeOnce`); or work that comes to the same end when it is done twice. A note of every
 * event besides, written after its effect, spares either from most repetitions.
 */
import type { Collection, Db, Document, UpdateFilter } from 'mongodb';
import { violatedUnique } from '../errors/store-faults.ts';
import type { DeclaredIndexes } from '../mongodb/migrations.ts';
import { type Delivery, type Inbox, REMEMBERED_MS } from './inbox.ts';

interface Note {
  _id: string;
  seenAt: Date;
}

/** In a document that events change: the last one from each domain, and which reader wrote it. */
export interface Told {
  told?: Record<string, { id: string; fence: number }>;
}

/** To be declared with the room's own. */
export const INBOX_INDEXES: DeclaredIndexes = {
  inbox: [{ name: 'over', key: { seenAt: 1 }, expireAfterSeconds: REMEMBERED_MS / 1000 }],
};

export function mongodbInbox(db: Db): Inbox<Delivery> {
  const notes = db.collection<Note>('inbox');
  return {
    once: async (delivery, apply) => {
      const _id = delivery.event.id;
      if (await notes.findOne({ _id })) return 'seen';
      await apply(delivery);
      await notes.updateOne({ _id }, { $setOnInsert: { seenAt: new Date() } }, { upsert: true });
      return 'applied';
    },
    // The index drops them.
    tidy: async () => {},
  };
}

/**
 * Changes the document whose id is the event's aggregate, once. Events of an aggregate come one after the other, so the
 * mark of the last one is enough; and a reader that was taken for dead does not get past the mark of the one that took
 * over, however late it wakes. A document that is not there yet is made, with what `$setOnInsert` says.
 */
export async function changeOnce<Doc extends Document & Told & { _id: string }>(
  { event, from, fence }: Delivery,
  collection: Collection<Doc>,
  update: UpdateFilter<Doc>,
): Promise<void> {
  const mark = `told.${from}`;
  const filter = {
    _id: event.aggregateId,
    [`${mark}.id`]: { $ne: event.id },
    [`${mark}.fence`]: { $not: { $gt: fence } },
  };
  const marked = { ...update, $set: { ...update.$set, [mark]: { id: event.id, fence } } };
  try {
    await collection.updateOne(filter as never, marked as UpdateFilter<Doc>, { upsert: true });
  } catch (error) {
    // The document is there and has one of the two marks, so the upsert met it: this event, or a later reader's.
    if (violatedUnique(error) === undefined) throw error;
    const found = (await collection.findOne({ _id: event.aggregateId } as never)) as Told | null;
    if (found?.told?.[from]?.id === event.id) return;
    throw new Error(`another reader of ${from} has taken over ${event.aggregateId}`, { cause: error });
  }
}
