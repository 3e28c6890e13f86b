/** `npm run embedded`: the three servers alone. Standard output carries the export line; words for people go beside it. */
import { styleText } from 'node:util';
import { parseSettings, USAGE } from './settings.ts';
import { type Embedded, startEmbedded } from './start.ts';

/** Running statements are given this long to end before the process does. */
const STOP_WITHIN_MS = 10_000;

const say = (message: string) => process.stderr.write(`${message}\n`);
const colour = (style: 'red' | 'yellow' | 'green', text: string) =>
  process.stderr.isTTY ? styleText(style, text) : text;

function fail(message: string): never {
  say(`${colour('red', 'Souk could not start its embedded servers:')} ${message}`);
  process.exit(1);
}

async function main(): Promise<void> {
  const settings = parseSettings(process.argv.slice(2), process.env);
  if (settings.help) {
    process.stdout.write(USAGE);
    return;
  }
  const started = performance.now();
  const embedded = await startEmbedded({
    dataDir: settings.dataDir,
    ports: settings.ports,
    warn: (message) => say(`${colour('yellow', 'warning:')} ${message}`),
    onCrash: (message) => {
      say(
        `${colour('red', 'A server died:')} ${message}\nWhat it acknowledged is on disk; start again to go on.`,
      );
      process.exit(1);
    },
  });
  stopOnSignals(embedded);
  const { postgres, mongodb, redis } = embedded.urls;
  process.stdout.write(`export POSTGRES_URL=${postgres} MONGODB_URL=${mongodb} REDIS_URL=${redis}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${colour('green', 'Ready')} after ${seconds} s; data in ${settings.dataDir}; Ctrl-C stops`);
}

function stopOnSignals(embedded: Embedded): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    say(`${signal}: stopping`);
    setTimeout(() => {
      say(`Gave up waiting after ${STOP_WITHIN_MS / 1000} s; what was acknowledged is on disk`);
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    try {
      await embedded.stop();
      process.exit(0);
    } catch (error) {
      // A full disk, for one: the operator must hear of it even on the way out.
      say(`Stopped, but: ${(error as Error).message}`);
      process.exit(1);
    }
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: Error) => {
  fail(error.message);
});
