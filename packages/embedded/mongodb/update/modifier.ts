/** What an update operator does at the end of its path. */

import { describeField } from '../values/describe.ts';
import { getField } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';

export interface Target {
  /** The document before the update. */
  root: Doc;
  /** The path with every `$` replaced by the index it stood for. */
  path: string;
  /** The last part of the path. */
  field: string;
}

export interface Modifier {
  /** The new value: the same one when nothing changes, undefined to remove the field. */
  change(value: Value, target: Target): Value | undefined;
  /** The value for a field that is not there; undefined leaves it so. Without it nothing is created. */
  create?(root: Doc): Value | undefined;
  /** Whether a path through a scalar is an error even though nothing would be created. */
  refusesBlockedPath?: boolean;
  /** Works only when an upsert inserts. */
  insertOnly?: boolean;
}

/** `_id: 1`, for messages. */
export function describeId(root: Doc): string {
  const id = getField(root, '_id');
  return id === undefined ? 'no id' : describeField('_id', id);
}
