/**
 * Two domains that tell, one in each store, and two that listen to both. Whoever tells counts: the numbers of each thing
 * are 1, 2, 3, … Listeners add every number to a list, so that a lost, doubled or misplaced event can be read off.
 */
import { sql } from 'drizzle-orm';
import { pgSchema } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { violatedUnique } from '../errors/store-faults.ts';
import { declareEvents, type EventOf, stampEvent } from '../events/events.ts';
import type { Delivery } from '../events/inbox.ts';
import { changeOnce, INBOX_INDEXES, mongodbInbox, type Told } from '../events/inbox-mongodb.ts';
import { inboxSql, postgresInbox } from '../events/inbox-postgres.ts';
import { mongodbOutbox, OUTBOX_INDEX, onEventsWritten, type WaitingEvent } from '../events/outbox-mongodb.ts';
import { outboxColumns, outboxSql, postgresOutbox } from '../events/outbox-postgres.ts';
import { migrateMongodb } from '../mongodb/migrations.ts';
import { openMongodb } from '../mongodb/mongodb.ts';
import { migratePostgres } from '../postgres/migrations.ts';
import { inTransaction, openPostgres, type Queryable } from '../postgres/postgres.ts';
import { newId } from '../values/ids.ts';

export interface Thing extends Told {
  _id: string;
  count: number;
  events: WaitingEvent[];
}

export interface Heard extends Told {
  _id: string;
  numbers: number[];
}

/** `name` is a schema, a database and the subgraph. */
export const countingEvents = (name: string) =>
  declareEvents(name, {
    [`${name}.thing.counted`]: {
      version: 1,
      when: 'a thing is counted',
      data: z.object({ number: z.number() }),
    },
  });

type Counted = EventOf<ReturnType<typeof countingEvents>>;

const counted = (name: string, number: number, aggregateId: string) => {
  const event: Counted = { type: `${name}.thing.counted`, data: { number } };
  return { ...stampEvent(countingEvents(name), newId, event), aggregateId };
};

export async function openPostgresDomain(url: string, name: string) {
  const postgres = await openPostgres({ url, service: name, maxConnections: 4 });
  const tables = `
    create table ${name}.things (id text primary key, count int not null);
    create table ${name}.heard (position bigint generated always as identity, source text, id text, number int);
    ${outboxSql(name)} ${inboxSql(name)}`;
  await migratePostgres({
    client: postgres.client,
    schema: name,
    migrations: [{ name: '0001_things', sql: tables }],
  });
  const { db } = postgres;
  const outbox = postgresOutbox(db, pgSchema(name).table('outbox', outboxColumns));
  const table = (what: string) => sql.raw(`${name}.${what}`);
  return {
    db,
    outbox,
    inbox: postgresInbox(db, name),
    count: (id: string) =>
      inTransaction(db, async (tx) => {
        const { rows } = await tx.execute<{ count: number }>(
          sql`insert into ${table('things')} values (${id}, 1)
            on conflict (id) do update set count = things.count + 1 returning count`,
        );
        await outbox.insert(tx, [counted(name, rows[0]!.count, id)]);
        return rows[0]!.count;
      }),
    hear:
      (source: string) => async (event: { aggregateId: string; data: { number: number } }, tx: Queryable) => {
        const { aggregateId, data } = event;
        await tx.execute(
          sql`insert into ${table('heard')} (source, id, number) values (${source}, ${aggregateId}, ${data.number})`,
        );
      },
    counts: async (): Promise<Record<string, number>> => {
      const { rows } = await db.execute<{ id: string; count: number }>(sql`select * from ${table('things')}`);
      return Object.fromEntries(rows.map(({ id, count }) => [id, count]));
    },
    heard: async (source: string): Promise<Record<string, number[]>> => {
      const { rows } = await db.execute<{ id: string; number: number }>(
        sql`select id, number from ${table('heard')} where source = ${source} order by position`,
      );
      const lists: Record<string, number[]> = {};
      for (const { id, number } of rows) {
        lists[id] ??= [];
        lists[id].push(number);
      }
      return lists;
    },
    drop: async () => {
      await db.execute(sql.raw(`drop schema ${name} cascade`));
      await postgres.close();
    },
    close: postgres.close,
  };
}

export async function openMongodbDomain(url: string, name: string) {
  const mongodb = await openMongodb({ url, service: name, database: name, maxConnections: 4 });
  await migrateMongodb({ db: mongodb.db, indexes: { things: [OUTBOX_INDEX], ...INBOX_INDEXES } });
  const things = mongodb.db.collection<Thing>('things');
  const heardFrom = (source: string) => mongodb.db.collection<Heard>(`heard_${source}`);
  return {
    db: mongodb.db,
    things,
    outbox: mongodbOutbox(mongodb.db, ['things']),
    onWritten: (wake: () => void) => onEventsWritten([things], wake),
    inbox: mongodbInbox(mongodb.db),
    count: async (id: string): Promise<number> => {
      for (;;) {
        const thing = await things.findOne({ _id: id });
        const number = (thing?.count ?? 0) + 1;
        const { aggregateId: _, ...event } = counted(name, number, id);
        try {
          const outcome = await things.updateOne(
            { _id: id, count: number - 1 },
            { $set: { count: number }, $push: { events: event } },
            { upsert: thing === null },
          );
          if (outcome.matchedCount + outcome.upsertedCount === 1) return number;
        } catch (error) {
          // Two wanted to be the first; one of them comes second now.
          if (violatedUnique(error) === undefined) throw error;
        }
      }
    },
    hear:
      (source: string) =>
      async ({ data }: { data: { number: number } }, delivery: Delivery) =>
        changeOnce(delivery, heardFrom(source), { $push: { numbers: data.number } }),
    counts: async (): Promise<Record<string, number>> => {
      const found = await things.find().toArray();
      return Object.fromEntries(found.map(({ _id, count }) => [_id, count]));
    },
    heard: async (source: string): Promise<Record<string, number[]>> => {
      const found = await heardFrom(source).find().toArray();
      return Object.fromEntries(found.map(({ _id, numbers }) => [_id, numbers]));
    },
    drop: async () => {
      await mongodb.db.dropDatabase();
      await mongodb.close();
    },
    close: mongodb.close,
  };
}
