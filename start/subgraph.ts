/** `npm run subgraph -- <name> --port N`: one room alone, as its own main.ts does, in an environment shared by all. */
import { runProcess } from '@souk/kit/room/process';
import { serveRoom } from '@souk/kit/room/serve-room';
import { rooms } from '../subgraphs/registry.ts';

const USAGE = 'npm run subgraph -- <name> [--port N] [--host HOST] [--metrics-port N]';

const [name = '', ...args] = process.argv.slice(2);
const room = rooms.find((candidate) => candidate.name === name);
if (room) {
  await runProcess(process, name, () => serveRoom(room, { env: process.env, args }));
} else {
  const said = name === '' ? 'Which subgraph?' : `There is no subgraph "${name}".`;
  process.stderr.write(`${said} There are ${rooms.map((one) => one.name).join(', ')}.\n${USAGE}\n`);
  process.exitCode = 1;
}
