/** What MongoDB lets into a collection: names at the top level, and _id. */
import { MongoError } from '../errors.ts';
import { describeField } from '../values/describe.ts';
import { getField, newDoc, setField } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';

/** A field that an operator or a replacement adds at the top level. */
export function checkNewTopLevelField(name: string): void {
  if (!name.startsWith('$')) return;
  switch (name) {
    case '$ref':
      throw invalidDbRef('The DBRef $ref field must be followed by a $id field');
    case '$id':
      throw invalidDbRef('Found $id field without a $ref before it, which is invalid.');
    case '$db':
      throw invalidDbRef('Found $db field without a $id before it, which is invalid.');
    default:
      throw dollarPrefixed(
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an ` +
          "update's replacement document. Consider using an aggregation pipeline with $replaceWith.",
      );
  }
}

function invalidDbRef(message: string): MongoError {
  return new MongoError(55, 'InvalidDBRef', message);
}

function dollarPrefixed(message: string): MongoError {
  return new MongoError(52, 'DollarPrefixedFieldName', message);
}

/** Whether the value may be an `_id`; inserts need this too. */
export function checkId(id: Value): void {
  const kind = kindOf(id);
  if (kind === 'regex' || kind === 'array') {
    throw new MongoError(53, 'InvalidIdField', `The '_id' value cannot be of type ${kind}`);
  }
  if (!isDoc(id)) return;
  const name = Object.keys(id).find((field) => field.startsWith('$'));
  if (name === undefined || ['$ref', '$id', '$db'].includes(name)) return;
  throw dollarPrefixed(
    `_id fields may not contain '$'-prefixed fields: The dollar ($) prefixed field '${name}' in ` +
      `'${name}' is not valid for storage.`,
  );
}

export function immutableField(message: string): MongoError {
  return new MongoError(66, 'ImmutableField', message);
}

export function alteredId(id: Value): MongoError {
  return immutableField(
    `After applying the update, the (immutable) field '_id' was found to have been altered to ${describeField('_id', id)}`,
  );
}

/** The same document with `_id` in front. */
export function withIdFirst(doc: Doc): Doc {
  const id = getField(doc, '_id');
  if (id === undefined || Object.keys(doc)[0] === '_id') return doc;
  const result = newDoc();
  result._id = id;
  for (const name of Object.keys(doc)) if (name !== '_id') setField(result, name, doc[name]);
  return result;
}
