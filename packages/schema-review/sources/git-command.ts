/** Runs git in a folder; what it says on failure becomes an answer, never a stack trace. */
import { spawn } from 'node:child_process';
import { InputError } from '../input-error.ts';

export interface GitAnswer {
  ok: boolean;
  output: Buffer;
  complaint: string;
}

/** More than any repository's list of files, and a bound all the same. */
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

export function git(folder: string, args: readonly string[], input = ''): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    // No locks, no prompts, and messages in the language that we look for.
    const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
    const child = spawn('git', args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const complaints: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) child.kill();
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    // It may end before it has read everything; the exit code tells why.
    child.stdin.on('error', () => {});
    child.on('error', (error: NodeJS.ErrnoException) => reject(cannotRun(folder, error)));
    child.on('close', (code) => {
      const complaint = Buffer.concat(complaints).toString().trim();
      resolve({ ok: code === 0, output: Buffer.concat(output), complaint });
    });
    child.stdin.end(input);
  });
}

/** The trimmed answer, or undefined if git said no. */
export async function askGit(folder: string, ...args: string[]): Promise<string | undefined> {
  const { ok, output } = await git(folder, args);
  return ok ? output.toString().trim() : undefined;
}

function cannotRun(folder: string, { code, message }: NodeJS.ErrnoException): Error {
  if (code !== 'ENOENT') return new InputError(`git cannot be run in ${folder}: ${message}`);
  return new InputError(
    `git cannot be run in ${folder}: install git, or name folders with --base and --head instead of refs.`,
  );
}
