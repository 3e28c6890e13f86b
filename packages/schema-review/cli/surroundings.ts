/** What the command has around it; main.ts alone takes it from the process. */
import { mkdir, writeFile as writeTo } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Place } from '../finding.ts';
import { InputError } from '../input-error.ts';
import type { ProgressLine } from './progress.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Surroundings {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: Env;
  cwd: string;
  /** The built thread that composes; without it this one does. */
  worker?: URL;
  version: string;
  progress: ProgressLine;
}

/** https://no-color.org: any value that is not empty. */
export const isColoured = (stream: NodeJS.WriteStream, env: Env): boolean =>
  Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';

export const cacheIn = (env: Env): string =>
  join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'schema-review');

/** In a GitHub workflow, places are links. */
export function linkTo(env: Env, prefix: string): ((place: Place) => string) | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = env;
  if (!server || !repository || !commit) return undefined;
  return ({ file, line }) => `${server}/${repository}/blob/${commit}/${encodeURI(prefix + file)}#L${line}`;
}

export async function writeFile(cwd: string, file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(cwd, file)), { recursive: true });
    await writeTo(resolve(cwd, file), text);
  } catch (error) {
    // A folder of that name, or no right to write: the message says which.
    throw new InputError(`${file} cannot be written: ${(error as Error).message}. Name another file.`);
  }
}
