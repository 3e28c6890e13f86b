/** `npm run subgraph -- <name> --port N`: one room alone, by its own main.ts. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './root.ts';

const USAGE = 'npm run subgraph -- <name> [--port N] [--host HOST] [--metrics-port N]';

const programOf = (name: string) => join(ROOT, 'subgraphs', name, 'dist/main.js');

const [name = ''] = process.argv.splice(2, 1);
const names = readdirSync(join(ROOT, 'subgraphs')).filter((folder) => existsSync(programOf(folder)));
if (names.includes(name)) {
  // It reads the rest of the command line by itself.
  await import(pathToFileURL(programOf(name)).href);
} else {
  const said = name === '' ? 'Which subgraph?' : `There is no subgraph "${name}".`;
  process.stderr.write(`${said} There are ${names.join(', ')}.\n${USAGE}\n`);
  process.exitCode = 1;
}
