/** `npm start`: the whole supergraph in one process. */
import { runProcess } from '@souk/kit/process';
import { rooms } from '../subgraphs/registry.ts';
import { holdsDemo, loadDemoInto } from './demo.ts';
import { startOneProcess } from './one-process.ts';
import { parseProcessSettings, SERVING_FLAGS, USAGE } from './settings.ts';
import { crashText, DEMO_REMAINS, readyText, startingText } from './words.ts';

const args = process.argv.slice(2);

async function start() {
  const settings = parseProcessSettings(rooms, { env: process.env, args, flags: SERVING_FLAGS });
  let hasSignIns = false;
  const running = await startOneProcess({
    rooms,
    settings,
    load: async (started) => {
      if (settings.seed === 'demo') hasSignIns = (await loadDemoInto(started, process.stdout)) !== 'kept';
      else if (await holdsDemo(started)) process.stderr.write(DEMO_REMAINS);
    },
    onEmbedding: (stores) => process.stdout.write(startingText(stores, settings.dataDir)),
    onCrash: (message) => {
      process.stderr.write(crashText(message));
      process.exit(1);
    },
  });
  process.stdout.write(readyText(running, hasSignIns));
  return running;
}

if (args.includes('--help') || args.includes('-h')) process.stdout.write(USAGE);
else await runProcess(process, 'Souk', start);
