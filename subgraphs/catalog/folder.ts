/** Where this room's own files are, whether it runs from its sources or from a bundle in dist/. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export const FOLDER: URL = new URL(
  '.',
  pathToFileURL(createRequire(import.meta.url).resolve('@souk/catalog/package.json')),
);
