import type { Collection } from 'mongodb';
import { type Connection, connectionOf, type Page } from '../../../lists/connections.ts';
import { mongodbPage } from '../../../lists/connections-mongodb.ts';
import { ascending, defineOrder, descending } from '../../../lists/cursors.ts';
import type { DeclaredIndexes } from '../../../mongodb/migrations.ts';

export interface Book {
  _id: string;
  shelfId: string;
  title: string;
  rating: number;
}

export const indexes: DeclaredIndexes = {
  books: [
    { name: 'title', key: { shelfId: 1, title: 1 }, unique: true },
    { name: 'best', key: { shelfId: 1, rating: -1, _id: 1 } },
  ],
};

const BEST_FIRST = defineOrder('books.best', [descending('rating', 'number'), ascending('_id', 'text')]);

export async function listBooks(
  books: Collection<Book>,
  shelfId: string,
  page: Page,
): Promise<Connection<Book>> {
  const { filter, sort, limit } = mongodbPage<Book>(BEST_FIRST, page, { shelfId });
  return connectionOf(BEST_FIRST, page, await books.find(filter).sort(sort).limit(limit).toArray());
}

export async function booksByIds(books: Collection<Book>, ids: readonly string[]): Promise<Book[]> {
  return books.find({ _id: { $in: [...ids] } }).toArray();
}

export async function countBooks(books: Collection<Book>, shelfIds: readonly string[]) {
  return books
    .aggregate<{ _id: string; count: number }>([
      { $match: { shelfId: { $in: [...shelfIds] } } },
      { $group: { _id: '$shelfId', count: { $sum: 1 } } },
    ])
    .toArray();
}

export async function insertBook(books: Collection<Book>, book: Book): Promise<void> {
  await books.insertOne(book);
}
