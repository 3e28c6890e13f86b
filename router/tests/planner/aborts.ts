/** Which operations take down a process that has the native planner plan them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Job {
  sdl: string;
  operations: readonly string[];
  from: number;
  /** Without what keeps the planner alive. */
  asTheyAre: boolean;
}

const PLAN_ALL = fileURLToPath(new URL('./plan-all.ts', import.meta.url));
const FROM_SOURCES = ['--conditions=souk-src', '--import', 'tsx'];
/** A process that takes longer than this hangs, which is no better. */
const TIMEOUT_MS = 240_000;

export async function abortsOver({ sdl, operations, asTheyAre }: Omit<Job, 'from'>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-planner-'));
  const file = join(folder, 'job.json');
  const killers: string[] = [];
  try {
    for (let from = 0; from < operations.length; ) {
      await writeFile(file, JSON.stringify({ sdl, operations, from, asTheyAre }));
      const child = spawn(process.execPath, [...FROM_SOURCES, PLAN_ALL, file], {
        stdio: 'ignore',
        timeout: TIMEOUT_MS,
      });
      const [code] = await once(child, 'exit');
      if (code === 0) break;
      const at = Number(await readFile(`${file}.at`, 'utf8'));
      killers.push(operations[at]!);
      from = at + 1;
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return killers;
}
