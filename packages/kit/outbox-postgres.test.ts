import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { newId } from './ids.ts';
import { inTransaction } from './postgres.ts';
import { openPostgresDomain } from './tests/counting-domains.ts';
import { ownName, POSTGRES_URL, withPostgres } from './tests/stores.ts';

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

  test('has the events of an aggregate in the order of their commits, though nothing else holds them apart', async () => {
    const { db, outbox } = domain;
    const committed: number[] = [];
    const write = (number: number, slow: boolean) =>
      inTransaction(db, async (tx) => {
        await outbox.insert(tx, [event(number % 3 === 0 ? 'a' : 'b', number)]);
        // Whoever could overtake it would.
        if (slow) await tx.execute(sql`select pg_sleep(0.05)`);
      }).then(() => committed.push(number));
    await Promise.all(Array.from({ length: 12 }, (_, number) => write(number, number % 2 === 0)));
    const told = await outbox.read(100);
    for (const aggregateId of ['a', 'b']) {
      const numbers = told
        .filter((one) => one.aggregateId === aggregateId)
        .map(({ data }) => data.number as number);
      expect(numbers).toEqual(committed.filter((number) => numbers.includes(number)));
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
