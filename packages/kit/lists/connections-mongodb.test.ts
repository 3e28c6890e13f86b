import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Collection, Filter } from 'mongodb';
import { type Mongodb, openMongodb } from '../mongodb/mongodb.ts';
import { MONGODB_URL, ownName, withMongodb } from '../tests/stores.ts';
import { walkBackward, walkForward } from '../tests/walk.ts';
import { type Connection, connectionOf, type PageArguments, parsePage } from './connections.ts';
import { mongodbPage } from './connections-mongodb.ts';
import { ascending, defineOrder, descending, encodeCursor, type Order } from './cursors.ts';

interface Book {
  _id: string;
  shelf: string;
  stats: { rating: number };
  lent: boolean;
  addedAt: Date;
}

const orders: Order[] = [
  defineOrder('newest', [descending('addedAt', 'instant'), descending('_id', 'text')]),
  defineOrder('oldest', [ascending('addedAt', 'instant'), ascending('_id', 'text')]),
  defineOrder('best', [descending('stats.rating', 'number'), ascending('_id', 'text')]),
  defineOrder('lent', [
    ascending('lent', 'boolean'),
    descending('stats.rating', 'number'),
    ascending('_id', 'text'),
  ]),
  defineOrder('ids', [ascending('_id', 'text')]),
];
const oldest = orders[1]!;

const rows = fc.array(
  fc.record({
    shelf: fc.constantFrom('x', 'y'),
    stats: fc.record({ rating: fc.constantFrom(0.1, 0.2, 1 / 3, 5) }),
    lent: fc.boolean(),
    addedAt: fc.constantFrom(0, 1, 1_772_366_400_123).map((time) => new Date(time)),
  }),
  { maxLength: 40 },
);

withMongodb('pages in MongoDB', () => {
  let mongodb: Mongodb;
  let books: Collection<Book>;

  beforeAll(async () => {
    mongodb = await openMongodb({ url: MONGODB_URL!, service: 'kit-tests', database: ownName('pages') });
    books = mongodb.db.collection('books');
    await books.createIndex({ shelf: 1, addedAt: 1, _id: 1 });
  });

  afterAll(async () => {
    await mongodb.db.dropDatabase();
    await mongodb.close();
  });

  const fetchBooks =
    (order: Order, mine: Filter<Book>) =>
    async (args: PageArguments): Promise<Connection<Book>> => {
      const page = parsePage(args);
      const { filter, sort, limit } = mongodbPage(order, page, mine);
      return connectionOf(order, page, await books.find(filter).sort(sort).limit(limit).toArray());
    };
  const idsOf = (list: readonly Book[]) => list.map(({ _id }) => _id);

  test('visit every row exactly once, forward and backward, however many are equal', async () => {
    const cases: { filter: Filter<Book>; has(book: Book): boolean }[] = [
      { filter: { shelf: 'x' }, has: ({ shelf }) => shelf === 'x' },
      {
        // Conditions on what the order uses too: neither may hide the other.
        filter: { addedAt: { $gte: new Date(1) }, $or: [{ lent: true }, { 'stats.rating': 5 }] },
        has: ({ addedAt, lent, stats }) => addedAt >= new Date(1) && (lent || stats.rating === 5),
      },
    ];
    const sizes = fc.integer({ min: 1, max: 9 });
    const sample = fc.tuple(rows, sizes, fc.constantFrom(...orders), fc.constantFrom(...cases));
    await fc.assert(
      fc.asyncProperty(sample, async ([list, size, order, { filter, has }]) => {
        await books.deleteMany({});
        const given = list.map((row, index) => ({ ...row, _id: `bok_${String(index).padStart(3, '0')}` }));
        if (given.length > 0) await books.insertMany(given);
        const expected = idsOf(given.filter(has));
        const fetch = fetchBooks(order, filter);
        const forward = idsOf(await walkForward(fetch, size));
        expect([...forward].sort()).toEqual(expected);
        expect(idsOf(await walkBackward(fetch, size))).toEqual(forward);
      }),
      { numRuns: process.env.SOUK_LONG_TESTS ? 60 : 25 },
    );
  });

  test('miss and repeat nothing while rows come and go between them', async () => {
    await books.deleteMany({});
    const add = (_id: string) =>
      books.insertOne({ _id, shelf: 'x', stats: { rating: 1 }, lent: false, addedAt: new Date(1_000) });
    for (const id of ['b', 'd', 'f', 'h']) await add(id);
    const fetch = fetchBooks(oldest, { shelf: 'x' });
    const first = await fetch({ first: 2 });
    await add('a');
    await add('e');
    await books.deleteOne({ _id: 'd' });
    const second = await fetch({ first: 10, after: first.pageInfo.endCursor });
    expect(idsOf(second.nodes)).toEqual(['e', 'f', 'h']);
  });

  test('read one stretch of an index, forward and backward, deep in the list', async () => {
    await books.deleteMany({});
    const many = Array.from({ length: 2_000 }, (_, n) => ({
      _id: `many_${String(n).padStart(4, '0')}`,
      shelf: 'deep',
      stats: { rating: 1 },
      lent: false,
      addedAt: new Date(Math.floor(n / 10)),
    }));
    await books.insertMany(many);
    const cursor = encodeCursor(oldest, many[1_000]);
    for (const args of [
      { first: 20, after: cursor },
      { last: 20, before: cursor },
    ]) {
      const { filter, sort, limit } = mongodbPage<Book>(oldest, parsePage(args), { shelf: 'deep' });
      const plan = await books.find(filter).sort(sort).limit(limit).explain('executionStats');
      expect(JSON.stringify(plan)).toContain('IXSCAN');
      expect(plan.executionStats.nReturned).toBe(21);
      // Ten rows are as old as the one at the cursor; the rest of the list is not looked at.
      expect(plan.executionStats.totalKeysExamined).toBeLessThanOrEqual(35);
    }
  });
});

describe('a page', () => {
  const at = new Date(5);
  const after = encodeCursor(oldest, { addedAt: at, _id: 'b' });

  test('bounds the leading field, so that an index has its stretch', () => {
    expect(mongodbPage(oldest, parsePage({ first: 2, after }), { shelf: 'x' })).toEqual({
      filter: {
        shelf: 'x',
        addedAt: { $gte: at },
        $or: [{ addedAt: { $gt: at } }, { addedAt: at, _id: { $gt: 'b' } }],
      },
      sort: { addedAt: 1, _id: 1 },
      limit: 3,
    });
  });

  test('read backward turns the order round', () => {
    const page = mongodbPage(oldest, parsePage({ last: 2, before: after }));
    expect(page.sort).toEqual({ addedAt: -1, _id: -1 });
    expect(page.filter).toMatchObject({ addedAt: { $lte: at } });
  });

  test('of a single key needs no alternatives', () => {
    const ids = orders[4]!;
    const { filter } = mongodbPage(ids, parsePage({ after: encodeCursor(ids, { _id: 'b' }) }));
    expect(filter).toEqual({ _id: { $gt: 'b' } });
  });
});
