/** How Postgres is started inside a thread, and what is asked of it before it takes jobs. */
import type { PGlite, PGliteOptions } from '@electric-sql/pglite';
import { DATABASE } from '../wire/login.ts';

/**
 * Small, because one session is all there ever is: 16 MB of buffers instead of 128. WAL is kept short so that a start
 * after kill -9 has little to replay. There is no server log: clients get their errors, the operator why Postgres died.
 */
const SETTINGS: Record<string, string> = {
  shared_buffers: '16MB',
  max_connections: '5',
  // The lock table is sized by connections; as many locks in all as the real server has, for big migrations.
  max_locks_per_transaction: '1024',
  max_wal_senders: '0',
  max_wal_size: '32MB',
  min_wal_size: '2MB',
  max_worker_processes: '0',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  io_method: 'sync',
  exit_on_error: 'false',
  log_checkpoints: 'false',
  log_line_prefix: '',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
};

/** No fsync (-F): the machine's file cache outlives kill -9, which is what is promised; a power cut may lose data. */
export const START_PARAMETERS = [
  '--single',
  '-F',
  '-j',
  ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];

/** For a data folder that is there already. */
export function bootOptions(dataDir: string, onLog: (line: string) => void): PGliteOptions {
  const onStderr = (line: string) => {
    onLog(line);
    return false;
  };
  return { dataDir, database: DATABASE, startParams: START_PARAMETERS, onStderr };
}

/** Object ids of functions in pg_catalog, each with its name: a name can have several, one for each kind of arguments. */
export async function functionIds(engine: PGlite, names: readonly string[]): Promise<Map<number, string>> {
  const found = await engine.query<{ oid: number; proname: string }>(
    "SELECT oid, proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY ($1)",
    [names],
  );
  return new Map(found.rows.map(({ oid, proname }) => [oid, proname]));
}

export async function installedExtensions(engine: PGlite): Promise<string[]> {
  const found = await engine.query<{ extname: string }>('SELECT extname FROM pg_extension');
  return found.rows.map(({ extname }) => extname);
}
