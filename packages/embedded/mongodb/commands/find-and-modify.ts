import { failedToParse } from '../errors.ts';
import { compileProjection } from '../query/projection.ts';
import { planQuery, queryOptions } from '../storage/planner.ts';
import { docOf, type StoredRecord } from '../storage/record.ts';
import { runPlan } from '../storage/run-plan.ts';
import { docFrom, getField, isEmptyDoc } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';
import { readUpdate, updaterFor } from './apply-update.ts';
import { type Call, command } from './command.ts';
import { type Args, anything, doc, flag, hint, list } from './fields.ts';
import type { Reply } from './reply.ts';
import {
  collectionName,
  ensureCollection,
  firstGiven,
  languageOf,
  type Target,
  targetNamed,
} from './target.ts';

export const findAndModifyFields = {
  findAndModify: collectionName,
  findandmodify: collectionName,
  query: doc,
  sort: doc,
  remove: flag,
  update: anything,
  new: flag,
  fields: doc,
  upsert: flag,
  bypassDocumentValidation: flag,
  collation: doc,
  arrayFilters: list(doc),
  hint,
  let: doc,
};

export type FindAndModifyArgs = Args<typeof findAndModifyFields>;

export const findAndModify = command({
  names: ['findAndModify', 'findandmodify'],
  help: 'changes or deletes one document and returns it',
  writes: true,
  fields: findAndModifyFields,
  run(args, call) {
    checkCombination(args);
    const target = targetNamed(call, firstGiven(args.findAndModify, args.findandmodify));
    return args.remove ? removeOne(args, target, call) : updateOne(args, target, call);
  },
});

function checkCombination(args: FindAndModifyArgs): void {
  if (!args.remove && args.update === undefined) {
    throw failedToParse('Either an update or remove=true must be specified');
  }
  if (!args.remove) return;
  if (args.update !== undefined) throw failedToParse('Cannot specify both an update and remove=true');
  if (args.upsert) throw failedToParse('Cannot specify both upsert=true and remove=true ');
  if (args.new) {
    throw failedToParse(
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  }
}

export function findAndModifyQuery(args: FindAndModifyArgs, target: Target, call: Call) {
  const language = languageOf(call, args, target.collection);
  const query = {
    language,
    filter: args.query ?? {},
    sort: args.sort && !isEmptyDoc(args.sort) ? args.sort : undefined,
    hint: args.hint,
    limit: 1,
  };
  const project =
    args.fields && !isEmptyDoc(args.fields)
      ? compileProjection(args.fields, { ...queryOptions(query.language), filter: query.filter })
      : (document: Doc) => document;
  return { language, query, project };
}

function removeOne(args: FindAndModifyArgs, target: Target, call: Call): Reply {
  const { query, project } = findAndModifyQuery(args, target, call);
  const [record] = runPlan(planQuery(target.collection, query), { deadline: call.deadline });
  // Projected before it is gone: a projection that fails must change nothing.
  const value = record ? project(docOf(record)) : null;
  if (record) target.collection!.remove(record);
  return {
    fields: docFrom([
      ['lastErrorObject', docFrom([['n', record ? 1 : 0]])],
      ['value', value],
    ]),
  };
}

function updateOne(args: FindAndModifyArgs, target: Target, call: Call): Reply {
  const { language, query, project } = findAndModifyQuery(args, target, call);
  const updater = updaterFor(
    {
      filter: query.filter,
      update: readUpdate(args.update!),
      arrayFilters: args.arrayFilters,
      bypassValidation: args.bypassDocumentValidation,
    },
    language,
  );
  const [record] = runPlan(planQuery(target.collection, query), { deadline: call.deadline });
  const returned = (before: StoredRecord | undefined, after: StoredRecord): Value => {
    const shown = args.new ? after : before;
    return shown ? project(docOf(shown)) : null;
  };
  if (record) {
    const after = updater.change(target.collection!, record);
    return outcome(
      [
        ['n', 1],
        ['updatedExisting', true],
      ],
      returned(record, after),
    );
  }
  if (!args.upsert)
    return outcome(
      [
        ['n', 0],
        ['updatedExisting', false],
      ],
      null,
    );
  const after = updater.insert(ensureCollection(target, call));
  const id = getField(docOf(after), '_id');
  return outcome(
    [
      ['n', 1],
      ['updatedExisting', false],
      ['upserted', id],
    ],
    returned(undefined, after),
  );
}

function outcome(lastErrorObject: [string, Value | undefined][], value: Value): Reply {
  return {
    fields: docFrom([
      ['lastErrorObject', docFrom(lastErrorObject)],
      ['value', value],
    ]),
  };
}
