/** Domain events on their way out, written in the transaction of the change that they tell of. */
import type { Queryable } from '@souk/kit/postgres';
import { outbox } from './tables.ts';

export function insertEvents(db: Queryable, events: (typeof outbox.$inferInsert)[]) {
  return db.insert(outbox).values(events);
}
