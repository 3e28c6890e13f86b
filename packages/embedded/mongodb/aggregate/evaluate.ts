// Expressions inside stages.
import { compileExpression, type ExpressionContext } from '../expressions/compile.ts';
import type { Doc, Value } from '../values/types.ts';
import type { PipelineContext } from './stage.ts';

export type EvaluateDoc = (doc: Doc) => Value | undefined;

export function expressionContext(context: PipelineContext, more: readonly string[] = []): ExpressionContext {
  const variables = new Set([...Object.keys(context.variables), ...more]);
  return { variables, now: context.now, ...(context.collator && { collator: context.collator }) };
}

/** An expression over the documents of a stage. */
export function compileOver(spec: Value, context: PipelineContext): EvaluateDoc {
  const evaluate = compileExpression(spec, expressionContext(context));
  const { variables } = context;
  return (doc) => evaluate({ root: doc, current: doc, variables });
}
