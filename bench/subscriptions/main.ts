/**
 * `npm run bench:subscriptions`: one router process, thousands of real sockets, a selection over three subgraphs, numbered
 * events; ours beside Hive's, then ours with everything killed in turn. It installs the other by itself.
 *   --quick                            a small run of each
 *   --clients N --rate R [--hive]      one run alone
 *   --restarts                         the killing alone
 *   --seconds S                        of each run
 *   --profile FOLDER                   a CPU profile of our router for each run
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measure, type Outcome, type Plan } from './measure.ts';
import { restartsTable, table } from './table.ts';

/** Beside the sockets: files, pipes, sockets to the subgraphs. */
const SPARE_FILES = 500;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    hive: { type: 'boolean', default: false },
    restarts: { type: 'boolean', default: false },
    clients: { type: 'string' },
    rate: { type: 'string', default: '1' },
    seconds: { type: 'string' },
    profile: { type: 'string' },
  },
});
const seconds = Number(values.seconds ?? (values.quick ? 5 : 20));
const run = (router: Plan['router'], clients: number, rate: number): Plan => ({
  router,
  clients,
  rate,
  seconds,
  restarts: [],
  profile: values.profile,
});
const kill = (role: Plan['restarts'][number]): Plan => ({
  ...run(
    'Souk',
    Number(values.clients ?? (values.quick ? 100 : 1_000)),
    values.clients ? Number(values.rate) : 10,
  ),
  restarts: [role],
});

const all = values.quick
  ? [run('Souk', 500, 1), run('Souk', 500, 10), run('Hive', 500, 1)]
  : [
      run('Souk', 1_000, 1),
      run('Hive', 1_000, 1),
      run('Souk', 5_000, 1),
      run('Hive', 5_000, 1),
      run('Souk', 5_000, 10),
      run('Souk', 10_000, 1),
    ];
const one = [run(values.hive ? 'Hive' : 'Souk', Number(values.clients), Number(values.rate))];
const plans = values.restarts ? [] : values.clients === undefined ? all : one;
const killings =
  values.restarts || values.clients === undefined ? [kill('router'), kill('subgraphs'), kill('Redis')] : [];

// What was started ends with this process, when that exits by itself.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const sockets = Math.max(...[...plans, ...killings].map(({ clients }) => clients));
const mayOpen = filesAllowed();
if (mayOpen < sockets + SPARE_FILES) {
  throw new Error(
    `${sockets} sockets need more files than the ${mayOpen} allowed: ulimit -n ${sockets + SPARE_FILES}`,
  );
}

const say = (text: string) => process.stdout.write(`${text}\n`);
say(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]!.model}), ${seconds} s each\n`);
if (plans.length > 0) say(table(await runAll(plans)));
if (killings.length > 0) say(`\n${restartsTable(await runAll(killings))}`);

/** Open at once in one process; without a bound where there is no /proc. */
function filesAllowed(): number {
  try {
    const [, allowed] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return allowed === undefined ? Number.POSITIVE_INFINITY : Number(allowed);
  } catch {
    // Not Linux: the run itself will tell.
    return Number.POSITIVE_INFINITY;
  }
}

async function runAll(plans: readonly Plan[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const plan of plans) {
    const outcome = await measure(plan);
    outcomes.push(outcome);
    const { hearing, failed, faults } = outcome.report;
    const kills = plan.restarts.length > 0;
    if (hearing < plan.clients)
      process.stderr.write(`${plan.router}: only ${hearing} of ${plan.clients} heard anything\n`);
    if (failed > 0) process.stderr.write(`${plan.router}: ${failed} frames told of errors\n`);
    if (faults.length > 0 && !kills) process.stderr.write(`${plan.router}: ${faults.join('\n')}\n`);
  }
  return outcomes;
}
