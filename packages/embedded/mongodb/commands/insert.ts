import type { Collection } from '../storage/collection.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { command } from './command.ts';
import { doc, flag, list, required, strictFlag } from './fields.ts';
import { newDocument } from './new-document.ts';
import { collectionName, ensureCollection, targetNamed } from './target.ts';
import { validatorOf } from './validator.ts';
import { checkBatchSize, runBatch } from './write-batch.ts';

export const insert = command({
  names: ['insert'],
  help: 'inserts documents',
  writes: true,
  counter: 'insert',
  fields: {
    insert: required(collectionName),
    documents: required(list(doc)),
    ordered: strictFlag,
    bypassDocumentValidation: flag,
  },
  run(args, call) {
    const target = targetNamed(call, args.insert);
    checkBatchSize(args.documents.length);
    const collection = ensureCollection(target, call);
    const encoded = call.sequences.get('documents');
    const check = validatorOf(collection, args.bypassDocumentValidation);
    let n = 0;
    const failures = runBatch(args.documents, args.ordered ?? true, (given, index) => {
      call.deadline.check();
      insertOne(collection, given, encoded?.[index], check);
      n++;
    });
    return { fields: docFrom([['n', n], ...Object.entries(failures)]) };
  },
});

/** `encoded` is a piece of the client's message, which shall not be kept for it. */
function insertOne(
  collection: Collection,
  given: Doc,
  encoded: Uint8Array | undefined,
  check: ((document: Doc) => void) | undefined,
): void {
  const document = newDocument(given);
  check?.(document);
  const bytes = document === given && encoded ? Buffer.from(encoded) : undefined;
  collection.insert(document, bytes);
}
