/** How long the three servers take until all answer, first and later, and what they need in memory. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../../packages/embedded/tests/embedded-process.ts';
import { type Rate, rateOf } from './measure.ts';

export interface StartUp {
  firstSeconds: Rate;
  laterSeconds: Rate;
  residentMb: Rate;
  peakMb: Rate;
}

export async function measureStartUp(rounds: number, progress: (text: string) => void): Promise<StartUp> {
  const first: number[] = [];
  const later: number[] = [];
  const resident: number[] = [];
  const peak: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    progress(`start-up, round ${round} of ${rounds}`);
    const dir = mkdtempSync(join(tmpdir(), 'souk-bench-'));
    for (const seconds of [first, later]) {
      const started = performance.now();
      const server = await startProcess(dir);
      seconds.push((performance.now() - started) / 1000);
      resident.push(memoryMb(server.pid, 'VmRSS'));
      peak.push(memoryMb(server.pid, 'VmHWM'));
      await server.stop();
    }
    rmSync(dir, { recursive: true });
  }
  return {
    firstSeconds: rateOf(first),
    laterSeconds: rateOf(later),
    residentMb: rateOf(resident),
    peakMb: rateOf(peak),
  };
}

/** Linux tells it in kB; elsewhere there is no figure. */
export function memoryMb(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  } catch {
    // No /proc on this system.
    return Number.NaN;
  }
}
