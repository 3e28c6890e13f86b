/** The SQL files of migrations/, in their order. */

import { type Migration, readMigrations } from '@souk/kit/postgres/migrations';
import { folderOf } from '@souk/kit/room/package-folder';

export function accountsMigrations(): Migration[] {
  return readMigrations(new URL('store/migrations/', folderOf('@souk/accounts')));
}
