/** One process at a time may work in a data folder: the holder's name stands in `souk.lock`. */
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DataFileError, fileError } from './errors.ts';

interface Holder {
  pid: number;
  /** When the kernel started that process, where it tells: a later process may get the same pid. */
  started: string | undefined;
}

/** A take-over takes microseconds; a file this old was left by a process killed in the middle of one. */
const STALE_TAKEOVER_MS = 10_000;

/** Makes the folder if need be and holds it until the returned function is called, or the process is gone. */
export function lockFolder(folder: string): () => void {
  const dir = resolve(folder);
  const path = join(dir, 'souk.lock');
  makeFolder(dir);
  if (!create(path)) takeOver(path, dir);
  return () => rmSync(path, { force: true });
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw fileError(dir, plainReason(dir, error), 'cannot be made as the data folder');
  }
}

/** Node's recursive mkdir reports ENOENT on a read-only file system; the plain one tells what is wrong. */
function plainReason(dir: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  try {
    mkdirSync(dir);
    return error;
  } catch (plain) {
    return plain;
  }
}

/** False when the file is there already. A link makes it appear with its content, never half-written. */
function create(path: string): boolean {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(
      draft,
      JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder),
    );
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError(path, error, 'cannot be written');
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Replaces the lock of a process that is gone. A second file keeps two newcomers from doing so at once. */
function takeOver(path: string, dir: string): void {
  const guard = `${path}.takeover`;
  const inUse = (by: string) =>
    new DataFileError(`${dir} is in use by ${by}. Stop it first, or set SOUK_DATA_DIR to another folder.`);
  if (!create(guard)) {
    if (ageMs(guard) < STALE_TAKEOVER_MS) throw inUse('another process that is just starting');
    rmSync(guard, { force: true });
    if (!create(guard)) throw inUse('another process that is just starting');
  }
  try {
    const holder = readHolder(path);
    if (holder && isAlive(holder)) throw inUse(`process ${holder.pid}`);
    rmSync(path, { force: true });
    if (!create(path)) throw inUse('another process that is just starting');
  } finally {
    rmSync(guard, { force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    // Gone meanwhile: nobody holds it.
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  if (pid === process.pid) return started === startOf(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, as another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return started === undefined || started === startOf(pid);
}

/** Field 22 of /proc/<pid>/stat, behind the name, which may itself hold blanks; undefined outside Linux. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    // No /proc here, or no such process: the pid alone has to do.
    return undefined;
  }
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    // Its owner has just removed it.
    return 0;
  }
}
