/** Toy owns shelves (PostgreSQL) and the books on them (MongoDB). It is the example of README.md, run by room.test.ts. */
import { readFileSync } from 'node:fs';
import { folderOf } from '../../room/package-folder.ts';
import { defineRoom } from '../../room/room.ts';
import { integer } from '../../settings/kinds.ts';
import { createContext } from './context.ts';
import { resolvers } from './resolvers/resolvers.ts';
import { openStores } from './store/open.ts';

export const toy = defineRoom({
  name: 'toy',
  sdl: readFileSync(new URL('tests/toy-room/schema.graphql', folderOf('@souk/kit')), 'utf8'),
  resolvers,
  stores: ['postgres', 'mongodb'],
  settings: { TOY_MAX_TITLE: integer(1, 500).default(80) },
  open: openStores,
  context: createContext,
  routes: () => [
    {
      method: 'GET',
      path: /\/labels\/[a-z]+\.txt/,
      handle: async ({ path }) => ({ status: 200, headers: {}, body: path.slice('/labels/'.length, -4) }),
    },
  ],
});
