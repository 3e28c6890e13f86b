/** The figures as tables of docs/benchmarks.md. */
import type { Outcome } from './measure.ts';
import { percentile } from './tally.ts';

const shown = (figure: number | undefined, digits = 0) =>
  figure?.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }) ?? '–';

function rows(head: readonly string[], cells: readonly string[][]): string {
  return [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export function table(outcomes: readonly Outcome[]): string {
  const head = ['router', 'clients × events/s', 'messages', 'lost', 'doubled', 'out of order'];
  return rows(
    [...head, 'p50 ms', 'p99 ms', 'CPU µs a message', 'memory MB'],
    outcomes.map(({ plan, report, expected, cpuUs, memoryMb }) => [
      plan.router,
      `${shown(plan.clients)} × ${shown(plan.rate)}`,
      shown(expected),
      report.lost === 0 ? '0' : `${shown(report.lost)} (${shown((100 * report.lost) / expected)} %)`,
      shown(report.doubled),
      shown(report.reordered),
      shown(percentile(report.lateness, 0.5)),
      shown(percentile(report.lateness, 0.99)),
      shown(cpuUs, 1),
      shown(memoryMb),
    ]),
  );
}

export function restartsTable(outcomes: readonly Outcome[]): string {
  return rows(
    [
      'killed under load',
      'clients × events/s',
      'messages',
      'missed',
      'doubled',
      'out of order',
      'resumed',
      'longest wait ms',
    ],
    outcomes.map(({ plan, report, expected }) => [
      plan.restarts.join(', '),
      `${shown(plan.clients)} × ${shown(plan.rate)}`,
      shown(expected),
      shown(report.lost),
      shown(report.doubled),
      shown(report.reordered),
      shown(report.resumed),
      shown(percentile(report.lateness, 1)),
    ]),
  );
}
