/** A parsed filter: what the matcher, the planner and upserts read. */
import type { BSONRegExp } from 'bson';
import type { Collator } from '../values/collation.ts';
import type { Kind } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';

export interface QueryOptions {
  collator?: Collator;
  /** Values of the variables of `let`, which $expr may use. */
  variables?: Record<string, Value>;
  now?: Date;
}

export type ElementTest = (value: Value | undefined) => boolean;

export type Comparison = '$eq' | '$gt' | '$gte' | '$lt' | '$lte';

/** What a condition asks for, as far as someone besides the matcher can use it. */
export type Condition =
  | { operator: Comparison; value: Value }
  | { operator: '$in'; values: Value[]; regexes: BSONRegExp[] }
  | { operator: '$regex'; pattern: string; options: string }
  | { operator: '$exists' }
  | { operator: '$type'; kinds: ReadonlySet<Kind> }
  | { operator: '$mod' }
  | { operator: '$bits' }
  | { operator: '$size' }
  /** Conditions on each element itself. */
  | { operator: '$elemMatch'; conditions: Predicate[] }
  /** A filter on each element that is a document. */
  | { operator: '$elemMatchObject'; child: Predicate };

export interface FieldPredicate {
  kind: 'field';
  path: string;
  segments: string[];
  /** Whether the elements of an array at the end of the path are tried one by one. */
  spreadLeaf: boolean;
  test: ElementTest;
  condition: Condition;
  /** Of $elemMatch: the index of the first element that matches, or -1. */
  findElement?: (array: Value[]) => number;
}

export type Predicate =
  | { kind: 'and' | 'or' | 'nor'; children: Predicate[] }
  | { kind: 'not'; child: Predicate }
  | { kind: 'always'; value: boolean }
  /** On the whole document. */
  | { kind: 'document'; operator: '$expr' | '$sampleRate' | '$jsonSchema'; test: (doc: Doc) => boolean }
  | FieldPredicate;

export const everything: Predicate = { kind: 'and', children: [] };

export function allOf(children: Predicate[]): Predicate {
  return children.length === 1 ? children[0]! : { kind: 'and', children };
}

/** What the parts of the parser hand one another. */
export interface ParseContext {
  options: QueryOptions;
  /** Inside $elemMatch: operators on the whole document have no place there. */
  inElement: boolean;
  /** In update operators, array filters and projections: no $expr, $text, $where. */
  restricted: boolean;
  /** Whether a name is an operator on whole documents, which decides how $elemMatch reads its operand. */
  isTopLevelOperator(name: string): boolean;
  parseDoc(filter: Doc, context: ParseContext): Predicate;
}
