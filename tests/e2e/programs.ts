/** The programs as an operator runs them: built, each a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../start/root.ts';

export interface Program {
  process: ChildProcess;
  /** Everything it has written so far. */
  output(): string;
  /** Settles with the first match; rejects when the program ends without one. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Settles with the exit code; null when it was killed. */
  ended: Promise<number | null>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** `start/dist/main.js` and the like. The environment is given whole, so that the machine's own does not leak in. */
export function run(file: string, args: readonly string[], env: Record<string, string> = {}): Program {
  return follow(process.execPath, [join(ROOT, file), ...args], env);
}

/** As npm does: in a shell, which gets the signals. `ended` waits for the program too, which holds the shell's output. */
export function runInShell(file: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const command = [process.execPath, join(ROOT, file), ...args].join(' ');
  // With a second command behind it, no shell puts the first one in its own place.
  return follow('/bin/sh', ['-c', `${command}; exit`], { ...env, npm_lifecycle_event: 'start' });
}

function follow(command: string, args: readonly string[], env: Record<string, string>): Program {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    written += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    process: child,
    output: () => written,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(written);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`it ended without saying ${pattern}:\n${written}`)));
      }),
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
