/** Work on the stores of all rooms that ends by itself. */

import { randomViewerKey } from '@souk/kit/auth/viewer';
import { runProcess } from '@souk/kit/room/process';
import { rooms } from '../subgraphs/registry.ts';
import { openHouse } from './house.ts';
import type { StartedRoom } from './rooms.ts';
import { JOB_FLAGS, parseProcessSettings } from './settings.ts';
import { crashText, startingText } from './words.ts';

/** Nothing is served, so nobody follows it; what is stored has no host in it. */
const NO_URL = 'http://127.0.0.1:4000';

export async function runJob(
  name: string,
  work: (started: readonly StartedRoom[]) => Promise<unknown>,
): Promise<void> {
  await runProcess(process, name, async () => {
    const settings = parseProcessSettings(rooms, {
      env: process.env,
      args: process.argv.slice(2),
      flags: JOB_FLAGS,
    });
    const house = await openHouse({
      rooms,
      settings,
      publicUrl: settings.publicUrl ?? NO_URL,
      viewerKey: randomViewerKey(),
      onEmbedding: (stores) => process.stdout.write(startingText(stores, settings.dataDir)),
      onCrash: (message) => {
        process.stderr.write(crashText(message));
        process.exit(1);
      },
    });
    await work(house.started).finally(house.close);
    return { stop: async () => {} };
  });
}
