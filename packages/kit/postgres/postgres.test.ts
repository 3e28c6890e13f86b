import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { integer, pgSchema, text } from 'drizzle-orm/pg-core';
import { isStoreAway, violatedUnique } from '../errors/store-faults.ts';
import { serve } from '../http/serve.ts';
import { silentLog } from '../observe/log.ts';
import { newScope, runInScope } from '../observe/request-scope.ts';
import { type CutProxy, cutProxy } from '../tests/cut-proxy.ts';
import { recordedTraces } from '../tests/recorded-traces.ts';
import { ownName, POSTGRES_URL, withPostgres } from '../tests/stores.ts';
import { anyOf, inTransaction, openPostgres, type Postgres } from './postgres.ts';

const schema = pgSchema(ownName('till'));
const tills = schema.table('tills', { id: text().primaryKey(), coins: integer().notNull() });

withPostgres('PostgreSQL', () => {
  let postgres: Postgres;
  const traces = recordedTraces();

  beforeAll(async () => {
    postgres = await openPostgres({ url: POSTGRES_URL!, service: 'kit-tests', traces });
    await postgres.client.query(
      `create schema ${schema.schemaName}; create table ${schema.schemaName}.tills (id text primary key, coins int not null)`,
    );
  });

  afterAll(async () => {
    await postgres.client.query(`drop schema ${schema.schemaName} cascade`);
    await postgres.close();
  });

  const roundTripsOf = async (work: () => Promise<unknown>) => {
    const scope = newScope('req-1');
    await runInScope(scope, work);
    return scope.roundTrips;
  };

  test('answers its health check', async () => {
    await expect(postgres.check()).resolves.toBeUndefined();
  });

  describe('round trips', () => {
    test('are counted for the request that makes them', async () => {
      const [one, two] = await Promise.all([
        roundTripsOf(() => postgres.db.select().from(tills)),
        roundTripsOf(async () => {
          await postgres.db.select().from(tills).where(eq(tills.id, 'a'));
          await postgres.db.execute(sql`select 1`);
        }),
      ]);
      expect([one.postgres, two.postgres]).toEqual([1, 2]);
    });

    test('stay with their request when the pool is busy', async () => {
      const counts = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          roundTripsOf(async () => {
            for (let i = 0; i <= index % 3; i++) await postgres.db.execute(sql`select pg_sleep(0.002)`);
          }),
        ),
      );
      expect(counts.map(({ postgres: count }) => count)).toEqual(counts.map((_, index) => (index % 3) + 1));
    });

    test('of a transaction include its begin and its commit', async () => {
      const counts = await roundTripsOf(() =>
        postgres.db.transaction(async (tx) => {
          await tx.select().from(tills);
          await tx.select().from(tills);
        }),
      );
      expect(counts.postgres).toBe(4);
    });

    test('outside of a request are not counted and harm nothing', async () => {
      await expect(postgres.db.select().from(tills)).resolves.toEqual([]);
    });

    test('are spans when the request is traced', async () => {
      const root = traces.start('request', 'server');
      const scope = newScope('req-1', root);
      await runInScope(scope, async () => {
        await postgres.db.select().from(tills);
        await postgres.db.execute(sql`select * from nowhere`).catch(() => {});
      });
      const [, good, bad] = traces.spans;
      expect(good).toMatchObject({ name: 'postgres', parent: root, ended: true, failed: false });
      expect(good?.attributes).toEqual({
        'db.system.name': 'postgresql',
        'db.query.text': expect.stringContaining('select "id", "coins" from'),
      });
      expect(bad).toMatchObject({ ended: true, failed: true });
    });
  });

  describe('statements with parameters', () => {
    /** What the driver remembers to have prepared on the pool's one connection. */
    const preparedOn = async ({ client }: Postgres) => {
      const connection = await client.connect();
      connection.release();
      const { parsedStatements } = (connection as unknown as { connection: { parsedStatements: object } })
        .connection;
      return Object.values(parsedStatements);
    };

    test('are prepared once a connection, others are not', async () => {
      const own = await openPostgres({ url: POSTGRES_URL!, service: 'kit-prepare', maxConnections: 1 });
      for (const id of ['a', 'b', 'c']) await own.db.select().from(tills).where(eq(tills.id, id));
      await own.db.select().from(tills);
      expect(await preparedOn(own)).toEqual([expect.stringContaining('."id" = $1')]);
      await own.close();
    });

    test('are not prepared behind a pooler that cannot have it', async () => {
      const url = `${POSTGRES_URL}?prepare=false`;
      const own = await openPostgres({ url, service: 'kit-pooler', maxConnections: 1 });
      await own.db.select().from(tills).where(eq(tills.id, 'a'));
      expect(await preparedOn(own)).toEqual([]);
      await own.close();
    });

    test('are prepared up to a bound, so that no server runs out of memory', async () => {
      const own = await openPostgres({ url: POSTGRES_URL!, service: 'kit-many', maxConnections: 1 });
      for (let n = 0; n < 1_010; n++) await own.db.execute(sql`select ${sql.raw(`${n}`)} + ${1}::int`);
      expect(await preparedOn(own)).toHaveLength(1_000);
      await own.close();
    });
  });

  test('a list of values is one parameter, so that its length makes no new statement', async () => {
    await postgres.db.insert(tills).values([
      { id: 'l1', coins: 1 },
      { id: 'l2', coins: 2 },
    ]);
    const query = (ids: string[]) => postgres.db.select().from(tills).where(anyOf(tills.id, ids));
    expect(query(['l1']).toSQL().sql).toBe(query(['l1', 'l2', 'l3']).toSQL().sql);
    expect(await query(['l1', 'l2', 'l3'])).toHaveLength(2);
    expect(await query([])).toEqual([]);
    expect(await query(["'; drop table tills --", '{"a"}', 'a,b'])).toEqual([]);
  });

  describe('a transaction', () => {
    test('that lost a race is run again until it passes', async () => {
      await postgres.db.insert(tills).values({ id: 'race', coins: 0 });
      const addCoin = () =>
        inTransaction(
          postgres.db,
          async (tx) => {
            const [till] = await tx.select().from(tills).where(eq(tills.id, 'race'));
            await tx
              .update(tills)
              .set({ coins: till!.coins + 1 })
              .where(eq(tills.id, 'race'));
          },
          { isolationLevel: 'serializable' },
        );
      await Promise.all(Array.from({ length: 3 }, addCoin));
      const [till] = await postgres.db.select().from(tills).where(eq(tills.id, 'race'));
      expect(till?.coins).toBe(3);
    });

    test('that fails leaves nothing, and is not run again', async () => {
      let runs = 0;
      const failing = inTransaction(postgres.db, async (tx) => {
        runs += 1;
        await tx.insert(tills).values({ id: 'gone', coins: 1 });
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(runs).toBe(1);
      expect(await postgres.db.select().from(tills).where(eq(tills.id, 'gone'))).toEqual([]);
    });
  });

  test('a broken unique constraint is told by its name', async () => {
    await postgres.db.insert(tills).values({ id: 'once', coins: 1 });
    const twice = postgres.db.insert(tills).values({ id: 'once', coins: 1 });
    const fault = await twice.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(violatedUnique(fault)).toBe('tills_pkey');
    expect(violatedUnique(new Error('other'))).toBeUndefined();
  });

  describe.each(['end', 'reset'] as const)('a connection that is lost (%s)', (how) => {
    const outcomeOf = (work: PromiseLike<unknown>) =>
      Promise.resolve(work).then(
        () => 'fine',
        (error: unknown) => (isStoreAway(error) ? 'away' : error),
      );
    let proxy: CutProxy;
    let own: Postgres;

    beforeEach(async () => {
      proxy = await cutProxy(POSTGRES_URL!);
      own = await openPostgres({ url: proxy.url, service: 'kit-cut', maxConnections: 1 });
    });

    afterEach(async () => {
      await own.close();
      await proxy.close();
    });

    test('while idle is replaced by a new one', async () => {
      for (let round = 0; round < 8; round++) {
        proxy.cut(how);
        // Whether the next statement meets the old connection is a race; that the one after it is fine is not.
        expect(['fine', 'away']).toContain(await outcomeOf(own.db.execute(sql`select 1`)));
        expect(await outcomeOf(own.db.execute(sql`select 1`))).toBe('fine');
      }
    });

    test('under a statement fails that, and not those that come after it', async () => {
      const first = own.db.execute(sql`select 1`);
      const lost = outcomeOf(first);
      const waiting = [1, 2, 3].map(() => outcomeOf(own.db.execute(sql`select 2`)));
      proxy.cut(how);
      expect(['fine', 'away']).toContain(await lost);
      expect((await Promise.all(waiting)).every((outcome) => outcome === 'fine' || outcome === 'away')).toBe(
        true,
      );
      expect(await outcomeOf(own.db.execute(sql`select 3`))).toBe('fine');
    });

    test('within a transaction fails that whole, and the process goes on', async () => {
      const inside = inTransaction(own.db, async (tx) => {
        await tx.insert(tills).values({ id: 'lost', coins: 1 });
        proxy.cut(how);
        await tx.insert(tills).values({ id: 'lost-too', coins: 1 });
      });
      expect(await outcomeOf(inside)).toBe('away');
      const { rows } = await own.db.execute(sql`select * from ${tills} where id like 'lost%'`);
      expect(rows).toEqual([]);
    });

    test('between two statements of a transaction fails it too', async () => {
      const inside = inTransaction(own.db, async (tx) => {
        await tx.insert(tills).values({ id: 'lost', coins: 1 });
        const closed = new Promise((resolve) => own.client.once('remove', resolve));
        proxy.cut(how);
        await Promise.race([closed, tx.execute(sql`select 1`).catch(() => {})]);
        await tx.insert(tills).values({ id: 'lost-too', coins: 1 });
      });
      expect(await outcomeOf(inside)).toBe('away');
      expect(await outcomeOf(own.db.execute(sql`select 1`))).toBe('fine');
    });
  });

  test('a swallowed error does not pass for a commit', async () => {
    const swallowing = inTransaction(postgres.db, async (tx) => {
      await tx.insert(tills).values({ id: 'swallowed', coins: 1 });
      await tx.execute(sql`select * from nowhere`).catch(() => {});
    });
    await expect(swallowing).rejects.toThrow('its error was swallowed');
    expect(await postgres.db.select().from(tills).where(eq(tills.id, 'swallowed'))).toEqual([]);
  });

  test('a statement that waits too long is cancelled', async () => {
    const own = await openPostgres({ url: POSTGRES_URL!, service: 'kit-slow', statementTimeoutMs: 100 });
    await postgres.db.insert(tills).values({ id: 'held', coins: 1 });
    await inTransaction(postgres.db, async (tx) => {
      await tx.update(tills).set({ coins: 2 }).where(eq(tills.id, 'held'));
      const waiting = own.db.update(tills).set({ coins: 3 }).where(eq(tills.id, 'held'));
      await expect(waiting).rejects.toMatchObject({ cause: { code: '57014' } });
    });
    await own.close();
  });

  test('nested, undoes only the inner part', async () => {
    await inTransaction(postgres.db, async (tx) => {
      await tx.insert(tills).values({ id: 'outer', coins: 1 });
      const inner = tx.transaction(async (deeper) => {
        await deeper.insert(tills).values({ id: 'inner', coins: 1 });
        throw new Error('no');
      });
      await inner.catch(() => {});
    });
    const { rows } = await postgres.db.execute(sql`select id from ${tills} where id in ('outer', 'inner')`);
    expect(rows).toEqual([{ id: 'outer' }]);
  });

  test('a wrong database is told at once, with the setting and without the password', async () => {
    const url = new URL(POSTGRES_URL!);
    url.pathname = '/nowhere';
    url.password = 'hunter2';
    const opening = openPostgres({ url: url.href, service: 'shelf' });
    await expect(opening).rejects.toThrow(/^shelf: cannot use PostgreSQL at .*nowhere.*Check POSTGRES_URL/);
    await expect(opening).rejects.not.toThrow('hunter2');
  });
});

test('a server that is not there is told after the time it was given', async () => {
  const closed = await serve({ handler: () => Promise.reject(), log: silentLog });
  await closed.stop();
  const url = `postgres://souk:hunter2@127.0.0.1:${closed.port}/souk`;
  await expect(openPostgres({ url, service: 'shelf', connectWithinMs: 300 })).rejects.toThrow(
    `shelf: cannot use PostgreSQL at postgres://souk:***@127.0.0.1:${closed.port}/souk: connect ECONNREFUSED`,
  );
});
