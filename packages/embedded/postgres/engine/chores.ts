/**
 * What Postgres' background processes would do; in single-user mode there are none. When the engine has been idle for a
 * moment, tables that have changed much are vacuumed and analysed, and a checkpoint keeps the next start short.
 */
import { firstColumn } from '../wire/messages.ts';

export interface Chores {
  /** A job has run. */
  worked(): void;
  /** Milliseconds of idleness after which something is to be done. */
  dueAfter(): number;
  /** To be called after that, between transactions. Does one thing. */
  next(): void;
}

/** Milliseconds. The real server looks as often. */
const EVERY = 60_000;
const IDLE_FOR = 1_000;

/** The thresholds are autovacuum's own defaults. */
const WORST_TABLE = `
  SELECT format('%I.%I', schemaname, stat.relname)
  FROM pg_stat_user_tables stat JOIN pg_class class ON class.oid = stat.relid,
    greatest(class.reltuples, 0) AS size
  WHERE n_dead_tup > 50 + 0.2 * size OR n_mod_since_analyze > 50 + 0.1 * size OR n_ins_since_vacuum > 1000 + 0.2 * size
  ORDER BY n_dead_tup + n_mod_since_analyze DESC
  LIMIT 1`;

export function createChores(run: (sql: string) => Buffer, now: () => number = Date.now): Chores {
  let hasWorked = false;
  let looked = now();
  /** A table that cannot be vacuumed stays the worst one: it is tried once a round. */
  let vacuumed = new Set<string>();

  return {
    worked() {
      hasWorked = true;
    },
    dueAfter: () => (hasWorked ? Math.max(IDLE_FOR, looked + EVERY - now()) : Number.POSITIVE_INFINITY),
    next() {
      // Changes are counted by then, not some time later.
      run('SELECT pg_stat_force_next_flush()');
      const [table] = firstColumn(run(WORST_TABLE));
      if (table && !vacuumed.has(table)) {
        vacuumed.add(table);
        run(`VACUUM (ANALYZE) ${table}`);
        return;
      }
      run('CHECKPOINT');
      vacuumed = new Set();
      hasWorked = false;
      looked = now();
    },
  };
}
