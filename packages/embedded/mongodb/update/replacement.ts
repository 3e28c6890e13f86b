/** Replacements: the whole document but its _id. */
import { Timestamp } from 'bson';
import { compareValues } from '../values/compare.ts';
import { getField, newDoc, setField } from '../values/fields.ts';
import { identical } from '../values/identical.ts';
import type { Doc, Value } from '../values/types.ts';
import { alteredId, checkId, checkNewTopLevelField, withIdFirst } from './storable.ts';
import { nextTimestamp } from './timestamp.ts';

export function replacementTransform(replacement: Doc): (doc: Doc) => Doc {
  for (const name of Object.keys(replacement)) checkNewTopLevelField(name);
  const ownId = getField(replacement, '_id');
  if (ownId !== undefined) checkId(ownId);
  return (doc) => {
    if (identical(doc, replacement)) return doc;
    return replaceContent(doc, withFreshTimestamps(replacement));
  };
}

/** The new content under the old `_id`, which it may name but not change. */
export function replaceContent(doc: Doc, content: Doc): Doc {
  const id = getField(doc, '_id');
  const newId = getField(content, '_id');
  if (id !== undefined && newId !== undefined && compareValues(id, newId) !== 0) throw alteredId(newId);
  if (id === undefined || newId !== undefined) return withIdFirst(content);
  const result = newDoc();
  result._id = id;
  for (const name of Object.keys(content)) setField(result, name, content[name]);
  return result;
}

/** An empty Timestamp at the top level asks the server for its own time. */
function withFreshTimestamps(replacement: Doc): Doc {
  const isEmpty = (value: Value) => value instanceof Timestamp && value.t === 0 && value.i === 0;
  if (!Object.values(replacement).some(isEmpty)) return replacement;
  const result = newDoc();
  for (const name of Object.keys(replacement)) {
    const value = replacement[name]!;
    setField(result, name, name !== '_id' && isEmpty(value) ? nextTimestamp() : value);
  }
  return result;
}
