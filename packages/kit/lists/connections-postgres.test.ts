import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { and, eq, sql } from 'drizzle-orm';
import { bigint, boolean, doublePrecision, pgSchema, text, timestamp } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { openPostgres, type Postgres } from '../postgres/postgres.ts';
import { ownName, POSTGRES_URL, withPostgres } from '../tests/stores.ts';
import { walkBackward, walkForward } from '../tests/walk.ts';
import { type Connection, connectionOf, type PageArguments, parsePage } from './connections.ts';
import { postgresPage } from './connections-postgres.ts';
import { ascending, defineOrder, descending, encodeCursor, type Order } from './cursors.ts';

const schema = pgSchema(ownName('pages'));
const books = schema.table('books', {
  id: text().primaryKey(),
  shelf: text().notNull(),
  rating: doublePrecision().notNull(),
  copies: bigint({ mode: 'bigint' }).notNull(),
  lent: boolean().notNull(),
  addedAt: timestamp({ precision: 3, withTimezone: true }).notNull(),
  roughlyAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
type Book = typeof books.$inferSelect;

const orders: Order[] = [
  defineOrder('newest', [descending('addedAt', 'instant'), descending('id', 'text')]),
  defineOrder('oldest', [ascending('addedAt', 'instant'), ascending('id', 'text')]),
  defineOrder('best', [descending('rating', 'number'), ascending('id', 'text')]),
  defineOrder('copies', [
    ascending('copies', 'bigint'),
    descending('lent', 'boolean'),
    descending('id', 'text'),
  ]),
  defineOrder('ids', [ascending('id', 'text')]),
];

const rows = fc.array(
  fc.record({
    shelf: fc.constantFrom('x', 'y'),
    rating: fc.constantFrom(0.1, 0.2, 1 / 3, 5),
    copies: fc.constantFrom(-1n, 0n, 2n ** 62n),
    lent: fc.boolean(),
    addedAt: fc.constantFrom(0, 1, 1_772_366_400_123).map((time) => new Date(time)),
  }),
  { maxLength: 40 },
);

withPostgres('pages in PostgreSQL', () => {
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await openPostgres({ url: POSTGRES_URL!, service: 'kit-tests' });
    await postgres.client.query(`
      create schema ${schema.schemaName};
      create table ${schema.schemaName}.books (
        id text collate "C" primary key, shelf text not null, rating double precision not null, copies bigint not null,
        lent boolean not null, "addedAt" timestamptz(3) not null, "roughlyAt" timestamptz not null default now()
      );
      create index books_newest on ${schema.schemaName}.books (shelf, "addedAt", id)`);
  });

  afterAll(async () => {
    await postgres.client.query(`drop schema ${schema.schemaName} cascade`);
    await postgres.close();
  });

  const fetchBooks =
    (order: Order, shelf: string) =>
    async (args: PageArguments): Promise<Connection<Book>> => {
      const page = parsePage(args);
      const { where, orderBy, limit } = postgresPage(order, page, books);
      const mine = eq(books.shelf, shelf);
      const found = await postgres.db
        .select()
        .from(books)
        .where(and(mine, where))
        .orderBy(...orderBy)
        .limit(limit);
      return connectionOf(order, page, found);
    };

  test('visit every row exactly once, forward and backward, however many are equal', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(...orders),
        async (list, size, order) => {
          await postgres.db.delete(books);
          const given = list.map((row, index) => ({ ...row, id: `bok_${String(index).padStart(3, '0')}` }));
          if (given.length > 0) await postgres.db.insert(books).values(given);
          const expected = given.filter(({ shelf }) => shelf === 'x').map(({ id }) => id);
          const fetch = fetchBooks(order, 'x');
          const forward = (await walkForward(fetch, size)).map(({ id }) => id);
          expect([...forward].sort()).toEqual(expected);
          const backward = (await walkBackward(fetch, size)).map(({ id }) => id);
          expect(backward).toEqual(forward);
        },
      ),
      { numRuns: process.env.SOUK_LONG_TESTS ? 60 : 25 },
    );
  });

  test('miss and repeat nothing while rows come and go between them', async () => {
    await postgres.db.delete(books);
    const at = new Date(1_000);
    const add = (id: string) =>
      postgres.db.insert(books).values({ id, shelf: 'x', rating: 1, copies: 1n, lent: false, addedAt: at });
    for (const id of ['b', 'd', 'f', 'h']) await add(id);
    const fetch = fetchBooks(orders[1]!, 'x');
    const first = await fetch({ first: 2 });
    await add('a');
    await add('e');
    await postgres.db.delete(books).where(eq(books.id, 'd'));
    const second = await fetch({ first: 10, after: first.pageInfo.endCursor });
    expect(second.nodes.map(({ id }) => id)).toEqual(['e', 'f', 'h']);
  });

  test.each([
    ['forward', { first: 20 }],
    ['backward', { last: 20 }],
  ])('read one stretch of an index, %s and deep in the list', async (_, args) => {
    await postgres.db.execute(sql`
      insert into ${books} (id, shelf, rating, copies, lent, "addedAt")
      select 'many_' || n, 'deep', 1, 1, false, to_timestamp(n / 10) from generate_series(1, 20000) n
      on conflict do nothing`);
    await postgres.db.execute(sql`analyze ${books}`);
    const order = orders[1]!;
    const [middle] = await postgres.db.select().from(books).where(eq(books.id, 'many_10000'));
    const cursor = connectionOf(order, parsePage({}), [middle!]).pageInfo.endCursor;
    const page = parsePage({ ...args, ...('first' in args ? { after: cursor } : { before: cursor }) });
    const { where, orderBy, limit } = postgresPage(order, page, books);
    const query = postgres.db
      .select()
      .from(books)
      .where(and(eq(books.shelf, 'deep'), where))
      .orderBy(...orderBy)
      .limit(limit);
    const plan = await postgres.db.execute(sql`explain (analyze, format json) ${query}`);
    const text = JSON.stringify(plan.rows);
    expect(text).toContain('Index Scan');
    expect(text).not.toMatch(/Rows Removed by Filter|"Sort"/);
  });

  test('send values as parameters, whatever they hold', async () => {
    const order = defineOrder('shelves', [ascending('shelf', 'text'), ascending('id', 'text')]);
    const { pageInfo } = connectionOf(order, parsePage({}), [{ shelf: "'; drop table books --", id: "'" }]);
    const fetch = fetchBooks(order, 'x');
    await expect(fetch({ first: 1, after: pageInfo.endCursor })).resolves.toBeDefined();
  });

  test('after a cursor that was forged with the right checksum are found or refused, never a fault of the store', async () => {
    const values = fc.oneof(
      fc.constantFrom(
        8.64e15,
        8.64e15 + 1,
        -8.64e15,
        -62_167_219_200_000,
        2 ** 70,
        '9'.repeat(30),
        'a\0b',
        '\ud800',
      ),
      fc.jsonValue({ maxDepth: 0 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...orders),
        fc.array(values, { minLength: 3, maxLength: 3 }),
        async (order, held) => {
          const after = forgedCursor(order, held);
          const outcome = await fetchBooks(
            order,
            'x',
          )({ first: 1, after }).catch((error: { extensions?: { code?: string } }) => error.extensions?.code);
          expect(typeof outcome === 'object' || outcome === 'BAD_USER_INPUT').toBe(true);
        },
      ),
      { numRuns: process.env.SOUK_LONG_TESTS ? 200 : 60 },
    );
  });
});

/** As whoever has read cursors.ts makes it: the checksum is no secret. */
function forgedCursor(order: Order, held: readonly unknown[]): string {
  const keys = order.keys.map((key, index) => {
    const type = typeof held[index];
    return {
      ...key,
      type:
        type === 'string'
          ? ('text' as const)
          : type === 'boolean'
            ? ('boolean' as const)
            : ('number' as const),
    };
  });
  const row = Object.fromEntries(
    order.keys.map(({ field }, index) => [field, held[index] === null ? 0 : held[index]]),
  );
  return encodeCursor({ ...order, keys }, row);
}

describe('an order that does not fit its table', () => {
  test('is refused when a column is missing', () => {
    const order = defineOrder('wrong', [ascending('colour', 'text')]);
    expect(() => postgresPage(order, parsePage({}), books)).toThrow(
      'wrong is ordered by colour, which is no column of it',
    );
  });

  test('is refused when instants are finer than JavaScript’s, as pages would skip rows', () => {
    const order = defineOrder('rough', [ascending('roughlyAt', 'instant'), ascending('id', 'text')]);
    expect(() => postgresPage(order, parsePage({}), books)).toThrow('declare it with { precision: 3 }');
  });
});
