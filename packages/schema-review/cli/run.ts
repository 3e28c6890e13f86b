/** One run of the command: from arguments to an exit code. */
import { InputError } from '../input-error.ts';
import { parseArguments, USAGE } from './arguments.ts';
import type { Surroundings } from './surroundings.ts';

/** Each command is loaded when it is wanted: whoever mistypes a flag need not wait for a parser of schemas. */
export async function run(argv: readonly string[], around: Surroundings): Promise<0 | 1 | 2 | 3> {
  const { stdout, stderr, progress } = around;
  try {
    const args = parseArguments(argv);
    switch (args.command) {
      case 'check':
        return await (await import('./check.ts')).check(args, around);
      case 'doc':
        return await (await import('./doc.ts')).doc(args, around);
      case 'explain':
        stdout.write((await import('./explain.ts')).explain(args.code));
        return 0;
      case 'version':
        stdout.write(`${around.version}\n`);
        return 0;
      case 'help':
        stdout.write(USAGE);
        return 0;
    }
  } catch (error) {
    progress.clear();
    if (error instanceof InputError) {
      stderr.write(`schema-review: ${error.message}\n`);
      return 2;
    }
    // Nothing that people gave can lead here: whoever mends it needs the stack.
    const { stack, message } = error as Error;
    stderr.write(`schema-review has a fault of its own, please report it: ${message}\n${stack}\n`);
    return 3;
  }
}
