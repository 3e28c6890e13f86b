/** Serves this room alone: `npm run subgraph -- catalog`. */
import { runProcess } from '@souk/kit/room/process';
import { serveRoom } from '@souk/kit/room/serve-room';
import { catalog } from './index.ts';

await runProcess(process, catalog.name, () =>
  serveRoom(catalog, { env: process.env, args: process.argv.slice(2) }),
);
