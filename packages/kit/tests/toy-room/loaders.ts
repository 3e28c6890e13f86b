import { loadOne } from '../../graphql/loaders.ts';
import { booksByIds, countBooks } from './store/books.ts';
import type { ToyStores } from './store/open.ts';
import { shelvesByIds } from './store/shelves.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** One for each way in which a row is found by a key. */
export function createLoaders({ db, books }: ToyStores) {
  return {
    shelf: loadOne(
      (ids) => shelvesByIds(db, ids),
      ({ id }) => id,
    ),
    book: loadOne(
      (ids) => booksByIds(books, ids),
      ({ _id }) => _id,
    ),
    bookCount: loadOne(
      (shelfIds) => countBooks(books, shelfIds),
      ({ _id }) => _id,
    ),
  };
}
