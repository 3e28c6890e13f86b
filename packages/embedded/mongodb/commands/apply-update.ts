/** Updates and upserts as the update and findAndModify commands share them. */
import { ObjectId } from 'bson';
import { failedToParse } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { Language } from '../storage/plan.ts';
import { queryOptions } from '../storage/planner.ts';
import { docOf, type StoredRecord } from '../storage/record.ts';
import { compileUpdate } from '../update/update.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { withIdFirst } from './new-document.ts';

import { type Validate, validatorOf } from './validator.ts';

export interface UpdateStatement {
  filter: Doc;
  update: Doc | Doc[];
  arrayFilters?: Doc[] | undefined;
  bypassValidation?: boolean | undefined;
}

export interface Updater {
  readonly isReplacement: boolean;
  /** The record as it is afterwards; the same one when the update changed nothing. */
  change(collection: Collection, record: StoredRecord): StoredRecord;
  insert(collection: Collection): StoredRecord;
}

export function updaterFor(statement: UpdateStatement, language: Language): Updater {
  const { filter, update, arrayFilters, bypassValidation } = statement;
  const compiled = compileUpdate(update, {
    ...queryOptions(language),
    ...(arrayFilters && { arrayFilters }),
    filter,
  });
  const validators = new Map<Collection, Validate | undefined>();
  const validator = (collection: Collection) => {
    if (!validators.has(collection)) validators.set(collection, validatorOf(collection, bypassValidation));
    return validators.get(collection);
  };
  return {
    isReplacement: compiled.isReplacement,
    change(collection, record) {
      const before = docOf(record);
      const after = compiled.apply(before);
      if (after === before) return record;
      validator(collection)?.(after, before);
      return collection.replace(record, after);
    },
    insert(collection) {
      const document = withId(compiled.upsert());
      validator(collection)?.(document);
      return collection.insert(document);
    },
  };
}

/** The upsert has put an `_id` in front if the filter or the update named one. */
function withId(document: Doc): Doc {
  return Object.hasOwn(document, '_id') ? document : withIdFirst(document, new ObjectId());
}

/** An update document, a replacement, or a pipeline. */
export function readUpdate(given: Value): Doc | Doc[] {
  if (isDoc(given)) return given;
  if (!Array.isArray(given)) {
    throw failedToParse('Update argument must be either an object or an array');
  }
  return given.map((stage) => {
    if (isDoc(stage)) return stage;
    throw failedToParse(`Each element of the 'pipeline' array must be an object, found ${kindOf(stage)}`);
  });
}
