// Reading a collection for a pipeline of its own: what its first filters ask for, an index may answer.
import { docFrom, isEmptyDoc } from '../values/fields.ts';
import { isDoc, isRegex } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import type { PipelineContext } from './stage.ts';

/**
 * The documents the pipeline may want, a superset of those its leading $match stages let through: the pipeline
 * filters once more. Equalities with variables count as far as their values are known when reading begins.
 */
export function readerFor(
  name: string,
  pipeline: readonly Value[],
  context: PipelineContext,
): () => Iterable<Doc> {
  const conditions: Doc[] = [];
  const equalities: Equality[] = [];
  for (const stage of pipeline) {
    if (!isDoc(stage) || !isDoc(stage.$match)) break;
    collect(stage.$match, conditions, equalities);
  }
  return () => {
    const all = [...conditions, ...equalities.flatMap((equality) => conditionOf(equality, context))];
    if (all.length === 0) return context.readCollection(name);
    return context.readCollection(name, all.length === 1 ? all[0] : docFrom([['$and', all]]));
  };
}

interface Equality {
  field: string;
  variable: string;
}

function collect(filter: Doc, conditions: Doc[], equalities: Equality[]): void {
  for (const name of Object.keys(filter)) {
    const operand = filter[name] as Value;
    if (name === '$and' && Array.isArray(operand)) {
      for (const part of operand) if (isDoc(part)) collect(part, conditions, equalities);
    } else if (name === '$expr') collectEqualities(operand, equalities);
    else if (!name.startsWith('$')) conditions.push(docFrom([[name, operand]]));
  }
}

function collectEqualities(expression: Value, equalities: Equality[]): void {
  if (!isDoc(expression)) return;
  const { $and, $eq } = expression as Partial<Record<string, Value>>;
  if (Array.isArray($and)) for (const part of $and) collectEqualities(part, equalities);
  if (!Array.isArray($eq) || $eq.length !== 2) return;
  const [left, right] = $eq as [Value, Value];
  const equality = equalityOf(left, right) ?? equalityOf(right, left);
  if (equality) equalities.push(equality);
}

const FIELD = /^\$[^$]/;
const VARIABLE = /^\$\$[a-z\u{80}-\u{10ffff}][^.]*$/u;

function equalityOf(field: Value, variable: Value): Equality | undefined {
  if (typeof field !== 'string' || typeof variable !== 'string') return undefined;
  if (!FIELD.test(field) || !VARIABLE.test(variable)) return undefined;
  return { field: field.slice(1), variable: variable.slice(2) };
}

/** A filter's equality lets through what an expression's does, unless the value is an array or missing. */
function conditionOf({ field, variable }: Equality, { variables }: PipelineContext): Doc[] {
  const value = (variables as Record<string, Value | undefined>)[variable];
  if (value === undefined || Array.isArray(value) || isRegex(value)) return [];
  // A number in a path names a field to an expression, but also a position to a filter.
  if (/(?:^|\.)\d+(?:\.|$)/.test(field)) return [];
  return [docFrom([[field, docFrom([['$eq', value]])]])];
}

/** Whether a pipeline gives the same each time: it reads no variables and nothing random. */
export function isConstantPipeline(pipeline: Value): boolean {
  if (typeof pipeline === 'string')
    return !pipeline.startsWith('$$') || /^\$\$(?:ROOT|CURRENT|NOW|REMOVE)\b/.test(pipeline);
  if (Array.isArray(pipeline)) return pipeline.every(isConstantPipeline);
  if (!isDoc(pipeline) || isEmptyDoc(pipeline)) return true;
  return Object.keys(pipeline).every(
    (name) =>
      !['$rand', '$sample', '$sampleRate'].includes(name) && isConstantPipeline(pipeline[name] as Value),
  );
}
