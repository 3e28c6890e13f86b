/** The review as a comment on a pull request: the verdict on top, details folded, within what GitHub takes. */
import type { Finding, Place } from '../finding.ts';
import { costRow, findOperation, trendOf } from './cost-lines.ts';
import { codeFrame } from './frame.ts';
import { code, escapeProse } from './markdown-text.ts';
import { planLines } from './plan-text.ts';
import { countsOf, isInHead, isUsed, ofLevel, type Report, textOf, verdictOf } from './report.ts';
import { usedByLines } from './terminal.ts';

/** By which the workflow finds its comment again. */
export const MARKER = '<!-- schema-review -->';

/** GitHub takes 65,536; the rest is for the closing words. */
export const MAX_CHARACTERS = 64_000;

export interface MarkdownOptions {
  /** An address for a place in head. */
  link?: (place: Place) => string;
  sideBySide?: string;
}

interface Section {
  title: string;
  isOpen: boolean;
  entries: string[];
  /** Stands before the entries, such as a table's head. */
  head?: string;
}

export function markdownOutput(report: Report, options: MarkdownOptions = {}): string {
  const { review } = report;
  const mark = report.exitCode === 0 ? '✅' : '❌';
  const top = [
    MARKER,
    `### ${mark} Schema review: ${verdictOf(report)}`,
    '',
    `${countsOf(report)}: ${code(review.head.name)} against ${code(review.base.name)}.`,
    '',
  ].join('\n');
  return cutTo(MAX_CHARACTERS, top, sectionsOf(report, options));
}

function sectionsOf(report: Report, options: MarkdownOptions): Section[] {
  const breaking = ofLevel(report.findings, 'breaking');
  const entries = (findings: readonly Finding[]) => findings.map((one) => entry(one, report, options));
  const used = breaking.filter(isUsed);
  const unused = breaking.filter((finding) => !isUsed(finding));
  const risky = ofLevel(report.findings, 'risky');
  const safe = ofLevel(report.findings, 'safe');
  const title = report.review.composes ? 'Breaking' : 'Does not compose';
  return [
    { title, isOpen: true, entries: entries(used) },
    { title: 'Breaking, but used by no registered operation', isOpen: false, entries: entries(unused) },
    { title: 'Risky', isOpen: false, entries: entries(risky) },
    costSection(report),
    ...plansSection(report, options),
    { title: 'Safe', isOpen: false, entries: safe.map((one) => `- ${line(one)}\n`) },
    {
      title: 'Accepted in the settings',
      isOpen: false,
      entries: report.accepted.map(({ finding, reason }) => `- ${line(finding)} — ${escapeProse(reason)}\n`),
    },
    ...(report.all
      ? [{ title: 'Stood before', isOpen: false, entries: report.standing.map((one) => `- ${line(one)}\n`) }]
      : []),
  ];
}

function line({ code: name, coordinate, message, variant }: Finding): string {
  const where = [coordinate && code(coordinate), variant && `variant ${code(variant)}`].filter(Boolean);
  return `${code(name)} ${where.join(', ')}: ${escapeProse(message)}`.replace(' :', ':');
}

function entry(finding: Finding, report: Report, { link }: MarkdownOptions): string {
  const { place, remedy, usedBy, path } = finding;
  const inHead = isInHead(finding, report.review);
  const text = place && textOf(inHead ? report.review.head : report.review.base, place.file);
  const where = place && `${place.file}:${place.line}`;
  const linked = place && link && inHead ? `[${code(where!)}](${link(place)})` : where && code(where);
  const frame = place && text ? codeFrame(text, place) : [];
  return [
    `- ${line(finding)}`,
    ...(linked ? [`  ${linked}${inHead ? '' : ' in base'}`] : []),
    ...(frame.length > 0 ? ['', ...fenced(frame), ''] : []),
    ...(path ? [`  - by ${path.map(code).join(' → ')}`] : []),
    ...usedByLines(usedBy).map((use) => `  - ${escapeProse(use)}`),
    ...(remedy ? [`  - **Mend:** ${escapeProse(remedy)}`] : []),
    '',
  ].join('\n');
}

/** A fence longer than any run of backticks inside it. */
function fenced(lines: readonly string[]): string[] {
  const longest = Math.max(
    2,
    ...lines.flatMap((text) => (text.match(/`+/g) ?? []).map(({ length }) => length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [`  ${fence}text`, ...lines.map((text) => `  ${text}`), `  ${fence}`];
}

function costSection({ review }: Report): Section {
  const rows = review.operations
    .filter((operation) => trendOf(operation, review) !== 'same')
    .map((operation) => costRow(operation, review));
  return {
    title: 'What operations need',
    isOpen: rows.some(({ trend }) => trend === 'worse' || trend === 'refused'),
    head: '| operation | | fetches | steps | cost | subgraphs |\n|---|---|---|---|---|---|\n',
    entries: rows.map(
      ({ name, trend, fetches, depth, cost, services }) =>
        `| ${code(name)} | ${trend} | ${fetches} | ${depth} | ${cost} | ${escapeProse(services)} |\n`,
    ),
  };
}

function plansSection({ review }: Report, { sideBySide }: MarkdownOptions): Section[] {
  const operation = sideBySide === undefined ? undefined : findOperation(review.operations, sideBySide);
  if (!operation) return [];
  const cell = (lines: string[]) =>
    `<td>\n\n${fenced(lines)
      .map((text) => text.trimStart())
      .join('\n')}\n\n</td>`;
  const { client, name, before, after } = operation;
  const row = `<table><tr><th>before</th><th>after</th></tr>\n<tr valign="top">${cell(planLines(before?.plan))}${cell(planLines(after?.plan))}</tr></table>\n`;
  return [{ title: `Plans of ${client}/${name}`, isOpen: false, entries: [row] }];
}

/** Entries are whole or not there; what was left out is said where it is missing. */
function cutTo(limit: number, top: string, sections: readonly Section[]): string {
  const filled = sections.filter(({ entries }) => entries.length > 0);
  // Every section keeps its title, however much those before it say.
  const frames = filled.map((section) => wrap(section, '').length + leftOut(section.entries.length).length);
  let room = limit - top.length - frames.reduce((sum, length) => sum + length, 0);
  const parts = filled.map((section) => {
    let body = '';
    let shown = 0;
    for (const text of section.entries) {
      if (text.length > room) break;
      room -= text.length;
      body += text;
      shown++;
    }
    const missing = section.entries.length - shown;
    return wrap(section, missing > 0 ? body + leftOut(missing) : body);
  });
  return `${top}${parts.join('')}`;
}

const leftOut = (count: number) =>
  `\n**${count} more left out here: a comment holds no more. Run the review yourself to see them.**\n`;

function wrap({ title, isOpen, entries, head = '' }: Section, body: string): string {
  const open = isOpen ? ' open' : '';
  return `<details${open}><summary><b>${escapeProse(title)}</b> (${entries.length})</summary>\n\n${head}${body}\n</details>\n\n`;
}
