/** Run by the build: makes the template for new data folders where it is missing, and says so in one line. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { START_PARAMETERS } from './engine/boot.ts';
import { moveInPlace, templatePath } from './template.ts';
import { DATABASE } from './wire/login.ts';

const INITDB = ['--username=souk', '--wal-segsize=1', '--no-sync', '--no-instructions'];

/**
 * One database is all that can be served; the two that CREATE DATABASE copies from would double the files. PGlite's
 * libraries for other encodings than UTF-8 lack functions that they call, which would end the engine: without an entry
 * in pg_conversion Postgres says itself that it cannot convert.
 */
async function initialise(dataDir: string): Promise<void> {
  // WAL files kept for later use would be copied for nothing.
  const options = { dataDir, startParams: [...START_PARAMETERS, '-c', 'wal_recycle=off'] };
  const first = await PGlite.create({ ...options, database: 'template1', initDbStartParams: INITDB });
  await first.exec(`
    ALTER DATABASE postgres RENAME TO ${DATABASE};
    COMMENT ON DATABASE ${DATABASE} IS NULL;
    ALTER DATABASE template0 IS_TEMPLATE false;
    ALTER DATABASE template1 IS_TEMPLATE false;
  `);
  await first.exec('DROP DATABASE template0');
  await first.close();
  const second = await PGlite.create({ ...options, database: DATABASE });
  await second.exec('DROP DATABASE template1');
  for (const step of ['DELETE FROM pg_conversion', 'VACUUM FULL', 'VACUUM (FREEZE, ANALYZE)', 'CHECKPOINT'])
    await second.exec(step);
  await second.close();
}

async function makeTemplate(path: string): Promise<string> {
  if (existsSync(path)) return `PostgreSQL template is there: ${path}`;
  const started = performance.now();
  const work = mkdtempSync(join(dirname(path), 'postgres-template-new-'));
  try {
    await initialise(work);
    moveInPlace(work, path);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return `PostgreSQL template made in ${((performance.now() - started) / 1000).toFixed(1)} s: ${path}`;
}

console.log(await makeTemplate(process.argv[2] ?? templatePath()));
