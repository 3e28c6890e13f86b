/** Makes a server's data folder from the template, whole or not at all, and says in words why one cannot be used. */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../files/errors.ts';
import { ensureTemplate } from './template.ts';

/**
 * Postgres' own lock, left behind by kill -9 or a crash, would keep it out: all of its processes have the same made-up
 * id. Two processes are kept apart by the lock on the whole data folder.
 */
export const removeLeftLock = (data: string) => rmSync(join(data, 'postmaster.pid'), { force: true });

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
  if (existsSync(data)) return data;
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
