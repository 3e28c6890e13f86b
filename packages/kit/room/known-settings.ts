/**
 * All processes of the product may share one environment, so each bears the settings of the others; what none of them
 * knows is a typing error. `settings.json` at the root lists them all, and a test holds it to what the processes read.
 */
import { readFileSync } from 'node:fs';
import { folderOf } from './package-folder.ts';

const FILE = new URL('../../settings.json', folderOf('@souk/kit'));

export function knownSettings(): string[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as string[];
}
