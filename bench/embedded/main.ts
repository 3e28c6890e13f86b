/**
 * `npm run bench:embedded`: start-up, memory and rates of the embedded servers as tables for docs/benchmarks.md,
 * beside the real servers whose POSTGRES_URL, MONGODB_URL or REDIS_URL is set. Use empty ones: tables are made there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startProcess } from '../../packages/embedded/tests/embedded-process.ts';
import { callsPerSecond, type Rate, rateOf } from './measure.ts';
import { measureStartUp, memoryMb } from './start-up.ts';
import { openMongoDB, openPostgres, openRedis, type Target, WORKLOADS } from './workloads.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    callers: { type: 'string', default: '10' },
    milliseconds: { type: 'string', default: '1000' },
  },
});
const rounds = Number(flags.rounds);
const callers = Number(flags.callers);
const milliseconds = Number(flags.milliseconds);

const progress = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};
const seconds = ({ median, min, max }: Rate) =>
  `${median.toFixed(2)} s (${min.toFixed(2)}–${max.toFixed(2)})`;
const megabytes = ({ median, min, max }: Rate) =>
  `${median.toFixed(0)} MB (${min.toFixed(0)}–${max.toFixed(0)})`;
const perSecond = ({ median, min, max }: Rate) =>
  `${thousands(median)} (${thousands(min)}–${thousands(max)})`;
const thousands = (n: number) => Math.round(n).toLocaleString('en-GB');

function printTable(head: string[], rows: string[][]): void {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  progress('');
  console.log([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'), '\n');
}

async function compare(name: string, ours: Target, real: Target | undefined): Promise<string[][]> {
  const rows: string[][] = [];
  for (const workload of WORKLOADS) {
    const own: number[] = [];
    const other: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(`${name}: ${workload}, round ${round} of ${rounds}`);
      const ourRate = await callsPerSecond(ours.run[workload], callers, milliseconds);
      const realRate = real && (await callsPerSecond(real.run[workload], callers, milliseconds));
      if (round === 0) continue; // warms caches and compilers on both sides
      own.push(ourRate);
      if (realRate) other.push(realRate);
    }
    const ratios = other.map((rate, i) => own[i]! / rate);
    const versus = real ? [perSecond(rateOf(other)), rateOf(ratios).median.toFixed(2)] : ['–', '–'];
    rows.push([name, workload, perSecond(rateOf(own)), ...versus]);
  }
  await ours.close();
  await real?.close();
  return rows;
}

const { POSTGRES_URL, MONGODB_URL, REDIS_URL } = process.env;
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}; median (min–max)\n`);

const start = await measureStartUp(rounds, progress);
printTable(
  ['all three servers', 'figure'],
  [
    ['ready, first start', seconds(start.firstSeconds)],
    ['ready, later starts', seconds(start.laterSeconds)],
    ['memory once ready', megabytes(start.residentMb)],
    ['highest memory until ready', megabytes(start.peakMb)],
  ],
);

const dir = mkdtempSync(join(tmpdir(), 'souk-bench-'));
const server = await startProcess(dir);
const open = <T>(opener: (url: string, callers: number) => Promise<T>, url: string | undefined) =>
  url ? opener(url, callers) : undefined;
const rows = [
  ...(await compare(
    'PostgreSQL',
    await openPostgres(server.postgres, callers),
    await open(openPostgres, POSTGRES_URL),
  )),
  ...(await compare(
    'MongoDB',
    await openMongoDB(server.mongodb, callers),
    await open(openMongoDB, MONGODB_URL),
  )),
  ...(await compare('Redis', await openRedis(server.redis, callers), await open(openRedis, REDIS_URL))),
];
printTable(['server', `calls/s, ${callers} callers`, 'embedded', 'real', 'ratio'], rows);
console.log(`Memory of the embedded servers after this load: ${memoryMb(server.pid, 'VmRSS').toFixed(0)} MB`);
await server.stop();
rmSync(dir, { recursive: true });
