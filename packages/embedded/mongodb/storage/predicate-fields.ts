/** The top-level fields that a filter looks at. */
import type { Predicate } from '../query/predicate.ts';

/** Undefined when it may look at any. */
export function predicateFields(predicate: Predicate): Set<string> | undefined {
  const names = new Set<string>();
  return collect(predicate, names) ? names : undefined;
}

function collect(predicate: Predicate, names: Set<string>): boolean {
  switch (predicate.kind) {
    case 'and':
    case 'or':
    case 'nor':
      return predicate.children.every((child) => collect(child, names));
    case 'not':
      return collect(predicate.child, names);
    case 'field':
      names.add(predicate.segments[0]!);
      return true;
    case 'always':
      return true;
    case 'document':
      return false;
  }
}
