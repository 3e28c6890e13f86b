/** `min` and `max` of a find: they bound the scan of the index that the hint names. */
import { badValue, location } from '../errors.ts';
import { getField } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import type { Collection } from './collection.ts';
import type { Hint } from './hint.ts';
import type { Index } from './index.ts';
import type { Key } from './index-keys.ts';
import type { Access, Query } from './plan.ts';

export function keyBounds(query: Query, hint: Hint | undefined, collection: Collection): Access {
  const index = hint?.index;
  if (!index) throw location(51173, `When using min()/max() a hint of which index to use must be provided`);
  const min = keyFor(index, query.min, 'min', collection);
  const max = keyFor(index, query.max, 'max', collection);
  if (min && max && index.order(min, max) >= 0)
    throw location(51175, 'The value provided for min() must be less than the value provided for max()');
  return { stage: 'KEY_BOUNDS', index, min, max, direction: 1 };
}

function keyFor(index: Index, bound: Doc | undefined, name: string, collection: Collection): Key | undefined {
  if (!bound) return undefined;
  const names = Object.keys(bound);
  const fits =
    names.length === index.spec.fields.length && index.spec.fields.every(({ path }, i) => path === names[i]);
  if (!fits) {
    throw badValue(
      `error processing query: ns=${collection.namespace} planner returned error: ` +
        `The index chosen is not compatible with ${name}()`,
    );
  }
  return names.map((path) => getField(bound, path));
}
