/** Where files are read from: a folder, or a map of files that stands for a git ref. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { InputError } from './input-error.ts';

export interface Source {
  /** As people call it: a folder's path, or `main (3f2a1bc)`. */
  name: string;
  /** Undefined if there is no such file. Paths are relative to the source's root, with slashes. */
  read(path: string): Promise<string | undefined>;
  /** Every file below the folder, as `read` takes them, in order; none if there is no such folder. */
  list(folder: string): Promise<string[]>;
}

/** Beyond this it is not a schema that people wrote, and parsing it would take the machine down. */
const MAX_BYTES = 8 * 1024 * 1024;

export function folderSource(root: string, name = root): Source {
  return {
    name,
    read: async (path) => {
      const file = join(root, path);
      try {
        const { size } = await stat(file);
        refuseHuge(path, size, name);
        return await readFile(file, 'utf8');
      } catch (error) {
        // Not there is an answer; whatever else keeps a file from being read is the reader's to mend.
        if (isMissing(error)) return undefined;
        if (error instanceof InputError) throw error;
        throw new InputError(`${file} cannot be read: ${(error as Error).message}`);
      }
    },
    list: async (folder) => {
      try {
        const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
        return entries
          .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
          .map((entry) => relative(root, join(entry.parentPath, entry.name)))
          .map((path) => path.replaceAll('\\', '/'))
          .sort();
      } catch (error) {
        // As above.
        if (isMissing(error)) return [];
        throw new InputError(`${join(root, folder)} cannot be listed: ${(error as Error).message}`);
      }
    },
  };
}

export function mapSource(name: string, files: ReadonlyMap<string, string>): Source {
  return {
    name,
    read: async (path) => {
      const text = files.get(posix.normalize(path));
      if (text !== undefined) refuseHuge(path, text.length, name);
      return text;
    },
    list: async (folder) => {
      const below = `${posix.normalize(folder).replace(/\/$/, '')}/`;
      return [...files.keys()].filter((path) => below === './' || path.startsWith(below)).sort();
    },
  };
}

export function refuseHuge(path: string, bytes: number, name: string): void {
  if (bytes <= MAX_BYTES) return;
  const size = `${Math.ceil(bytes / 1024 / 1024)} MB`;
  throw new InputError(
    `${path} in ${name} has ${size}; at most ${MAX_BYTES / 1024 / 1024} MB are read. Split it, or name the right file.`,
  );
}

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
