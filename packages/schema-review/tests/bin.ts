/** The built command as a process, as people run it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const BIN = join(__dirname, '../bin.mjs');

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function runBin(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd,
      // Its own cache, so that no test leans on another; nothing of the machine it runs on.
      env: { PATH: process.env.PATH, HOME: cwd, XDG_CACHE_HOME: join(cwd, '.cache'), ...env },
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
