import { expect, jest, test } from '@jest/globals';
import { loadMany, loadOne } from './loaders.ts';

interface Book {
  id: string;
  shelf: string;
}

const books: Book[] = [
  { id: 'b', shelf: 'x' },
  { id: 'a', shelf: 'x' },
  { id: 'c', shelf: 'y' },
];

test('keys asked for at once are one fetch, answered in their own order, gaps and repeats included', async () => {
  const fetch = jest.fn(async (ids: readonly string[]) => books.filter(({ id }) => ids.includes(id)));
  const loader = loadOne(fetch, (book) => book.id);
  const loaded = await Promise.all(['c', 'missing', 'a', 'c'].map((id) => loader.load(id)));
  expect(loaded.map((book) => book?.id)).toEqual(['c', undefined, 'a', 'c']);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(fetch).toHaveBeenCalledWith(['c', 'missing', 'a']);
});

test('rows are grouped by key in the order of the fetch', async () => {
  const loader = loadMany(
    async () => books,
    (book) => book.shelf,
  );
  const loaded = await Promise.all(['y', 'none', 'x'].map((shelf) => loader.load(shelf)));
  expect(loaded.map((group) => group.map(({ id }) => id))).toEqual([['c'], [], ['b', 'a']]);
});

test('a failed fetch fails each of its keys', async () => {
  const loader = loadOne(
    async (): Promise<Book[]> => Promise.reject(new Error('away')),
    (book) => book.id,
  );
  const outcomes = await Promise.allSettled([loader.load('a'), loader.load('b')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
