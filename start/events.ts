/** `npm run events -- list|show|replay|discard|lag`: looks after the events between subgraphs. */

import { openRedis } from '@souk/kit/redis/redis';
import { knownSettings } from '@souk/kit/room/known-settings';
import { redisUrl } from '@souk/kit/settings/kinds';
import { parseSettings, SettingsError } from '@souk/kit/settings/settings';
import { rooms } from '../subgraphs/registry.ts';
import { runEventCommand, USAGE } from './event-commands.ts';

/** Whoever pipes it somewhere has no terminal whose edge could be met. */
const WIDTH_OF_A_PIPE = 10_000;

const args = process.argv.slice(2);

async function run() {
  const { REDIS_URL: url } = parseSettings({
    shape: { REDIS_URL: redisUrl },
    env: process.env,
    alsoKnown: knownSettings(),
  });
  const { redis, close } = await openRedis({ url, service: 'events-command' });
  try {
    const subgraphs = rooms.map(({ name }) => name);
    return await runEventCommand(args, {
      redis,
      subgraphs,
      width: process.stdout.columns ?? WIDTH_OF_A_PIPE,
    });
  } finally {
    await close();
  }
}

if (args.length === 0 || args.includes('--help') || args.includes('-h')) process.stdout.write(USAGE);
else {
  try {
    const { status, text } = await run();
    (status === 2 ? process.stderr : process.stdout).write(text);
    process.exitCode = status;
  } catch (error) {
    // Settings that are wrong, or a Redis that is away: the message says which.
    const hint =
      error instanceof SettingsError
        ? '. It is the one that the rooms use; for a shop on embedded servers start those with npm run embedded, which prints it'
        : '';
    process.stderr.write(`The command could not run: ${(error as Error).message}${hint}\n`);
    process.exitCode = 2;
  }
}
