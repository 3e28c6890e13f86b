/** Whether an index that is asked for is there already, or collides with one that is. */
import { MongoError } from '../errors.ts';
import { equalValues } from '../values/compare.ts';
import { describeValue } from '../values/describe.ts';
import { type IndexSpec, sameDoc } from './index-spec.ts';

/** Fails when it collides with another one. */
export function existsAlready(asked: IndexSpec, existing: readonly IndexSpec[]): boolean {
  const sameName = existing.find(({ name }) => name === asked.name);
  const sameShape = existing.find((other) => hasSameShape(asked, other));
  if (sameName && !hasSameShape(asked, sameName)) {
    throw new MongoError(
      86,
      'IndexKeySpecsConflict',
      'An existing index has the same name as the requested index. When index names are not specified, they are ' +
        'auto generated and can cause conflicts. Please refer to our documentation. ' +
        `Requested index: ${describeValue(asked.doc)}, existing index: ${describeValue(sameName.doc)}`,
    );
  }
  if (!sameShape) return false;
  const sameOptions =
    asked.expireAfterSeconds === sameShape.expireAfterSeconds && asked.hidden === sameShape.hidden;
  if (sameOptions && sameShape === sameName) return true;
  throw new MongoError(
    85,
    'IndexOptionsConflict',
    optionsConflict(asked, sameShape, sameShape === sameName, sameOptions),
  );
}

function optionsConflict(
  asked: IndexSpec,
  other: IndexSpec,
  sameName: boolean,
  sameOptions: boolean,
): string {
  if (sameOptions) return `Index already exists with a different name: ${other.name}`;
  const difference = sameName ? 'the same name but different options' : 'a different name and options';
  return (
    `An equivalent index already exists with ${difference}. ` +
    `Requested index: ${describeValue(asked.doc)}, existing index: ${describeValue(other.doc)}`
  );
}

/** What makes an index another index; the other options only change how it behaves. */
function hasSameShape(a: IndexSpec, b: IndexSpec): boolean {
  return (
    equalValues(a.key, b.key) &&
    a.unique === b.unique &&
    a.sparse === b.sparse &&
    sameDoc(a.collation, b.collation) &&
    sameDoc(a.partialFilter, b.partialFilter)
  );
}
