/** Workflow commands that GitHub shows beside the lines of a pull request. */
import type { Finding } from '../finding.ts';
import { isInHead, type Report } from './report.ts';
import { usedByLines } from './terminal.ts';

/** GitHub shows ten of a kind a step and drops the rest unseen; the worst come first. */
const MAX_OF_A_KIND = 10;

export function githubOutput(report: Report): string {
  const { findings, standing, failing, all } = report;
  const shown = all ? [...findings, ...standing] : findings.filter(({ level }) => level !== 'safe');
  const counts: Record<string, number> = {};
  const lines: string[] = [];
  for (const finding of shown) {
    const kind = failing.includes(finding) ? 'error' : finding.level === 'safe' ? 'notice' : 'warning';
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (counts[kind] <= MAX_OF_A_KIND)
      lines.push(`::${kind} ${propertiesOf(finding, report)}::${textOf(finding)}`);
  }
  for (const [kind, count] of Object.entries(counts)) {
    if (count > MAX_OF_A_KIND)
      lines.push(`${count - MAX_OF_A_KIND} more of the kind ${kind}: GitHub shows no more than ten a step`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function propertiesOf(finding: Finding, report: Report): string {
  const { place, code, coordinate } = finding;
  const title = coordinate ? `${code} ${coordinate}` : code;
  // A line of base is another line of head, or none: then the file alone is named.
  const at = place && isInHead(finding, report.review) ? { line: place.line, col: place.column } : {};
  const properties = { ...(place && { file: `${report.prefix}${place.file}` }), ...at, title };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',');
}

function textOf({ message, usedBy, remedy, variant, path }: Finding): string {
  const by = path ? [`By ${path.join(' → ')}`] : [];
  const lines = [message, ...by, ...usedByLines(usedBy), ...(remedy ? [`Mend: ${remedy}`] : [])];
  return escapeText((variant ? [...lines, `Variant: ${variant}`] : lines).join('\n'));
}

const escapeText = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string) => escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
