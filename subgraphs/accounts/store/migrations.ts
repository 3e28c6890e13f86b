/** The SQL files of migrations/, in their order. */
import { folderOf } from '@souk/kit/package-folder';
import { type Migration, readMigrations } from '@souk/kit/postgres-migrations';

export function accountsMigrations(): Migration[] {
  return readMigrations(new URL('store/migrations/', folderOf('@souk/accounts')));
}
