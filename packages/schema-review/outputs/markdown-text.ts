/** Text in GitHub's Markdown that stays what it is. */

/** Backticks inside need a longer fence, and a space to part from it. */
export function code(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  if (!flat.includes('`')) return `\`${flat}\``;
  const longest = Math.max(...flat.match(/`+/g)!.map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${flat} ${fence}`;
}

/**
 * Code in backticks stays code, all else is shown as it is. Directives become code: `@key` on its own would call a person
 * of that name.
 */
export function escapeProse(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1)) : escapePlain(part)))
    .join('');
}

function escapePlain(text: string): string {
  return text
    .split(/(@\w[\w-]*)/)
    .map((part, index) =>
      index % 2 === 1 ? code(part) : part.replace(/[\\`*_{}[\]<>|~#]/g, (sign) => `\\${sign}`),
    )
    .join('');
}
