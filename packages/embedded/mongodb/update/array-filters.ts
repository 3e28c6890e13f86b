/** arrayFilters: which elements `$[identifier]` stands for. */
import { badValue, failedToParse, MongoError } from '../errors.ts';
import { docMatcher } from '../query/match.ts';
import { parseFilter } from '../query/parse-filter.ts';
import type { Predicate, QueryOptions } from '../query/predicate.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';

export function parseArrayFilters(
  filters: readonly Doc[],
  options: QueryOptions,
): Map<string, (element: Value) => boolean> {
  const parsed = new Map<string, (element: Value) => boolean>();
  for (const filter of filters) {
    const predicate = inContext(() => parseFilter(filter, options, true));
    const identifier = inContext(() => checkedIdentifier(predicate));
    if (identifier === undefined) {
      throw failedToParse('Cannot use an expression without a top-level field name in arrayFilters');
    }
    if (parsed.has(identifier)) {
      throw failedToParse(`Found multiple array filters with the same top-level field name ${identifier}`);
    }
    const matches = docMatcher(predicate);
    parsed.set(identifier, (element) => matches(docFrom([[identifier, element]])));
  }
  return parsed;
}

function inContext<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // The code stays; the words say where the mistake is.
    if (!(error instanceof MongoError)) throw error;
    const message = `Error parsing array filter :: caused by :: ${error.message}`;
    throw new MongoError(error.code, error.codeName, message);
  }
}

function checkedIdentifier(predicate: Predicate): string | undefined {
  const identifier = topLevelName(predicate);
  if (identifier === undefined || /^[a-z][a-zA-Z0-9]*$/.test(identifier)) return identifier;
  throw badValue(
    'The top-level field name must be an alphanumeric string beginning with a lowercase letter, ' +
      `found '${identifier}'`,
  );
}

/** The one name all conditions begin with. */
function topLevelName(predicate: Predicate): string | undefined {
  switch (predicate.kind) {
    case 'field':
      return predicate.segments[0];
    case 'not':
      return topLevelName(predicate.child);
    case 'and':
    case 'or':
    case 'nor': {
      let name: string | undefined;
      for (const child of predicate.children) {
        const other = topLevelName(child);
        if (name !== undefined && other !== undefined && other !== name) {
          throw failedToParse(`Expected a single top-level field name, found '${name}' and '${other}'`);
        }
        name ??= other;
      }
      return name;
    }
    default:
      return undefined;
  }
}
