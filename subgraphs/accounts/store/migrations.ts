/** The SQL files of migrations/, in their order. */
import { type Migration, readMigrations } from '@souk/kit/postgres-migrations';
import { FOLDER } from '../folder.ts';

export function accountsMigrations(): Migration[] {
  return readMigrations(new URL('store/migrations/', FOLDER));
}
