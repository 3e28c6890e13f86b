/** Serves this room alone: `npm run subgraph -- accounts`. */
import { runProcess } from '@souk/kit/room/process';
import { serveRoom } from '@souk/kit/room/serve-room';
import { accounts } from './index.ts';

await runProcess(process, accounts.name, () =>
  serveRoom(accounts, { env: process.env, args: process.argv.slice(2) }),
);
