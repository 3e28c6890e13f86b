/** The array index at which a filter matched: what the positional `$` of updates and projections stands for. */
import { someAtPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { docMatcher } from './match.ts';
import type { FieldPredicate, Predicate } from './predicate.ts';

interface Match {
  matches: boolean;
  /** Undefined when the match did not go through an array. */
  index: number | undefined;
}

const noMatch: Match = { matches: false, index: undefined };

/** Of several conditions that went through arrays the last one counts. */
export function matchPosition(predicate: Predicate, doc: Doc): Match {
  switch (predicate.kind) {
    case 'and': {
      let index: number | undefined;
      for (const child of predicate.children) {
        const match = matchPosition(child, doc);
        if (!match.matches) return noMatch;
        index = match.index ?? index;
      }
      return { matches: true, index };
    }
    case 'or':
      for (const child of predicate.children) {
        const match = matchPosition(child, doc);
        if (match.matches) return match;
      }
      return noMatch;
    case 'field':
      return fieldPosition(predicate, doc);
    default:
      return { matches: docMatcher(predicate)(doc), index: undefined };
  }
}

function fieldPosition({ segments, spreadLeaf, test, findElement }: FieldPredicate, doc: Doc): Match {
  let index: number | undefined;
  const matches = someAtPath(doc, segments, spreadLeaf, (value, offset) => {
    if (!test(value)) return false;
    if (offset >= 0) index = offset;
    else if (findElement) index = findElement(value as Value[]);
    return true;
  });
  return { matches, index };
}
