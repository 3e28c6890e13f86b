/** docs/schema-review-codes.md as the table in codes.ts makes it. */

import type { Code } from './codes/code.ts';
import { CODES } from './codes.ts';
import type { Area } from './finding.ts';

const AREAS: Record<Area, string> = {
  composition: 'Composition',
  change: 'Changes',
  auth: 'Auth coverage',
  cost: 'Cost',
  rule: 'House rules',
  contract: 'Contract variants',
};

export function codesMarkdown(): string {
  const byArea = Object.entries(AREAS).map(([area, title]) => {
    const codes = Object.entries(CODES).filter(([, code]) => code.area === area);
    return `## ${title}\n\n${codes.sort(byName).map(entry).join('\n')}`;
  });
  return `<!-- Made from packages/schema-review/codes/ by \`npm run generate:review\`; edit those. -->

# What a schema review can find

${Object.keys(CODES).length} codes; \`npm run schema:check -- --explain CODE\` tells the same at a terminal. [schema-review.md](schema-review.md) says
how to run it and what to set.

${byArea.join('\n')}`;
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

function entry([name, { level, title, explain }]: [string, Code]): string {
  return `### ${name}\n\n**${title}** (${level})\n\n${explain.trim()}\n`;
}
