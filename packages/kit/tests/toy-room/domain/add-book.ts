/** Whether a book may be put on a shelf. Knows no GraphQL. */

import { violatedUnique } from '../../../errors/store-faults.ts';
import { conflict, invalid, notFound, ok, type Result, refused } from '../../../errors/user-errors.ts';
import { newId } from '../../../values/ids.ts';
import { type Book, insertBook } from '../store/books.ts';
import type { ToyStores } from '../store/open.ts';
import { shelvesByIds } from '../store/shelves.ts';

export type ToyErrorCode = 'SHELF_NOT_FOUND' | 'TITLE_EMPTY' | 'TITLE_TAKEN';

export interface NewBook {
  shelfId: string;
  title: string;
  rating: number;
}

export async function addBook(stores: ToyStores, input: NewBook): Promise<Result<Book, ToyErrorCode>> {
  const title = input.title.trim();
  if (title === '') return refused(invalid('TITLE_EMPTY', 'Give the book a title.', 'input.title'));
  const [shelf] = await shelvesByIds(stores.db, [input.shelfId]);
  if (!shelf) return refused(notFound('SHELF_NOT_FOUND', 'There is no such shelf.', 'input.shelfId'));
  const book: Book = { _id: newId('bok'), shelfId: shelf.id, title, rating: input.rating };
  try {
    await insertBook(stores.books, book);
  } catch (error) {
    // The index decides, so that two at once cannot both get through.
    if (violatedUnique(error) !== 'title') throw error;
    return refused(conflict('TITLE_TAKEN', 'This shelf has a book of that title.', 'input.title'));
  }
  return ok(book);
}
