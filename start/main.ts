/** `npm start`: the whole supergraph in one process. */

import { randomViewerKey } from '@souk/kit/auth/viewer';
import { runProcess } from '@souk/kit/room/process';
import type { Lively } from '../demo/lively/lively.ts';
import { rooms } from '../subgraphs/registry.ts';
import { holdsDemo, loadDemoInto } from './demo.ts';
import { logsOf } from './house.ts';
import { makeLively } from './lively.ts';
import { startOneProcess } from './one-process.ts';
import { parseProcessSettings, SERVING_FLAGS, USAGE } from './settings.ts';
import { crashText, DEMO_REMAINS, readyText, startingText } from './words.ts';

const args = process.argv.slice(2);

async function start() {
  const settings = parseProcessSettings(rooms, { env: process.env, args, flags: SERVING_FLAGS });
  const viewerKey = randomViewerKey();
  let hasSignIns = false;
  let lively: Lively | undefined;
  const running = await startOneProcess({
    rooms,
    settings,
    viewerKey,
    load: async (started) => {
      if (settings.seed === 'demo') hasSignIns = (await loadDemoInto(started, process.stdout)) !== 'kept';
      else if (await holdsDemo(started)) process.stderr.write(DEMO_REMAINS);
      if (settings.lively) lively = await makeLively(started, viewerKey, { log: logsOf(settings)('lively') });
    },
    onEmbedding: (stores) => process.stdout.write(startingText(stores, settings.dataDir)),
    onCrash: (message) => {
      process.stderr.write(crashText(message));
      process.exit(1);
    },
  });
  process.stdout.write(readyText(running, hasSignIns, lively?.busiest));
  const stop = async () => {
    await lively?.stop();
    await running.stop();
  };
  return { stop };
}

if (args.includes('--help') || args.includes('-h')) process.stdout.write(USAGE);
else await runProcess(process, 'Souk', start);
