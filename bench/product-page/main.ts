/**
 * `npm run bench:product-page`: how fast `npm start` answers what a storefront asks, on this machine. The client shares
 * the machine's cores with what it measures.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient, operation } from '../../tests/e2e/client.ts';
import { type Program, run } from '../../tests/e2e/programs.ts';
import { type Figures, measure } from './measure.ts';

const PAGES = [
  {
    name: 'product page',
    operation: 'product-page',
    variables: { slug: 'beni-ourain-prayer-rug' },
    budget: 'ProductPage',
  },
  {
    name: '20 products with variants',
    operation: 'product-list',
    variables: { first: 20 },
    budget: 'ProductList',
  },
] as const;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' } },
});
const seconds = Number(values.seconds);
const { scripts } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
/** As `npm start` has it. */
const [, nodeFlags] = /^node (.*)start\/dist/.exec(scripts.start)!;

const folder = await mkdtemp(join(tmpdir(), 'souk-bench-'));
try {
  const first = await start();
  await first.program.kill('SIGTERM');
  const later = await start();
  const rows: string[] = [];
  for (const page of PAGES) {
    const body = JSON.stringify({
      query: operation('storefront', page.operation),
      variables: page.variables,
    });
    await check(later.url, page);
    const figures = await measure(later.url, body, seconds);
    rows.push(row(page.name, figures, await roundTripsOf(page.budget)));
  }
  const memory = await memoryMb(later.program);
  await later.program.kill('SIGTERM');
  process.stdout.write(
    [
      `Node ${process.version}, ${cpus().length} cores (${cpus()[0]!.model}), embedded stores, client on the same machine`,
      '',
      `First start with the demo shop ${first.seconds.toFixed(1)} s, later start ${later.seconds.toFixed(1)} s, memory ${memory} MB at most`,
      '',
      '| page | p50, 1 client | p99, 1 client | requests a second, 32 clients | p99, 32 clients | store round trips |',
      '|---|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function start(): Promise<{ program: Program; url: string; seconds: number }> {
  const began = performance.now();
  const program = run('start/dist/main.js', ['--port', '0', '--data-dir', folder], {
    NODE_OPTIONS: nodeFlags!,
  });
  await program.says(/Souk is ready\n$/);
  const [, url] = await program.says(/explorer +(http:\S+)/);
  return { program, url: url!, seconds: (performance.now() - began) / 1000 };
}

/** Errors are answered fast, and would make fine figures. */
async function check(url: string, page: (typeof PAGES)[number]): Promise<void> {
  const { data, errors } = await createClient(url).ask(
    operation('storefront', page.operation),
    page.variables,
  );
  if (errors.length > 0 || Object.values(data).includes(null)) {
    throw new Error(`the ${page.name} is not answered in full: ${JSON.stringify(errors)}`);
  }
}

/** As the contract suite holds them. */
async function roundTripsOf(name: string): Promise<number> {
  const file = new URL('../../schema/operations/storefront/budgets.json', import.meta.url);
  const budgets = JSON.parse(await readFile(file, 'utf8')) as Record<string, { storeRoundTrips: number }>;
  return budgets[name]!.storeRoundTrips;
}

/** Linux only; elsewhere there is no figure. */
async function memoryMb({ process: child }: Program): Promise<string> {
  try {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    return String(Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024));
  } catch {
    // No /proc.
    return '?';
  }
}

function row(name: string, { alone, crowded }: Figures, roundTrips: number): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return `| ${name} | ${ms(alone.p50)} | ${ms(alone.p99)} | ${Math.round(crowded.perSecond)} | ${ms(crowded.p99)} | ${roundTrips} |`;
}
