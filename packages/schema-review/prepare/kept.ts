/** Results kept in a folder by the hash of what they were made of. Losing them costs time, never truth. */
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Kept {
  read<T>(name: string): Promise<T | undefined>;
  write(name: string, value: unknown): Promise<void>;
}

const MAX_FILES = 64;
const MAX_BYTES = 256 * 1024 * 1024;

export const keepNothing: Kept = { read: async () => undefined, write: async () => {} };

export function keptIn(folder: string): Kept {
  return {
    read: async <T>(name: string) => {
      const file = join(folder, name);
      try {
        const value = JSON.parse(await readFile(file, 'utf8')) as T;
        const now = new Date();
        await utimes(file, now, now);
        return value;
      } catch {
        // Not there, taken away meanwhile, or spoilt: it is made anew.
        return undefined;
      }
    },
    write: async (name, value) => {
      const unfinished = join(folder, `${name}.${process.pid}.${Math.random().toString(36).slice(2)}`);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(unfinished, JSON.stringify(value));
        // At once, so that others that run now see all of it or nothing.
        await rename(unfinished, join(folder, name));
        await forgetOldest(folder);
      } catch {
        // A folder that cannot be written to makes the next review slower, and this one none the worse.
        await rm(unfinished, { force: true }).catch(() => {});
      }
    },
  };
}

async function forgetOldest(folder: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = join(folder, name);
      // Another that runs now may have forgotten it.
      const found = await stat(file).catch(() => undefined);
      return found ? [{ file, bytes: found.size, used: found.mtimeMs }] : [];
    }),
  );
  let [count, bytes] = [0, 0];
  for (const one of files.flat().sort((a, b) => b.used - a.used)) {
    count += 1;
    bytes += one.bytes;
    if (count > MAX_FILES || bytes > MAX_BYTES) await rm(one.file, { force: true });
  }
}
