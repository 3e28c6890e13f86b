// Stages that bring their own documents: $documents, $collStats, $indexStats.
import { location, MongoError } from '../errors.ts';
import { compileExpression, scopeOf } from '../expressions/compile.ts';
import { describeValue } from '../values/describe.ts';
import { newDoc } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc } from '../values/types.ts';
import { expressionContext } from './evaluate.ts';
import type { StageCompiler } from './stage.ts';

export const compileDocuments: StageCompiler = (spec, context) => {
  const evaluate = compileExpression(spec, expressionContext(context));
  return function* documents() {
    const docs = evaluate(scopeOf(newDoc(), context.variables));
    if (!Array.isArray(docs)) {
      throw location(5858203, `$documents's argument must be an array, but is ${kindOf(docs)}`);
    }
    for (const doc of docs) {
      if (!isDoc(doc)) {
        throw location(40228, `an element of $documents must be an object, but found: ${describeValue(doc)}`);
      }
      yield doc;
    }
  };
};

export const compileCollStats: StageCompiler = (spec, context) => {
  if (!isDoc(spec)) {
    throw location(40166, `$collStats must take a nested object but found: ${describeValue(spec)}`);
  }
  return function* collStats() {
    if (!context.collectionStats) throw unavailable('$collStats');
    yield context.collectionStats();
  };
};

export const compileIndexStats: StageCompiler = (spec, context) => {
  if (!isDoc(spec) || Object.keys(spec).length > 0) {
    throw location(28803, 'The $indexStats stage specification must be an empty object');
  }
  return (): Iterable<Doc> => {
    if (!context.indexStats) throw unavailable('$indexStats');
    return context.indexStats();
  };
};

function unavailable(name: string): MongoError {
  return new MongoError(73, 'InvalidNamespace', `${name} is not available here`);
}
