/** Processes of the router and of its subgraphs, started from sources. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const FROM_SOURCES = ['--conditions=souk-src', '--import', 'tsx'];

export interface Running {
  process: ChildProcess;
  /** Everything it has written so far. */
  output(): string;
  /** Settles with the first line that holds the text. */
  says(text: string): Promise<string>;
  /** Settles with the exit code. */
  ended: Promise<number | null>;
}

export function run(file: string, args: string[], env: Record<string, string> = {}): Running {
  return runNode([...FROM_SOURCES, file, ...args], env);
}

/** A file that needs no translation. */
export const runPlain = (file: string, args: string[]) => runNode([file, ...args], {});

function runNode(args: string[], env: Record<string, string>): Running {
  const child = spawn(process.execPath, args, {
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
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = written.split('\n').find((candidate) => candidate.includes(text));
          if (line === undefined) return;
          listeners.delete(look);
          resolve(line);
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`It ended without saying "${text}":\n${written}`)));
      }),
  };
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** All of a test comes from one address, and more often than a guest may. */
const UNLIMITED = { ROUTER_RATE_ADDRESS: '0' };

export const runRouter = (args: string[], env?: Record<string, string>) =>
  run(here('../main.ts'), args, { ...UNLIMITED, ...env });

export const runSubgraph = (name: string, port: number) =>
  run(here('./toy/serve-subgraph.ts'), [name, String(port)]);
