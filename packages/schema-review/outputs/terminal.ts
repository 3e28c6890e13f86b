/** The review for people at a terminal: worst first, the summary last. */
import { styleText } from 'node:util';
import type { Finding, Level, Use } from '../finding.ts';
import type { OperationCost } from '../review.ts';
import { costRow, findOperation, trendOf } from './cost-lines.ts';
import { codeFrame } from './frame.ts';
import { planLines, sideBySide } from './plan-text.ts';
import { countsOf, isInHead, lineOf, ofLevel, type Report, textOf, verdictOf } from './report.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

export interface TerminalOptions {
  colour: boolean;
  width: number;
  /** Show the plans of this operation, before and after. */
  sideBySide?: string;
}

/** More scroll away unread; JSON has them all. */
const MAX_SHOWN = 100;
const MAX_USES = 5;

const COLOURS: Record<Level, Style> = { breaking: 'red', risky: 'yellow', safe: 'green' };

export function terminalOutput(report: Report, options: TerminalOptions): string {
  const paint: Paint = (style, text) =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const { base, head } = report.review;
  const worst = report.findings.filter(({ level }) => level !== 'safe');
  const shown = report.all ? [...report.findings, ...report.standing] : worst;
  const operation = options.sideBySide && findOperation(report.review.operations, options.sideBySide);
  return [
    `Schema review: ${paint('bold', head.name)} against ${paint('bold', base.name)}`,
    '',
    ...shown.slice(0, report.all ? undefined : MAX_SHOWN).flatMap((finding) => block(finding, report, paint)),
    ...(shown.length > MAX_SHOWN && !report.all
      ? [`… and ${shown.length - MAX_SHOWN} more: --all shows them`, '']
      : []),
    ...hiddenLines(report, paint),
    ...costLines(report, paint),
    ...(operation ? [...plansOf(operation, options.width, paint), ''] : []),
    summary(report, paint),
    '',
  ].join('\n');
}

function block(finding: Finding, report: Report, paint: Paint): string[] {
  const { code, level, message, coordinate, subgraph, variant, place, remedy, path } = finding;
  const where = [coordinate, subgraph && `in ${subgraph}`, variant && `variant ${variant}`].filter(Boolean);
  const head = `${paint(COLOURS[level], paint('bold', level))}  ${code}  ${paint('dim', where.join(', '))}`;
  const snapshot = isInHead(finding, report.review) ? report.review.head : report.review.base;
  const text = place && textOf(snapshot, place.file);
  return [
    head.trimEnd(),
    `  ${message}`,
    ...(place
      ? [`  ${paint('cyan', lineOf(place))}${snapshot === report.review.base ? ' (in base)' : ''}`]
      : []),
    ...(place && text ? codeFrame(text, place).map((line) => paint('dim', `    ${line}`)) : []),
    ...(path ? [`  by ${path.join(' → ')}`] : []),
    ...usedByLines(finding.usedBy).map((line) => `  ${line}`),
    ...(remedy ? [`  ${paint('bold', 'mend:')} ${remedy}`] : []),
    '',
  ];
}

export function usedByLines(uses: readonly Use[] | undefined): string[] {
  if (uses === undefined) return [];
  if (uses.length === 0) return ['used by none of the registered operations'];
  const lines = uses.slice(0, MAX_USES).map((use) => {
    const count = use.count === undefined ? '' : `, ${use.count.toLocaleString('en')} requests`;
    return `used by ${use.client}/${use.operation} (${lineOf(use)}${count})`;
  });
  return uses.length > MAX_USES ? [...lines, `and ${uses.length - MAX_USES} more uses`] : lines;
}

/** What is not worth a block, by code, so that nobody thinks it was not seen. */
function hiddenLines(report: Report, paint: Paint): string[] {
  if (report.all) return [];
  const lines = [
    ...tally('safe', ofLevel(report.findings, 'safe'), paint),
    ...tally('stood before', report.standing, paint),
    ...tally(
      'accepted',
      report.accepted.map(({ finding }) => finding),
      paint,
    ),
  ];
  return lines.length > 0 ? [...lines, ''] : [];
}

function tally(title: string, findings: readonly Finding[], paint: Paint): string[] {
  if (findings.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${count} ${code}`);
  return [paint('dim', `${title}: ${parts.join(', ')}`)];
}

function costLines({ review, all }: Report, paint: Paint): string[] {
  const rows = review.operations
    .filter((operation) => all || trendOf(operation, review) !== 'same')
    .map((operation) => costRow(operation, review));
  if (rows.length === 0) return [];
  const widest = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, trend, fetches, depth, cost, services }) => {
    const isBad = trend === 'worse' || trend === 'refused';
    const mark = isBad ? paint('yellow', trend.padEnd(7)) : trend.padEnd(7);
    return `  ${name.padEnd(widest)}  ${mark}  fetches ${fetches}, steps ${depth}, cost ${cost} (${services})`;
  });
  return ['Operations', ...lines, ''];
}

function plansOf(operation: OperationCost, width: number, paint: Paint): string[] {
  const { client, name, before, after } = operation;
  const columns = sideBySide(
    ['before', '', ...planLines(before?.plan)],
    ['after', '', ...planLines(after?.plan)],
    width,
  );
  return [paint('bold', `Plans of ${client}/${name}`), ...columns];
}

function summary(report: Report, paint: Paint): string {
  const verdict = paint(report.exitCode === 0 ? 'green' : 'red', verdictOf(report));
  return `${countsOf(report)}: ${verdict} (${(report.milliseconds / 1000).toFixed(1)} s)`;
}
