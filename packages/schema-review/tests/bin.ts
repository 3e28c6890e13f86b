/** The command as people run it: the built one as a process, or the same in this process, which is far cheaper. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { run } from '../cli/run.ts';

export const BIN = join(__dirname, '../bin.mjs');

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Its own cache, so that no test leans on another; nothing of the machine it runs on. */
const envIn = (cwd: string) => ({ HOME: cwd, XDG_CACHE_HOME: join(cwd, '.cache') });

export function runBin(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd,
      env: { PATH: process.env.PATH, ...envIn(cwd), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Everything but main.ts and the threads, which `runBin` has. */
export async function runHere(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const [stdout, stderr] = [collecting(), collecting()];
  const code = await run(args, {
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { ...envIn(cwd), ...env },
    cwd,
    version: '0.0.0',
    progress: { show: () => {}, clear: () => {} },
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collecting() {
  let text = '';
  const write = (chunk: string) => {
    text += chunk;
    return true;
  };
  return { stream: { write } as NodeJS.WriteStream, text: () => text };
}
