/** `npm run generate`: writes docs/embedded-commands.md out of the tables that the servers themselves look things up in. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { refusedStages } from './mongodb/aggregate/refused.ts';
import { stageCompilers } from './mongodb/aggregate/stages.ts';
import { commandTable as mongodbCommands } from './mongodb/commands/table.ts';
import { operators as expressionOperators } from './mongodb/expressions/operators.ts';
import { topLevelOperatorNames } from './mongodb/query/parse-filter.ts';
import { fieldOperatorNames } from './mongodb/query/parse-operators.ts';
import { updateOperatorNames } from './mongodb/update/update-tree.ts';
import { commandTable as redisCommands } from './redis/commands/table.ts';

const OUTPUT = fileURLToPath(new URL('../../docs/embedded-commands.md', import.meta.url));

/** Known so that they can be refused in MongoDB's words. */
const REFUSED_QUERY_OPERATORS = ['$where', '$text', '$near', '$nearSphere', '$geoNear'];
const REFUSED_EXPRESSIONS = ['$function', '$accumulator', '$toHashedIndexKey'];

const listed = (names: Iterable<string>) => [...names].map((name) => `\`${name}\``).join(' ');
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
const without = (names: Iterable<string>, refused: readonly string[]) =>
  sorted(names).filter((name) => !refused.includes(name));

function redisTable(): string {
  const groups = new Map<string, string[]>();
  for (const { name, group, available, subcommands } of redisCommands.all.values()) {
    const inner = [...subcommands.keys()].filter((each) => each !== 'help');
    const text = name.toUpperCase() + (inner.length > 0 ? ` (${inner.join(' ')})` : '');
    const key = available ? group : 'known, and refused with the reason';
    groups.set(key, [...(groups.get(key) ?? []), text]);
  }
  const rows = [...groups].map(([group, names]) => `| ${group} | ${listed(sorted(names))} |`);
  return ['| group | commands |', '|---|---|', ...rows].join('\n');
}

const refusedNames = Object.keys(refusedStages);

writeFileSync(
  OUTPUT,
  `<!-- Written by \`npm run generate\` out of the servers' own tables. Do not edit. -->
# What the embedded servers know

What is not listed here is refused with the real server's own error. PostgreSQL is the real one: it knows what PostgreSQL
knows, but for what [embedded.md](embedded.md) lists.

## MongoDB

**Commands.** ${listed(sorted(mongodbCommands.keys()))}

**Query operators.** ${listed(without([...topLevelOperatorNames, ...fieldOperatorNames], REFUSED_QUERY_OPERATORS))}

**Update operators.** ${listed(sorted(updateOperatorNames))}, with \`$\`, \`$[]\` and \`$[identifier]\` in paths, or a pipeline.

**Pipeline stages.** ${listed(without([...stageCompilers.keys(), '$out', '$merge'], refusedNames))}

**Known, and refused in MongoDB's words.** ${listed(sorted([...refusedNames, ...REFUSED_QUERY_OPERATORS]))}

**Expressions.** ${listed(without(expressionOperators.keys(), REFUSED_EXPRESSIONS))}

## Redis

${redisTable()}
`,
);
