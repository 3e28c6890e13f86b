/** The fields of aggregate, which explain reads too. */
import { failedToParse, typeMismatch } from '../errors.ts';
import { isDoc, isNumber } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import type { Doc } from '../values/types.ts';
import { anything, doc, docOrText, type FieldReader, flag, list, required } from './fields.ts';
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

export const aggregateFields = {
  aggregate: source,
  pipeline: required(stages),
  cursor: cursorOptions,
  explain: flag,
  allowDiskUse: flag,
  bypassDocumentValidation: flag,
  collation: doc,
  hint: docOrText,
  let: doc,
  comment: anything,
};
