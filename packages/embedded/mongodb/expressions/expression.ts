import type { Collator } from '../values/collation.ts';
import type { Doc, Value } from '../values/types.ts';

/** What one evaluation sees: the document, what `$field` reads from, and the user's variables. */
export interface Scope {
  root: Doc;
  current: Value | undefined;
  variables: Record<string, Value | undefined>;
}

/** A compiled expression. `undefined` is MongoDB's "missing". */
export type Evaluate = (scope: Scope) => Value | undefined;

export interface ExpressionContext {
  collator?: Collator;
  /** Names of the user's variables in reach. */
  variables: ReadonlySet<string>;
  now: Date;
}

/** What an operator needs to compile its operands. */
export interface Compiler {
  context: ExpressionContext;
  compile(spec: Value): Evaluate;
  /** The same compiler with further variables in reach. */
  knowing(names: Iterable<string>): Compiler;
}

/** Turns `{ $operator: operand }` into a function; every mistake that can be seen now is refused now. */
export type OperatorCompiler = (operand: Value, compiler: Compiler, name: string) => Evaluate;

export type OperatorTable = Readonly<Record<string, OperatorCompiler>>;

/** Operands of a fixed value need no scope; operators use this to see them while compiling. */
const constants = new WeakMap<Evaluate, { value: Value | undefined }>();

export function constant(value: Value | undefined): Evaluate {
  const evaluate = () => value;
  constants.set(evaluate, { value });
  return evaluate;
}

export function constantOf(evaluate: Evaluate): { value: Value | undefined } | undefined {
  return constants.get(evaluate);
}
