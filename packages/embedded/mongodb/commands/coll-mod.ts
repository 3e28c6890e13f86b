/** collMod: what may be changed about a collection, its indexes, or a view. */
import { badValue, MongoError } from '../errors.ts';
import { Collection } from '../storage/collection.ts';
import type { Index } from '../storage/index.ts';
import { checkExpiry, ID_INDEX_NAME, withOptions } from '../storage/index-spec.ts';
import { equalValues } from '../values/compare.ts';
import { describeValue } from '../values/describe.ts';
import { docFrom } from '../values/fields.ts';
import { makeLong } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import { type Call, command } from './command.ts';
import { type Args, doc, flag, list, number, oneOf, required, struct, text } from './fields.ts';
import { collectionName, entryNamed } from './target.ts';
import { checkValidator } from './validator.ts';
import { checkViewPipeline } from './views.ts';

const indexChange = {
  name: text,
  keyPattern: doc,
  expireAfterSeconds: number,
  hidden: flag,
};

const collModFields = {
  collMod: required(collectionName),
  index: struct(indexChange),
  validator: doc,
  validationLevel: oneOf('off', 'strict', 'moderate'),
  validationAction: oneOf('error', 'warn'),
  viewOn: text,
  pipeline: list(doc),
};

export const collMod = command({
  names: ['collMod'],
  help: 'changes options of a collection, an index or a view',
  writes: true,
  fields: collModFields,
  run(args, call) {
    const { entry, namespace } = entryNamed(call, args.collMod);
    if (!entry) throw new MongoError(26, 'NamespaceNotFound', `ns does not exist: ${namespace}`);
    if (!(entry instanceof Collection)) {
      changeView(args, call);
      return { fields: docFrom([]) };
    }
    if (args.viewOn !== undefined || args.pipeline !== undefined) {
      throw new MongoError(72, 'InvalidOptions', 'option not supported on a collection: viewOn');
    }
    changeValidation(args, entry, call);
    return { fields: args.index ? changeIndex(args.index, entry, call) : docFrom([]) };
  },
});

function changeView(args: Args<typeof collModFields>, call: Call): void {
  const { store } = call.server;
  const view = store.catalog.view(call.database, args.collMod)!;
  if (args.validator || args.index || args.validationLevel || args.validationAction) {
    throw new MongoError(72, 'InvalidOptions', 'option not supported on a view');
  }
  if (args.viewOn === undefined || args.pipeline === undefined) {
    throw new MongoError(
      72,
      'InvalidOptions',
      "Must specify both 'viewOn' and 'pipeline' when modifying a view",
    );
  }
  checkViewPipeline(args.pipeline, call);
  store.drop(view);
  store.createView(call.database, args.collMod, {
    viewOn: args.viewOn,
    pipeline: args.pipeline,
    collation: view.collation,
  });
}

function changeValidation(args: Args<typeof collModFields>, collection: Collection, call: Call): void {
  const { validator, validationLevel, validationAction } = args;
  if (validator === undefined && validationLevel === undefined && validationAction === undefined) return;
  if (validator) checkValidator(validator);
  const { options } = collection.info;
  call.server.store.changeOptions(collection, {
    ...options,
    validator: validator ?? options.validator,
    validationLevel: validationLevel ?? options.validationLevel ?? 'strict',
    validationAction: validationAction ?? options.validationAction ?? 'error',
  });
}

function changeIndex(change: Args<typeof indexChange>, collection: Collection, call: Call): Doc {
  const { expireAfterSeconds, hidden } = change;
  if (expireAfterSeconds === undefined && hidden === undefined) {
    throw new MongoError(
      72,
      'InvalidOptions',
      'no expireAfterSeconds, hidden, unique, or prepareUnique field',
    );
  }
  const index = indexToChange(change, collection);
  const { spec } = index;
  if (expireAfterSeconds !== undefined) {
    checkExpiry(expireAfterSeconds);
    if (spec.fields.length > 1)
      throw new MongoError(72, 'InvalidOptions', 'TTL indexes are single-field indexes');
  }
  if (spec.name === ID_INDEX_NAME)
    throw badValue(hidden ? "can't hide _id index" : 'the _id field does not support TTL indexes');
  const next = withOptions(spec, {
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
    ...(hidden !== undefined && { hidden }),
  });
  call.server.store.changeIndex(collection, index, next);
  return docFrom([
    ...changed('expireAfterSeconds', numberOf(spec.expireAfterSeconds), numberOf(next.expireAfterSeconds)),
    ...changed('hidden', spec.hidden, next.hidden),
  ]);
}

const numberOf = (seconds: number | undefined) => (seconds === undefined ? undefined : makeLong(seconds));

function changed(
  name: string,
  before: Value | undefined,
  after: Value | undefined,
): [string, Value | undefined][] {
  if (before !== undefined && after !== undefined && equalValues(before, after)) return [];
  return [
    [`${name}_old`, before],
    [`${name}_new`, after],
  ];
}

function indexToChange({ name, keyPattern }: Args<typeof indexChange>, collection: Collection): Index {
  if ((name === undefined) === (keyPattern === undefined)) {
    throw new MongoError(72, 'InvalidOptions', 'must specify either index name or key pattern');
  }
  const index = collection.indexes.find(({ spec }) =>
    keyPattern ? equalValues(spec.key, keyPattern) : spec.name === name,
  );
  if (index) return index;
  const wanted = name ?? describeValue(keyPattern);
  throw new MongoError(27, 'IndexNotFound', `cannot find index ${wanted} for ns ${collection.namespace}`);
}
