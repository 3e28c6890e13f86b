/** One subgraph of the library as a process of its own: `serve-subgraph.ts people 0` prints its URL. */
import { silentLog } from '@souk/kit/log';
import { serve } from '@souk/kit/serve';
import { createLibrary, type SubgraphName } from './library.ts';

const [name, port] = process.argv.slice(2);
const { handler } = createLibrary()[name as SubgraphName];
const served = await serve({ handler, log: silentLog, port: Number(port) });
process.stdout.write(`${served.url}/graphql\n`);
