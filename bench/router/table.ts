/** The figures as a table of docs/benchmarks.md: medians over the rounds, with the lowest and the highest. */
import type { Measured, Round } from './measure.ts';

export function table(measured: readonly Measured[]): string {
  const [base] = measured;
  const rows = measured.map(({ router, rounds }) => {
    const ratios = rounds.map(({ perSecond }, at) => perSecond / base!.rounds[at]!.perSecond);
    const of = (figure: keyof Round) =>
      rounds.map((round) => round[figure]).filter((one) => one !== undefined);
    return [
      router,
      spread(of('perSecond'), 0),
      router === base!.router ? '1' : spread(ratios, 1),
      spread(of('p50'), 0),
      spread(of('p99'), 0),
      spread(of('cpuMs'), 2),
      spread(of('memoryMb'), 0),
    ];
  });
  const head = ['router', 'requests/s', 'ratio', 'p50 ms', 'p99 ms', 'CPU ms a request', 'memory MB'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function spread(figures: readonly number[], digits: number): string {
  // No answer came within a round: there is nothing to divide by.
  const known = figures.filter(Number.isFinite);
  if (known.length === 0) return '–';
  const sorted = known.sort((a, b) => a - b);
  const shown = (figure: number) =>
    figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const middle = shown(sorted[Math.floor(sorted.length / 2)]!);
  return sorted.length === 1 ? middle : `${middle} (${shown(sorted[0]!)}–${shown(sorted.at(-1)!)})`;
}
