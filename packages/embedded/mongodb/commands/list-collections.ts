import { Collection, type CollectionOptions } from '../storage/collection.ts';
import { checkDatabaseName } from '../storage/namespaces.ts';
import type { View } from '../storage/view.ts';
import { docFrom } from '../values/fields.ts';
import { makeLong } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import { command } from './command.ts';
import { anything, doc, flag } from './fields.ts';
import { cursorOptions, listReply } from './list-reply.ts';

export const listCollections = command({
  names: ['listCollections'],
  help: 'lists the collections and views of a database',
  fields: {
    listCollections: anything,
    filter: doc,
    nameOnly: flag,
    authorizedCollections: flag,
    cursor: cursorOptions,
  },
  run(args, call) {
    checkDatabaseName(call.database);
    const entries = call.server.store.catalog.entries(call.database);
    const show = (entry: Collection | View) =>
      entry instanceof Collection ? describeCollection(entry) : describeView(entry);
    const documents = entries.map((entry) => (args.nameOnly ? nameAndType(show(entry)) : show(entry)));
    return listReply(call, `${call.database}.$cmd.listCollections`, documents, {
      filter: args.filter,
      batchSize: args.cursor?.batchSize,
    });
  },
});

function nameAndType({ name, type }: Doc): Doc {
  return docFrom([
    ['name', name],
    ['type', type],
  ]);
}

function describeCollection({ info, idIndex }: Collection): Doc {
  return docFrom([
    ['name', info.name],
    ['type', 'collection'],
    ['options', describeOptions(info.options)],
    [
      'info',
      docFrom([
        ['readOnly', false],
        ['uuid', info.uuid],
      ]),
    ],
    ['idIndex', idIndex.spec.doc],
  ]);
}

function describeOptions(options: CollectionOptions): Doc {
  const capped: [string, Value | undefined][] = options.capped
    ? [
        ['capped', true],
        ['size', makeLong(options.capped.size)],
        ['max', options.capped.max],
      ]
    : [];
  return docFrom([
    ...capped,
    ['validator', options.validator],
    ['validationLevel', options.validationLevel],
    ['validationAction', options.validationAction],
    ['collation', options.collation],
  ]);
}

function describeView({ info, viewOn, pipeline, collation }: View): Doc {
  return docFrom([
    ['name', info.name],
    ['type', 'view'],
    [
      'options',
      docFrom([
        ['viewOn', viewOn],
        ['pipeline', [...pipeline]],
        ['collation', collation],
      ]),
    ],
    ['info', docFrom([['readOnly', true]])],
  ]);
}
