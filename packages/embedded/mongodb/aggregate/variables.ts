// Variables of sub-pipelines: compiled once, given new values for each outer document.
import { failedToParse } from '../errors.ts';
import { checkVariableForWrite } from '../expressions/variable-names.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileOver } from './evaluate.ts';
import type { PipelineContext } from './stage.ts';

export interface LetVariables {
  /** The outer context with the variables added; their values are those last bound. */
  context: PipelineContext;
  bind(doc: Doc): void;
}

/** `let: { name: expression }`; the expressions see the outer document and the outer variables. */
export function compileLet(spec: Value | undefined, context: PipelineContext): LetVariables {
  if (spec !== undefined && !isDoc(spec)) {
    throw failedToParse(`$lookup argument 'let' must be an object, is type ${kindOf(spec)}`);
  }
  const bindings = Object.keys(spec ?? {}).map((name) => {
    checkVariableForWrite(name);
    return { name, evaluate: compileOver((spec as Doc)[name] as Value, context) };
  });
  const values: Record<string, Value | undefined> = Object.create(null);
  const own = new Set(bindings.map(({ name }) => name));
  for (const name of Object.keys(context.variables))
    if (!own.has(name)) forward(values, context.variables, name);
  for (const { name } of bindings) values[name] = undefined;
  return {
    // Missing values are in there too: whoever reads a variable takes undefined for missing.
    context: { ...context, variables: values as Record<string, Value> },
    bind(doc) {
      for (const { name, evaluate } of bindings) values[name] = evaluate(doc);
    },
  };
}

/** The outer value may change between two documents, so it is looked up each time. */
function forward(values: object, outer: Record<string, Value>, name: string): void {
  Object.defineProperty(values, name, { get: () => outer[name], enumerable: true });
}
