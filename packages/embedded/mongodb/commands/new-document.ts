/** Makes a document ready to be stored: with an `_id`, which comes first and is of a type that can be one. */
import { ObjectId, Timestamp } from 'bson';
import { checkId } from '../update/storable.ts';
import { nextTimestamp } from '../update/timestamp.ts';
import { copyDoc, getField, newDoc, setField } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';

/** The same document when nothing has to be done, so that its bytes may be stored as they came. */
export function newDocument(given: Doc): Doc {
  const id = getField(given, '_id');
  if (id !== undefined) checkId(id);
  const isReady = id !== undefined && Object.keys(given)[0] === '_id';
  return fillTimestamps(isReady ? given : withIdFirst(given, id ?? new ObjectId()));
}

export function withIdFirst(given: Doc, id: Value): Doc {
  const ready = newDoc();
  ready._id = id;
  for (const name of Object.keys(given)) if (name !== '_id') setField(ready, name, getField(given, name));
  return ready;
}

/** An empty timestamp at the top level asks for the server's time. */
function fillTimestamps(doc: Doc): Doc {
  let ready = doc;
  for (const name of Object.keys(doc)) {
    const value = doc[name];
    if (name === '_id' || !(value instanceof Timestamp) || value.t !== 0 || value.i !== 0) continue;
    if (ready === doc) ready = copyDoc(doc);
    setField(ready, name, nextTimestamp());
  }
  return ready;
}
