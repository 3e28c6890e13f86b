/** A Node process that is measured: started, heard, weighed, ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

export interface Process {
  /** What it said when it was ready. */
  said: string;
  output(): string;
  /** CPU of all its threads so far; nothing where there is no /proc. */
  cpuMs(): Promise<number | undefined>;
  memoryMb(): Promise<number | undefined>;
  stop(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
}

interface Where {
  cwd: string;
  env: Record<string, string>;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 5_000;
/** Linux counts CPU in these, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

export async function start(args: readonly string[], where: Where, ready: RegExp): Promise<Process> {
  const child = spawn(process.execPath, args, { ...where, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  // Whoever measures may be ended in the middle of it.
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.on('close', () => process.off('exit', killWithUs));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const said = await new Promise<string>((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`${args.join(' ')} ${what}:\n${written.slice(-4_000)}`));
    const timer = setTimeout(() => fail('is not ready'), READY_WITHIN_MS);
    const hear = (chunk: Buffer) => {
      // The rest is kept for error messages alone.
      written = `${written}${chunk}`.slice(-100_000);
      const found = ready.exec(written);
      if (found) resolve(found[1]!);
      if (found) clearTimeout(timer);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => fail('ended'));
  }).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    said,
    output: () => written,
    cpuMs: () => cpuMs(child),
    memoryMb: () => memoryMb(child),
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(timer);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function cpuMs({ pid }: ChildProcess): Promise<number | undefined> {
  const text = await readProc(`/proc/${pid}/stat`);
  // Behind the name, which is in brackets and may hold blanks.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields && ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

async function memoryMb({ pid }: ChildProcess): Promise<number | undefined> {
  const found = /VmRSS:\s+(\d+)/.exec((await readProc(`/proc/${pid}/status`)) ?? '');
  return found ? Number(found[1]) / 1_024 : undefined;
}

async function readProc(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Not Linux, or the process has ended: there is no figure then.
    return undefined;
  }
}
