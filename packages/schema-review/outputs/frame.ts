/** The lines round a place, with a mark under it. */
import type { Place } from '../finding.ts';

const AROUND = 1;
/** Longer lines are generated; their end says nothing. */
const MAX_WIDTH = 140;

export function codeFrame(text: string, { line, column, length = 1 }: Place): string[] {
  const lines = text.split(/\r?\n/);
  const at = lines[line - 1];
  if (at === undefined) return [];
  const first = Math.max(1, line - AROUND);
  const last = Math.min(lines.length, line + AROUND);
  const gutter = String(last).length;
  const shown = (number: number, mark: string) =>
    `${mark} ${String(number).padStart(gutter)} │ ${cut(lines[number - 1] ?? '')}`.trimEnd();
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    frame.push(shown(number, number === line ? '>' : ' '));
    if (number !== line) continue;
    const width = Math.max(1, Math.min(length, at.trimEnd().length - column + 1));
    const pad = at.slice(0, column - 1).replace(/[^\t]/g, ' ');
    if (column + width <= MAX_WIDTH) frame.push(`  ${' '.repeat(gutter)} │ ${pad}${'^'.repeat(width)}`);
  }
  return frame;
}

const cut = (text: string) => (text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH)}…` : text);
