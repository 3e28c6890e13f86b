/** Processes of the router and of its subgraphs, started from sources. */
import { fileURLToPath } from 'node:url';
import { type Program, startProgram } from '@souk/kit/tests/program';

const FROM_SOURCES = ['--conditions=souk-src', '--import', 'tsx'];

export interface Running extends Omit<Program, 'says'> {
  /** Settles with the first line that holds the text. */
  says(text: string): Promise<string>;
}

export function run(file: string, args: string[], env: Record<string, string> = {}): Running {
  return runNode([...FROM_SOURCES, file, ...args], env);
}

/** A file that needs no translation. */
export const runPlain = (file: string, args: string[]) => runNode([file, ...args], {});

function runNode(args: string[], env: Record<string, string>): Running {
  const program = startProgram(process.execPath, args, { env });
  const says = async (text: string) => (await program.says(lineWith(text)))[0];
  return { ...program, says };
}

function lineWith(text: string): RegExp {
  return new RegExp(`.*${text.replace(/[^\w ]/g, '\\$&')}.*(?=\n)`);
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** All of a test comes from one address, and more often than a guest may. */
const UNLIMITED = { ROUTER_RATE_ADDRESS: '0' };

export const runRouter = (args: string[], env?: Record<string, string>) =>
  run(here('../main.ts'), args, { ...UNLIMITED, ...env });

export const runSubgraph = (name: string, port: number) =>
  run(here('./toy/serve-subgraph.ts'), [name, String(port)]);
