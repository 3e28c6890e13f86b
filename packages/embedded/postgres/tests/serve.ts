/** A process of its own for tests that kill it: serves the folder it is given and prints the URL. */
import { startPostgres } from '../server.ts';

const server = await startPostgres({
  dir: process.argv[2] as string,
  warn: (message) => console.error(message),
});
console.log(server.url);
