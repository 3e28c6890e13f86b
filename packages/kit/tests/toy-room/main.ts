/** Serves the room alone. The only file here that touches the process. */
import { runProcess } from '../../room/process.ts';
import { serveRoom } from '../../room/serve-room.ts';
import { toy } from './index.ts';

runProcess(process, toy.name, () => serveRoom(toy, { env: process.env, args: process.argv.slice(2) }));
