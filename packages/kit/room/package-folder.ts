/** Where a package of this repository has its own files, whether it runs from its sources or from a bundle. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** `new URL('store/migrations/', folderOf('@souk/accounts'))` */
export function folderOf(packageName: string): URL {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return new URL('.', pathToFileURL(manifest));
}
