/** The collection or view that a command names. */
import { MongoError } from '../errors.ts';
import { collatorOf, readCollation } from '../storage/collation-spec.ts';
import { Collection } from '../storage/collection.ts';
import { checkCollectionName, checkDatabaseName, invalidNamespace } from '../storage/namespaces.ts';
import type { Language } from '../storage/plan.ts';
import type { View } from '../storage/view.ts';
import { kindOf } from '../values/kind.ts';
import type { Doc } from '../values/types.ts';
import type { Call } from './command.ts';
import type { FieldReader } from './fields.ts';
import { evaluateLet } from './let.ts';

export interface Target {
  name: string;
  namespace: string;
  /** Undefined where there is none, which reads as empty. */
  collection: Collection | undefined;
}

export const collectionName: FieldReader<string> = (value) => {
  if (typeof value !== 'string') throw invalidNamespace(`collection name has invalid type ${kindOf(value)}`);
  return value;
};

/** For commands with several names, of which a client has used one. */
export function firstGiven(...names: (string | undefined)[]): string {
  const name = names.find((each) => each !== undefined);
  if (name === undefined) throw invalidNamespace('collection name has invalid type null');
  return name;
}

export function entryNamed(
  call: Call,
  name: string,
): { namespace: string; entry: Collection | View | undefined } {
  checkDatabaseName(call.database);
  checkCollectionName(call.database, name);
  return { namespace: `${call.database}.${name}`, entry: call.server.store.catalog.get(call.database, name) };
}

/** For commands that make no sense on a view. */
export function targetNamed(call: Call, name: string): Target {
  const { namespace, entry } = entryNamed(call, name);
  if (entry && !(entry instanceof Collection)) throw notOnView(namespace);
  return { name, namespace, collection: entry };
}

export function notOnView(namespace: string): MongoError {
  return new MongoError(
    166,
    'CommandNotSupportedOnView',
    `Namespace ${namespace} is a view, not a collection`,
  );
}

/** Made when the first document comes, as MongoDB does. */
export function ensureCollection({ collection, name }: Target, call: Call): Collection {
  return collection ?? call.server.store.createCollection(call.database, name);
}

/** What a command says about comparing and about variables; a collection's collation holds where none is given. */
export function languageOf(
  call: Call,
  given: { collation?: Doc | undefined; let?: Doc | undefined },
  collection: Collection | undefined,
): Language {
  const collation = given.collation ? readCollation(given.collation) : collection?.info.options.collation;
  const collator = collatorOf(collation);
  return { collation, collator, variables: evaluateLet(given.let, call.now, collator), now: call.now };
}
