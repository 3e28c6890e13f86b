/** The folder of the whole repository, whether this runs from its sources or from a bundle in dist/. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const resolved = createRequire(import.meta.url).resolve('@souk/kit/package.json');

export const ROOT: string = resolve(resolved, '../../..');
