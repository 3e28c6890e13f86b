/** The programs as an operator runs them: built, each a process of its own. */
import { join } from 'node:path';
import { type Program, startProgram } from '@souk/kit/tests/program';
import { until } from '@souk/kit/tests/until';
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

/**
 * Starts a program where it was before it was killed. Somebody may have been given its port meanwhile, such as a
 * connection that goes out: then it is asked for until it is free again.
 */
export async function runAtPortsOfOld(start: () => Program, ready: RegExp): Promise<Program> {
  return until(async () => {
    const program = start();
    const isReady = await program.says(ready).then(
      () => true,
      () => false,
    );
    if (isReady) return program;
    if (!TAKEN.test(program.output())) throw new Error(`it did not start again:\n${program.output()}`);
    return undefined;
  });
}

const TAKEN = /EADDRINUSE|is taken by another process/;
