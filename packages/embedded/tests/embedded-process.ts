/** `npm run embedded` as its user runs it: a process of its own, built, that tests may kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface EmbeddedProcess {
  postgres: string;
  mongodb: string;
  redis: string;
  pid: number;
  /** Everything it said for people so far. */
  words(): string;
  kill(): Promise<void>;
  /** SIGTERM; gives back the exit code. */
  stop(): Promise<number | null>;
}

export interface Ending {
  code: number | null;
  words: string;
}

export async function startProcess(dataDir: string, ...flags: string[]): Promise<EmbeddedProcess> {
  const { child, words } = spawnMain(dataDir, flags);
  const line = await exportLine(child);
  if (!line) throw new Error(`npm run embedded did not start: ${words()}`);
  const url = (name: string) => new RegExp(`${name}=(\\S+)`).exec(line)?.[1] ?? '';
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return {
    postgres: url('POSTGRES_URL'),
    mongodb: url('MONGODB_URL'),
    redis: url('REDIS_URL'),
    pid: child.pid!,
    words,
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}

const running = new Set<ChildProcess>();

/** To be called after each test: one that failed must not leave its servers behind. */
export async function killAll(): Promise<void> {
  for (const child of running) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** For starts that are expected to fail. */
export async function runToEnd(dataDir: string, ...flags: string[]): Promise<Ending> {
  const { child, words } = spawnMain(dataDir, flags);
  await once(child, 'close');
  return { code: child.exitCode, words: words() };
}

function spawnMain(dataDir: string, flags: string[]) {
  const env = { ...process.env, SOUK_DATA_DIR: dataDir };
  const child = spawn(process.execPath, [MAIN, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  return { child, words: () => said.join('') };
}

async function exportLine(child: ChildProcess): Promise<string | undefined> {
  let output = '';
  for await (const chunk of child.stdout!) {
    output += chunk;
    if (output.includes('\n')) return output;
  }
  return undefined;
}
