/** Processes of the router, built from the sources as they are now, and of its subgraphs. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Program, startProgram } from '@souk/kit/tests/program';

export interface Running extends Omit<Program, 'says'> {
  /** Settles with the first line that holds the text. */
  says(text: string): Promise<string>;
}

function runNode(args: string[], env: Record<string, string>): Running {
  const program = startProgram(process.execPath, args, { env });
  const says = async (text: string) => (await program.says(lineWith(text)))[0];
  return { ...program, says };
}

function lineWith(text: string): RegExp {
  return new RegExp(`.*${text.replace(/[^\w ]/g, '\\$&')}.*(?=\n)`);
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let isBuilt = false;

/** Starts in half the time that it takes from sources, and is what users run. */
function builtRouter(): string {
  if (!isBuilt) execFileSync(process.execPath, [here('../../build.mjs'), '--quiet', '--only', 'router']);
  isBuilt = true;
  return here('../dist/main.js');
}

/** All of a test comes from one address, and more often than a guest may. */
const UNLIMITED = { ROUTER_RATE_ADDRESS: '0' };

export const runRouter = (args: string[], env?: Record<string, string>) =>
  runNode([builtRouter(), ...args], { ...UNLIMITED, ...env });

/** A subgraph that can be told to fail. */
export const runFaultyRatings = (port: number) =>
  runNode([here('./toy/faulty-ratings.mjs'), String(port)], {});
