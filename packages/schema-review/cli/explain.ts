/** `--explain CODE`, out of the one table. */
import { CODES } from '../codes.ts';
import { InputError } from '../input-error.ts';

export function explain(wanted: string): string {
  const code = wanted.trim().toUpperCase();
  if (code === 'ALL' || code === '') {
    const widest = Math.max(...Object.keys(CODES).map(({ length }) => length));
    const lines = Object.entries(CODES).map(([name, { title, level, area }]) =>
      `${name.padEnd(widest)}  ${area}, ${level}: ${title}`.trimEnd(),
    );
    return `${lines.sort().join('\n')}\n`;
  }
  const found = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (found) return `${code} (${found.area}, ${found.level})\n${found.title}\n\n${found.explain}\n`;
  const near = nearest(code);
  throw new InputError(
    `${wanted} is not a code${near ? `; did you mean ${near}?` : ':'} --explain all lists them.`,
  );
}

/** The code that most of its words are in. */
function nearest(code: string): string | undefined {
  const words = code.split(/[^A-Z0-9]+/).filter(({ length }) => length > 2);
  const scored = Object.keys(CODES).map((name) => {
    const score = words.filter((word) => name.includes(word)).length;
    return { name, score: score - Math.abs(name.length - code.length) / 100 };
  });
  const best = scored.sort((a, b) => b.score - a.score)[0];
  return best && best.score > 0 ? best.name : undefined;
}
