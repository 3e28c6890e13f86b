// $facet: several pipelines over the same documents, each into a field of one document.
import { location, MongoError } from '../errors.ts';
import { parseFieldPath } from '../expressions/field-path.ts';
import { describeField } from '../values/describe.ts';
import { newDoc, setField } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { bytesOf, MEMORY_LIMIT, memoryAccount, memoryExceeded } from './memory.ts';
import type { Stage, StageCompiler } from './stage.ts';

export const compileFacet: StageCompiler = (spec, context) => {
  if (!isDoc(spec) || Object.keys(spec).length === 0) {
    throw location(
      40169,
      `the $facet specification must be a non-empty object, but found: ${describeField('$facet', spec)}`,
    );
  }
  const facets = Object.keys(spec).map((name) => ({ name, run: compileOne(name, spec[name] as Value) }));
  return function* facet(input) {
    const memory = memoryAccount(() => memoryExceeded('$facet'));
    // Each pipeline reads them from the start.
    const docs: Doc[] = [];
    for (const doc of input) {
      memory.add(bytesOf(doc));
      docs.push(doc);
    }
    const result = newDoc();
    const results = memoryAccount(
      () =>
        new MongoError(
          17419,
          'Location17419',
          `document constructed by $facet exceeds ${MEMORY_LIMIT} bytes`,
        ),
    );
    for (const { name, run } of facets) {
      const found: Doc[] = [];
      for (const doc of run(docs)) {
        results.add(bytesOf(doc));
        found.push(doc);
      }
      setField(result, name, found);
    }
    yield result;
  };

  function compileOne(name: string, stages: Value): Stage {
    if (name.includes('.') || name.startsWith('$') || name === '') parseFacetName(name);
    if (!Array.isArray(stages)) {
      throw location(40170, `arguments to $facet must be arrays, ${name} is type ${kindOf(stages)}`);
    }
    for (const stage of stages) {
      if (!isDoc(stage)) {
        throw location(
          40171,
          `elements of arrays in $facet spec must be non-empty objects, ${name} argument contained an element of type ${kindOf(stage)}`,
        );
      }
    }
    return context.compile(stages, 'facet');
  }
};

function parseFacetName(name: string): void {
  if (parseFieldPath(name).length > 1) {
    throw location(
      16412,
      "FieldPath field names may not contain '.'. Consider using $getField or $setField.",
    );
  }
}
