/** The fields of aggregate, which explain reads too. */
import { failedToParse, typeMismatch } from '../errors.ts';
import { isDoc, isNumber } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import type { Doc } from '../values/types.ts';
import { doc, type FieldReader, flag, hint, list, ownFlag, required } from './fields.ts';
import { cursorOptions } from './list-reply.ts';
import { collectionName } from './target.ts';

/** A collection, or 1 for pipelines that begin with documents of their own. */
const source: FieldReader<string | undefined> = (value, path) => {
  if (!isNumber(value)) return collectionName(value, path);
  if (toNumber(value) === 1) return undefined;
  throw failedToParse("Invalid command format: the 'aggregate' field must specify a collection name or 1");
};

const stages: FieldReader<Doc[]> = (value, path) => {
  if (!Array.isArray(value)) return list(doc)(value, path);
  return value.map((stage) => {
    if (isDoc(stage)) return stage;
    throw typeMismatch(`Each element of the 'pipeline' array must be an object`);
  });
};

const cursor: typeof cursorOptions = (value, path) => {
  if (!isDoc(value)) throw typeMismatch('cursor field must be missing or an object');
  return cursorOptions(value, path);
};
cursor.takesNull = true;

export const aggregateFields = {
  aggregate: source,
  pipeline: required(stages),
  cursor,
  explain: flag,
  allowDiskUse: ownFlag,
  bypassDocumentValidation: flag,
  collation: doc,
  hint,
  let: doc,
};
