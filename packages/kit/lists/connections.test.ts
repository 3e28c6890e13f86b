import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { walkBackward, walkForward } from '../tests/walk.ts';
import { type Connection, connectionInMemory, connectionOf, parsePage, readOf } from './connections.ts';
import { ascending, decodeCursor, defineOrder, descending, encodeCursor } from './cursors.ts';

const byRating = defineOrder('books.rating', [descending('stats.rating', 'number'), ascending('id', 'text')]);
const newest = defineOrder('books.newest', [descending('addedAt', 'instant'), descending('id', 'text')]);

interface Book {
  id: string;
  addedAt: Date;
  stats: { rating: number };
}

const book = (id: string, rating = 0, addedAt = 0): Book => ({
  id,
  addedAt: new Date(addedAt),
  stats: { rating },
});
const faultOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error as Error & { extensions: Record<string, unknown> };
  }
  throw new Error('nothing was thrown');
};

describe('the arguments of a page', () => {
  test.each([
    [{}, { size: 20, backward: false }],
    [
      { first: null, after: null, last: null, before: null },
      { size: 20, backward: false },
    ],
    [{ first: 1 }, { size: 1, backward: false }],
    [
      { first: 100, after: 'x' },
      { size: 100, backward: false, after: 'x' },
    ],
    [
      { last: 5, before: 'y' },
      { size: 5, backward: true, before: 'y' },
    ],
    [
      { first: 5, after: 'x', before: 'y' },
      { size: 5, backward: false, after: 'x', before: 'y' },
    ],
  ])('%j', (args, page) => {
    expect(parsePage(args)).toEqual(page);
  });

  test.each([
    [{ first: 0 }, '`first` must be from 1 to 100, but is 0', 'first'],
    [{ first: -1 }, '`first` must be from 1 to 100, but is -1', 'first'],
    [{ first: 101 }, '`first` must be from 1 to 100, but is 101', 'first'],
    [{ last: 0 }, '`last` must be from 1 to 100, but is 0', 'last'],
    [{ first: 1, last: 1 }, '`first` and `last` cannot be used together; leave one of them out', 'last'],
  ])('%j is refused', (args, message, argument) => {
    const fault = faultOf(() => parsePage(args));
    expect(fault.message).toBe(message);
    expect(fault.extensions).toEqual({ code: 'BAD_USER_INPUT', argument });
  });

  test('a list can have limits of its own', () => {
    expect(parsePage({}, { max: 10, default: 5 }).size).toBe(5);
    expect(() => parsePage({ first: 11 }, { max: 10, default: 5 })).toThrow('from 1 to 10');
  });
});

