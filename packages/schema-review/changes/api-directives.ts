/** Directives that clients may write into operations. */
import type { Level } from '../finding.ts';
import type { SchemaChange, Table } from './schema-change.ts';

const changed = (name: string, level: Level, what: string): SchemaChange => ({
  code: 'DIRECTIVE_CHANGED',
  level,
  coordinate: `@${name}`,
  message: `@${name} ${what}`,
  ...(level !== 'safe' && {
    touched: ({ touches, isRefused }) => {
      const all = touches.directives(name);
      return level === 'breaking' ? all.filter(isRefused) : all;
    },
  }),
});

export const directiveChanges: Table = {
  DIRECTIVE_REMOVED: ({ removedDirectiveName: name }) => ({
    code: 'DIRECTIVE_REMOVED',
    level: 'breaking',
    coordinate: `@${name}`,
    message: `@${name} is gone: operations that use it are refused`,
    touched: ({ touches }) => touches.directives(name),
  }),
  DIRECTIVE_ADDED: ({ addedDirectiveName: name }) => ({
    code: 'DIRECTIVE_ADDED',
    level: 'safe',
    coordinate: `@${name}`,
    message: `@${name} is new for operations`,
  }),
  DIRECTIVE_LOCATION_ADDED: ({ directiveName, addedDirectiveLocation }) =>
    changed(directiveName, 'safe', `may stand on ${addedDirectiveLocation} too`),
  DIRECTIVE_LOCATION_REMOVED: ({ directiveName, removedDirectiveLocation }) =>
    changed(directiveName, 'breaking', `may not stand on ${removedDirectiveLocation} any more`),
  DIRECTIVE_REPEATABLE_REMOVED: ({ directiveName }) =>
    changed(directiveName, 'breaking', 'may stand but once now'),
  DIRECTIVE_ARGUMENT_ADDED: ({
    directiveName,
    addedDirectiveArgumentName: argument,
    addedDirectiveArgumentTypeIsNonNull: isRequired,
    addedDirectiveDefaultValue: byDefault,
    addedToNewDirective,
  }) =>
    addedToNewDirective
      ? undefined
      : isRequired && byDefault === undefined
        ? changed(directiveName, 'breaking', `requires the argument ${argument} now`)
        : changed(directiveName, 'safe', `takes the argument ${argument} too`),
  DIRECTIVE_ARGUMENT_REMOVED: ({ directiveName, removedDirectiveArgumentName: argument }) =>
    changed(directiveName, 'breaking', `has no argument ${argument} any more`),
  DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED: ({
    directiveName,
    directiveArgumentName: argument,
    newDirectiveArgumentDefaultValue: now = 'none',
  }) => changed(directiveName, 'risky', `has another default for ${argument}: ${now}`),
  DIRECTIVE_ARGUMENT_TYPE_CHANGED: ({
    directiveName,
    directiveArgumentName: argument,
    oldDirectiveArgumentType: old,
    newDirectiveArgumentType: now,
    isSafeDirectiveArgumentTypeChange: isSafe,
  }) => changed(directiveName, isSafe ? 'safe' : 'breaking', `takes ${argument} as ${now} instead of ${old}`),
};
