/** The SQL files beside this one, in their order. */
import { type Migration, readMigrations } from '@souk/kit/postgres-migrations';

export function accountsMigrations(): Migration[] {
  return readMigrations(new URL('./migrations/', import.meta.url));
}
