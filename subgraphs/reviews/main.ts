/** Serves this room alone: `npm run subgraph -- reviews`. */
import { runProcess } from '@souk/kit/room/process';
import { serveRoom } from '@souk/kit/room/serve-room';
import { reviews } from './index.ts';

await runProcess(process, reviews.name, () =>
  serveRoom(reviews, { env: process.env, args: process.argv.slice(2) }),
);
