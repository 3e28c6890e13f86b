/**
 * A data folder as initdb leaves it, made once a PGlite version and copied for each new server: initdb takes seconds
 * and 800 MB, a copy 50 ms. It is a folder in dist/, not an archive: copying files is faster than unpacking them.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** To be raised when make-template.ts makes another content. */
const REVISION = 2;

const resolve = (name: string) => createRequire(import.meta.url).resolve(name);

/** The built package's folder, also for sources run by tests. */
const distFolder = () => dirname(resolve('@souk/embedded/postgres-engine'));

export function templatePath(): string {
  return join(distFolder(), `postgres-template-${pgliteVersion()}-${REVISION}`);
}

function pgliteVersion(): string {
  // PGlite does not export its package.json; its entry lies in dist/ beside it.
  const file = join(dirname(resolve('@electric-sql/pglite')), '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** The template's folder. Where the build has not made it, that takes some seconds, in a process of its own. */
export async function ensureTemplate(
  warn: (message: string) => void,
  path = templatePath(),
): Promise<string> {
  if (existsSync(path)) return path;
  warn('PostgreSQL: preparing the template for new data folders; this takes a few seconds, once');
  await promisify(execFile)(process.execPath, [join(distFolder(), 'postgres-template.js'), path]);
  return path;
}

/** Another process may have been faster: its template is as good. */
export function moveInPlace(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
