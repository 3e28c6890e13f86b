/** Makes a server's data folder from the template, whole or not at all, and says in words why one cannot be used. */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../files/errors.ts';
import { ensureTemplate } from './template.ts';

/** What Postgres writes while it runs; after kill -9 it would take the dead process for a living one. */
const LEFT_BEHIND = 'postmaster.pid';

/** Returns Postgres' data folder inside the server's own. */
export async function prepareDataFolder(dir: string, warn: (message: string) => void): Promise<string> {
  const data = join(dir, 'data');
  guard(dir, 'cannot be made as the PostgreSQL data folder', () => mkdirSync(dir, { recursive: true }));
  guard(dir, 'cannot be written as the PostgreSQL data folder', () => {
    const probe = join(dir, 'write-probe');
    writeFileSync(probe, 'souk');
    rmSync(probe);
  });
  removeHalfCopies(dir);
  if (existsSync(data)) {
    rmSync(join(data, LEFT_BEHIND), { force: true });
    return data;
  }
  const template = await ensureTemplate(warn);
  const copy = join(dir, `${HALF_COPY}${process.pid}`);
  guard(copy, 'cannot be written as the PostgreSQL data folder', () => {
    cpSync(template, copy, { recursive: true });
    // From here on the folder is there as a whole: kill -9 before leaves a copy that the next start removes.
    renameSync(copy, data);
  });
  return data;
}

const HALF_COPY = 'data-new-';

function removeHalfCopies(dir: string): void {
  for (const name of readdirSync(dir)) {
    if (name.startsWith(HALF_COPY)) rmSync(join(dir, name), { recursive: true, force: true });
  }
}

function guard(path: string, what: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    throw fileError(path, error, what);
  }
}
