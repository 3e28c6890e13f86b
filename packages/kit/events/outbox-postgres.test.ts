import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { inTransaction } from '../postgres/postgres.ts';
import { openPostgresDomain } from '../tests/counting-domains.ts';
import { ownName, POSTGRES_URL, withPostgres } from '../tests/stores.ts';
import { newId } from '../values/ids.ts';
import type { ToldEvent } from './events.ts';

withPostgres('an outbox in PostgreSQL', () => {
  let domain: Awaited<ReturnType<typeof openPostgresDomain>>;
  const name = ownName('outbox');
  beforeAll(async () => {
    domain = await openPostgresDomain(POSTGRES_URL!, name);
  });
  afterAll(() => domain.drop());

  const event = (aggregateId: string, number: number) => ({
    ...{ id: newId('evt'), type: 'x.y', version: 1, aggregateId, occurredAt: new Date(), data: { number } },
  });

  test('never has an event come in before another of its aggregate that could be read already', async () => {
    const { db, outbox } = domain;
    const write = (number: number, slow: boolean) =>
      inTransaction(db, async (tx) => {
        await outbox.insert(tx, [event(number % 3 === 0 ? 'a' : 'b', number)]);
        // Whoever could overtake it would.
        if (slow) await tx.execute(sql`select pg_sleep(0.05)`);
      });
    let written = false;
    const writes = Promise.all(Array.from({ length: 12 }, (_, number) => write(number, number % 2 === 0)));
    const done = writes.finally(() => {
      written = true;
    });
    // What a relay would see while they commit; the last look is taken after the last commit.
    const looks: ToldEvent[][] = [];
    for (let last = false; !last; ) {
      last = written;
      looks.push(await outbox.read(100));
    }
    await done;
    const told = looks.at(-1)!;
    expect(told).toHaveLength(12);
    for (const aggregateId of ['a', 'b']) {
      const ofIt = (events: readonly ToldEvent[]) =>
        events.filter((one) => one.aggregateId === aggregateId).map(({ id }) => id);
      const order = ofIt(told);
      for (const look of looks) expect(ofIt(look)).toEqual(order.slice(0, ofIt(look).length));
    }
    await outbox.remove(told);
    expect(await outbox.waiting()).toEqual({ count: 0, oldest: undefined });
  });

  test('keeps what is told as it is told, several at a time, and nothing of what was rolled back', async () => {
    const { db, outbox } = domain;
    let commits = 0;
    outbox.onCommit(() => {
      commits += 1;
    });
    const events = [event('a', 1), { ...event('b', 2), requestId: 'req-1' }, event('a', 3)];
    await inTransaction(db, (tx) => outbox.insert(tx, events));
    await inTransaction(db, async (tx) => {
      await outbox.insert(tx, [event('a', 4)]);
      throw new Error('no');
    }).catch(() => {});
    await inTransaction(db, (tx) => outbox.insert(tx, []));
    expect(commits).toBe(1);
    expect(await outbox.read(100)).toEqual(events);
    expect(await outbox.read(2)).toEqual(events.slice(0, 2));
    expect(await outbox.waiting()).toEqual({ count: 3, oldest: events[0]!.occurredAt });
  });
});
