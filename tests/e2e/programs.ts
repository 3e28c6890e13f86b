/** The programs as an operator runs them: built, each a process of its own. */
import { join } from 'node:path';
import { type Program, startProgram } from '@souk/kit/tests/program';
import { ROOT } from '../../start/root.ts';

export type { Program };

/** `start/dist/main.js` and the like. */
export function run(file: string, args: readonly string[], env: Record<string, string> = {}): Program {
  return startProgram(process.execPath, [join(ROOT, file), ...args], { cwd: ROOT, env });
}

/** As npm does: in a shell, which gets the signals. `ended` waits for the program too, which holds the shell's output. */
export function runInShell(file: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const command = [process.execPath, join(ROOT, file), ...args].join(' ');
  // With a second command behind it, no shell puts the first one in its own place.
  const options = { cwd: ROOT, env: { ...env, npm_lifecycle_event: 'start' } };
  return startProgram('/bin/sh', ['-c', `${command}; exit`], options);
}
