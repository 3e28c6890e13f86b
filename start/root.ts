/** The folder of the whole repository, whether this runs from its sources or from a bundle in dist/. */
import { fileURLToPath } from 'node:url';
import { folderOf } from '@souk/kit/room/package-folder';

export const ROOT: string = fileURLToPath(new URL('../..', folderOf('@souk/kit')));
