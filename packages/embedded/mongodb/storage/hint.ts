/** The index a query names: by name, by key pattern, or `$natural` for none. */
import { badValue, MongoError } from '../errors.ts';
import { equalValues } from '../values/compare.ts';
import { getField, isEmptyDoc } from '../values/fields.ts';
import { isDoc, isNumber, kindOf } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import type { Collection } from './collection.ts';
import type { Index } from './index.ts';

export interface Hint {
  index?: Index;
  natural?: 1 | -1;
}

export function readHint(hint: Value | undefined, collection: Collection): Hint | undefined {
  if (hint === undefined || (isDoc(hint) && isEmptyDoc(hint))) return undefined;
  if (typeof hint === 'string')
    return { index: visible(collection.indexes.find(({ spec }) => spec.name === hint)) };
  if (!isDoc(hint)) {
    throw new MongoError(9, 'FailedToParse', `Hint must be a string or an object, but got ${kindOf(hint)}`);
  }
  const natural = getField(hint, '$natural');
  if (natural !== undefined) return { natural: isNumber(natural) && toNumber(natural) < 0 ? -1 : 1 };
  return { index: visible(collection.indexes.find(({ spec }) => equalValues(spec.key, hint))) };
}

function visible(index: Index | undefined): Index {
  if (index && !index.spec.hidden) return index;
  throw badValue(
    'error processing query: planner returned error: hint provided does not correspond to an existing index',
  );
}
