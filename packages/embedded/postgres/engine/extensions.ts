/**
 * Brings in an extension when it is first wanted: PGlite carries each as a small archive of its files. Most databases
 * use none or few, and what is not brought in costs neither time nor memory.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What we use of the file system inside Postgres' module. */
export interface ModuleFiles {
  mkdirTree(path: string): void;
  writeFile(path: string, data: Uint8Array): void;
}

/** Where Postgres is installed in there. */
const ROOT = '/pglite';

const archives = () => dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));

/** Makes an extension's files appear, and those of the ones it requires. An unknown name is left to Postgres to refuse. */
export function extensionLoader(files: ModuleFiles, folder = archives()): (name: string) => void {
  const loaded = new Set<string>();
  const load = (name: string): void => {
    const archive = join(folder, `${name}.tar.gz`);
    if (loaded.has(name) || !/^[\w-]+$/.test(name) || !existsSync(archive)) return;
    loaded.add(name);
    for (const { path, data } of filesInTar(gunzipSync(readFileSync(archive)))) {
      files.mkdirTree(dirname(join(ROOT, path)));
      files.writeFile(join(ROOT, path), data);
      if (path.endsWith('.control')) for (const other of requiredBy(data.toString())) load(other);
    }
  };
  return load;
}

const requiredBy = (control: string): string[] =>
  /^requires\s*=\s*'([^']*)'/m
    .exec(control)?.[1]
    ?.split(',')
    .map((name) => name.trim()) ?? [];

/** A tar file is a row of blocks of 512 bytes: a head for each file, then its content. */
const BLOCK = 512;
const SIZE_FIELD = [124, 136] as const;
const TYPE_FIELD = 156;
const REGULAR = '0'.charCodeAt(0);

export function* filesInTar(tar: Buffer): Generator<{ path: string; data: Buffer }> {
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const path = tar.toString('utf8', at, tar.indexOf(0, at));
    const size = Number.parseInt(tar.toString('latin1', at + SIZE_FIELD[0], at + SIZE_FIELD[1]), 8);
    const start = at + BLOCK;
    if (tar[at + TYPE_FIELD] === REGULAR) yield { path, data: tar.subarray(start, start + size) };
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}