describe('a cursor', () => {
  test('holds the place of a row', () => {
    expect(decodeCursor(byRating, encodeCursor(byRating, book('b', 4.5)), 'after')).toEqual([4.5, 'b']);
    const at = Date.parse('2026-03-01T12:00:00.123Z');
    expect(decodeCursor(newest, encodeCursor(newest, book('b', 0, at)), 'after')).toEqual([
      new Date(at),
      'b',
    ]);
  });

  test('holds every kind of sort key exactly', () => {
    const order = defineOrder('all', [
      ascending('text', 'text'),
      ascending('number', 'number'),
      ascending('bigint', 'bigint'),
      ascending('instant', 'instant'),
      ascending('boolean', 'boolean'),
    ]);
    const letter = fc.oneof(fc.integer({ min: 1, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));
    const rows = fc.record({
      // Two that PostgreSQL has not: the NUL, and years beyond 1 to 9999.
      text: fc.array(letter).map((points) => String.fromCodePoint(...points)),
      // JSON has no negative zero, and no order tells it from zero.
      number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      bigint: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      instant: fc.date({
        min: new Date('0001-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      }),
      boolean: fc.boolean(),
    });
    fc.assert(
      fc.property(rows, (row) => {
        expect(decodeCursor(order, encodeCursor(order, row), 'after')).toEqual(Object.values(row));
      }),
    );
  });

  test('of another list is told so', () => {
    const fault = faultOf(() => decodeCursor(newest, encodeCursor(byRating, book('b')), 'before'));
    expect(fault.message).toBe(
      '`before` is a cursor of another list, or of another order of it; start again without it',
    );
    expect(fault.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'before' });
  });

  test('of the same list in another order is told so', () => {
    const other = defineOrder('books.rating', [ascending('stats.rating', 'number'), ascending('id', 'text')]);
    expect(() => decodeCursor(other, encodeCursor(byRating, book('b')), 'after')).toThrow(
      'another order of it',
    );
  });

  test.each(['', 'abc', '?', 'a'.repeat(5_000), 'Y3Vyc29yOjE=', 'ä'])('“%s” is none', (text) => {
    expect(() => decodeCursor(newest, text, 'after')).toThrow(
      /`after` is (not a page cursor|a cursor of another list)/,
    );
  });

  test('with any letter changed, added or lost is refused', () => {
    const cursor = encodeCursor(byRating, book('bok_01', 4.5));
    const letters = fc.constantFrom(...'ABCXYZabcxyz0189-_=+/ ');
    fc.assert(
      fc.property(fc.nat(cursor.length), letters, fc.constantFrom(0, 1), (place, letter, removed) => {
        const changed = cursor.slice(0, place) + letter + cursor.slice(place + removed);
        fc.pre(changed !== cursor);
        const fault = faultOf(() => decodeCursor(byRating, changed, 'after'));
        expect(fault.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'after' });
      }),
    );
    expect(() => decodeCursor(byRating, cursor.slice(0, -4), 'after')).toThrow('damaged page cursor');
  });

  test('that was forged with the right checksum still holds only values of the right kind', () => {
    const texts = defineOrder(
      'books.rating',
      byRating.keys.map((key) => ({ ...key, type: 'text' as const })),
    );
    const forged = { ...texts, fingerprint: byRating.fingerprint, tag: byRating.tag };
    const cursor = encodeCursor(forged, { id: 'b', stats: { rating: "1' or '1'='1" } });
    expect(() => decodeCursor(byRating, cursor, 'after')).toThrow('damaged page cursor');
    const short = { ...forged, keys: forged.keys.slice(1) };
    expect(() => decodeCursor(byRating, encodeCursor(short, { id: 'b' }), 'after')).toThrow(
      'damaged page cursor',
    );
  });

  test('cannot be made of a row that lacks a sort key', () => {
    expect(() => encodeCursor(byRating, { id: 'b', stats: {} })).toThrow(
      'books.rating is ordered by stats.rating as number, but a row has undefined there',
    );
    expect(() => encodeCursor(byRating, { id: 'b' })).toThrow('books.rating is ordered by stats.rating');
    expect(() => defineOrder('none', [])).toThrow('the order none has no key');
  });
});

describe('a connection', () => {
  const rows = ['a', 'b', 'c'].map((id) => book(id));

  test('has its page, and whether the list goes on', () => {
    const page = parsePage({ first: 2 });
    const connection = connectionOf(byRating, page, rows);
    expect(connection.nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(connection.edges.map(({ node }) => node.id)).toEqual(['a', 'b']);
    expect(connection.pageInfo).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: encodeCursor(byRating, rows[0]),
      endCursor: connection.edges[1]!.cursor,
    });
  });

  test('read backward stands in the order of the list', () => {
    const page = { ...parsePage({ last: 2 }), before: encodeCursor(byRating, book('d')) };
    const connection = connectionOf(byRating, page, [...rows].reverse());
    expect(connection.nodes.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(connection.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test('without rows has no cursors', () => {
    expect(connectionOf(byRating, parsePage({}), [])).toMatchObject({
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test('is counted only when somebody asks', async () => {
    const count = jest.fn(async () => 7);
    const connection = connectionOf(byRating, parsePage({}), rows, count);
    expect(count).not.toHaveBeenCalled();
    expect(await connection.totalCount?.()).toBe(7);
  });

  test('fetches one row more than it has', () => {
    expect(readOf(byRating, parsePage({ first: 7 }))).toEqual({ limit: 8 });
  });
});

describe('pages in memory', () => {
  const random = fc.array(
    fc.record({ rating: fc.integer({ min: 0, max: 3 }), addedAt: fc.integer({ min: 0, max: 2 }) }),
    {
      maxLength: 30,
    },
  );

  test('visit every row exactly once, forward and backward, however many are equal', async () => {
    await fc.assert(
      fc.asyncProperty(random, fc.integer({ min: 1, max: 7 }), async (list, size) => {
        const books = list.map(({ rating, addedAt }, index) => book(`bok_${index}`, rating, addedAt));
        for (const order of [byRating, newest]) {
          const fetch = async (args: object): Promise<Connection<Book>> =>
            connectionInMemory(order, parsePage(args), books);
          const forward = await walkForward(fetch, size);
          expect(new Set(forward.map(({ id }) => id)).size).toBe(books.length);
          expect(forward).toHaveLength(books.length);
          expect(await walkBackward(fetch, size)).toEqual(forward);
        }
      }),
    );
  });

  test('can be cut on both sides', async () => {
    const books = ['a', 'b', 'c', 'd', 'e'].map((id) => book(id));
    const [after, before] = [books[0], books[4]].map((row) => encodeCursor(byRating, row));
    const connection = connectionInMemory(
      byRating,
      parsePage({ first: 2, after: after!, before: before! }),
      books,
    );
    expect(connection.nodes.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(await connection.totalCount?.()).toBe(5);
  });
});
