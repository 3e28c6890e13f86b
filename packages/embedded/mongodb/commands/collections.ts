/** Collections come and go: create, drop, renameCollection. */
import { MongoError } from '../errors.ts';
import { readCollation } from '../storage/collation-spec.ts';
import { Collection, type CollectionOptions } from '../storage/collection.ts';
import { invalidNamespace } from '../storage/namespaces.ts';
import { docFrom } from '../values/fields.ts';
import { type Call, type Command, command } from './command.ts';
import { type Args, anything, doc, flag, list, number, oneOf, required, text } from './fields.ts';
import { collectionName, entryNamed } from './target.ts';
import { checkValidator } from './validator.ts';
import { checkViewPipeline } from './views.ts';

const createFields = {
  create: required(collectionName),
  capped: flag,
  size: number,
  max: number,
  validator: doc,
  validationLevel: oneOf('off', 'strict', 'moderate'),
  validationAction: oneOf('error', 'warn'),
  viewOn: text,
  pipeline: list(doc),
  collation: doc,
  autoIndexId: flag,
  idIndex: doc,
  indexOptionDefaults: doc,
  storageEngine: doc,
  timeseries: doc,
  expireAfterSeconds: anything,
  clusteredIndex: anything,
  changeStreamPreAndPostImages: doc,
  encryptedFields: doc,
  temp: flag,
  flags: number,
};

const NOT_SUPPORTED = [
  'timeseries',
  'clusteredIndex',
  'changeStreamPreAndPostImages',
  'encryptedFields',
  'expireAfterSeconds',
] as const;
const DEFAULT_CAPPED_BYTES = 4096;

const create = command({
  names: ['create'],
  help: 'creates a collection or a view',
  writes: true,
  fields: createFields,
  run(args, call) {
    for (const option of NOT_SUPPORTED) {
      if (args[option] === undefined) continue;
      throw invalidOptions(`The option '${option}' is not supported by this server`);
    }
    if (args.viewOn !== undefined) createView(args, args.viewOn, call);
    else call.server.store.createCollection(call.database, args.create, optionsOf(args));
    return { fields: docFrom([]) };
  },
});

function invalidOptions(message: string): MongoError {
  return new MongoError(72, 'InvalidOptions', message);
}

function optionsOf(args: Args<typeof createFields>): CollectionOptions {
  if (args.pipeline) throw invalidOptions("'pipeline' requires 'viewOn' to also be specified");
  if (args.autoIndexId === false) throw invalidOptions('The autoIndexId option cannot be set to false');
  if (!args.capped && (args.size !== undefined || args.max !== undefined)) {
    throw invalidOptions(
      "the 'capped' field needs to be true when either the 'size' or 'max' fields are present",
    );
  }
  if (args.capped && args.size === undefined) {
    throw invalidOptions("the 'size' field is required when 'capped' is true");
  }
  if (args.validator) checkValidator(args.validator);
  return {
    collation: args.collation && readCollation(args.collation),
    capped: args.capped ? cappedAt(args.size!, args.max) : undefined,
    validator: args.validator,
    validationLevel: args.validationLevel,
    validationAction: args.validationAction,
  };
}

function cappedAt(size: number, max: number | undefined): CollectionOptions['capped'] {
  if (size <= 0) throw invalidOptions("the 'size' field must be greater than 0");
  const rounded = Math.max(DEFAULT_CAPPED_BYTES, Math.ceil(size / 256) * 256);
  return { size: rounded, max: max && max > 0 ? max : undefined };
}

function createView(args: Args<typeof createFields>, viewOn: string, call: Call): void {
  if (args.capped || args.validator) throw invalidOptions('a view takes no options of collections');
  if (viewOn === '') throw new MongoError(2, 'BadValue', "'viewOn' cannot be empty");
  const pipeline = args.pipeline ?? [];
  checkViewPipeline(pipeline, call);
  const collation = args.collation && readCollation(args.collation);
  call.server.store.createView(call.database, args.create, { viewOn, pipeline, collation });
}

const drop = command({
  names: ['drop'],
  help: 'drops a collection or a view',
  writes: true,
  fields: { drop: required(collectionName) },
  run(args, call) {
    const { entry, namespace } = entryNamed(call, args.drop);
    // As of 7.0 it is no error to drop what is not there.
    if (!entry) return { fields: docFrom([]) };
    call.server.store.drop(entry);
    const indexes = entry instanceof Collection ? entry.indexes.length : undefined;
    return {
      fields: docFrom([
        ['nIndexesWas', indexes],
        ['ns', namespace],
      ]),
    };
  },
});

const renameCollection = command({
  names: ['renameCollection'],
  help: 'renames a collection',
  writes: true,
  adminOnly: true,
  fields: {
    renameCollection: required(text),
    to: required(text),
    dropTarget: anything,
    stayTemp: flag,
  },
  run(args, call) {
    const { store } = call.server;
    const from = splitNamespace(args.renameCollection);
    const to = splitNamespace(args.to);
    const source = store.catalog.get(from.database, from.name);
    if (!source) {
      throw new MongoError(
        26,
        'NamespaceNotFound',
        `Source collection ${args.renameCollection} does not exist`,
      );
    }
    if (!(source instanceof Collection)) {
      throw new MongoError(166, 'CommandNotSupportedOnView', `cannot rename view: ${args.renameCollection}`);
    }
    if (args.renameCollection === args.to) {
      throw new MongoError(20, 'IllegalOperation', "Can't rename a collection to itself");
    }
    if (store.catalog.get(to.database, to.name) && args.dropTarget !== true) {
      throw new MongoError(48, 'NamespaceExists', 'target namespace exists');
    }
    store.rename(source, to.database, to.name);
    return { fields: docFrom([]) };
  },
});

function splitNamespace(namespace: string): { database: string; name: string } {
  const dot = namespace.indexOf('.');
  if (dot <= 0 || dot === namespace.length - 1)
    throw invalidNamespace(`Invalid namespace specified '${namespace}'`);
  return { database: namespace.slice(0, dot), name: namespace.slice(dot + 1) };
}

export const collectionCommands: Command[] = [create, drop, renameCollection];
