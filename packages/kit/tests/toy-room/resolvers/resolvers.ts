/** Reads like the SDL. In a real room codegen types it (`Resolvers`), and each mutation is a file of its own. */

import { hasScope } from '../../../auth/viewer.ts';
import { soukError } from '../../../errors/errors.ts';
import { type PageArguments, parsePage } from '../../../lists/connections.ts';
import type { ToyContext } from '../context.ts';
import { addBook, type NewBook } from '../domain/add-book.ts';
import { type Book, listBooks } from '../store/books.ts';
import { listShelves, type Shelf } from '../store/shelves.ts';

export const resolvers = {
  Query: {
    shelf: (_: unknown, { id }: { id: string }, { loaders }: ToyContext) => loaders.shelf.load(id),
    shelves: (_: unknown, args: PageArguments, { stores }: ToyContext) =>
      listShelves(stores.db, parsePage(args)),
  },

  Mutation: {
    bookAdd: async (_: unknown, { input }: { input: NewBook }, { viewer, stores }: ToyContext) => {
      if (!hasScope(viewer, 'books:write'))
        throw soukError('FORBIDDEN', 'bookAdd needs the scope books:write');
      const result = await addBook(stores, input);
      return result.ok ? { book: result.value, userErrors: [] } : { book: null, userErrors: result.errors };
    },
  },

  Shelf: {
    __resolveReference: ({ id }: { id: string }, { loaders }: ToyContext) => loaders.shelf.load(id),
    books: (shelf: Shelf, args: PageArguments, { stores }: ToyContext) =>
      listBooks(stores.books, shelf.id, parsePage(args)),
    bookCount: async (shelf: Shelf, _: unknown, { loaders }: ToyContext) =>
      (await loaders.bookCount.load(shelf.id))?.count ?? 0,
  },

  Book: {
    __resolveReference: ({ id }: { id: string }, { loaders }: ToyContext) => loaders.book.load(id),
    id: (book: Book) => book._id,
    shelf: (book: Book, _: unknown, { loaders }: ToyContext) => loaders.shelf.load(book.shelfId),
  },
};
