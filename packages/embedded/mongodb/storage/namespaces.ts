/** Names of databases and collections: which are valid. */
import { MongoError } from '../errors.ts';

const MAX_NAMESPACE_BYTES = 255;
const MAX_DATABASE_BYTES = 63;

export function invalidNamespace(message: string): MongoError {
  return new MongoError(73, 'InvalidNamespace', message);
}

export function checkDatabaseName(name: string): void {
  if (name === '' || /[\0/\\. "$]/.test(name) || Buffer.byteLength(name) > MAX_DATABASE_BYTES) {
    throw invalidNamespace(`Invalid database name: '${name}'`);
  }
}

/** For reading: a name that no collection can have is refused, too. */
export function checkCollectionName(database: string, name: string): void {
  if (name === '' || name.startsWith('.') || name.endsWith('.') || name.includes('\0')) {
    throw invalidNamespace(`Invalid namespace specified '${database}.${name}'`);
  }
}

/** For a collection that is about to be made. */
export function checkNewCollection(database: string, name: string): void {
  checkCollectionName(database, name);
  const namespace = `${database}.${name}`;
  if (name.includes('$')) throw invalidNamespace(`Invalid collection name: ${name}`);
  if (name.startsWith('system.')) throw invalidNamespace(`Invalid system namespace: ${namespace}`);
  if (Buffer.byteLength(namespace) > MAX_NAMESPACE_BYTES) {
    throw invalidNamespace(
      `Fully qualified namespace is too long. Namespace: ${namespace} Max: ${MAX_NAMESPACE_BYTES}`,
    );
  }
}
