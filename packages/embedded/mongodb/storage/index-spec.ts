/** What an index was asked to be: reads and checks a specification. */
import { badValue, failedToParse, MongoError, typeMismatch } from '../errors.ts';
import { equalValues } from '../values/compare.ts';
import { describeField, describeValue } from '../values/describe.ts';
import { docFrom, getField, isEmptyDoc } from '../values/fields.ts';
import { isDoc, isNumber, kindOf } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import { splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { readCollation } from './collation-spec.ts';
import { parsePartialFilter } from './partial-filter.ts';

export interface IndexSpec {
  readonly name: string;
  readonly key: Doc;
  readonly fields: readonly { path: string; direction: 1 | -1 }[];
  readonly paths: readonly (readonly string[])[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly hidden: boolean;
  readonly partialFilter: Doc | undefined;
  readonly collation: Doc | undefined;
  readonly expireAfterSeconds: number | undefined;
  /** As listIndexes shows it, and as it is kept on disk. */
  readonly doc: Doc;
}

export const ID_INDEX_NAME = '_id_';

/** Accepted by a real server and without meaning here. */
const IGNORED_OPTIONS = new Set(['v', 'ns', 'background', 'dropDups']);
const OPTIONS = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'hidden',
  'expireAfterSeconds',
  'partialFilterExpression',
  'collation',
]);
const ID_INDEX_OPTIONS = new Set(['key', 'name', 'collation', 'hidden']);
const MAX_FIELDS = 32;
const MAX_INT32 = 0x7fffffff;

export function cannotCreateIndex(message: string): MongoError {
  return new MongoError(67, 'CannotCreateIndex', message);
}

export function idIndexSpec(collation: Doc | undefined): IndexSpec {
  return readIndexSpec(docFrom([['key', docFrom([['_id', 1]])]]), collation);
}

/** `defaultCollation` is the collection's, for an index that names none. */
export function readIndexSpec(given: Doc, defaultCollation: Doc | undefined): IndexSpec {
  const key = getField(given, 'key');
  if (key === undefined) {
    throw failedToParse("The 'key' field is a required property of an index specification");
  }
  if (!isDoc(key)) throw typeMismatch(`The field 'key' must be an object, but got ${kindOf(key)}`);
  const fields = readKeyPattern(key);
  const isIdIndex = fields.length === 1 && fields[0]!.path === '_id' && fields[0]!.direction === 1;
  checkVersion(getField(given, 'v'));
  checkOptionNames(given, isIdIndex);
  const collation = readIndexCollation(given, defaultCollation, isIdIndex);
  const partialFilter = readPartialFilter(given);
  const spec = {
    name: isIdIndex ? ID_INDEX_NAME : readName(given, key),
    key,
    fields,
    paths: fields.map(({ path }) => splitPath(path)),
    // The _id index is unique without saying so.
    unique: isIdIndex || readFlag(given, 'unique'),
    sparse: readFlag(given, 'sparse'),
    hidden: readFlag(given, 'hidden'),
    partialFilter,
    collation,
    expireAfterSeconds: readExpiry(given, fields.length),
  };
  if (spec.sparse && partialFilter) {
    throw cannotCreateIndex('cannot mix "partialFilterExpression" and "sparse" options');
  }
  if (isIdIndex && spec.hidden) throw badValue("can't hide _id index");
  return { ...spec, doc: specDoc(spec, isIdIndex) };
}

/** The same index with other values of what collMod may change. */
export function withOptions(
  spec: IndexSpec,
  { hidden = spec.hidden, expireAfterSeconds = spec.expireAfterSeconds },
): IndexSpec {
  const changed = { ...spec, hidden, expireAfterSeconds };
  return { ...changed, doc: specDoc(changed, spec.name === ID_INDEX_NAME) };
}

function specDoc(spec: Omit<IndexSpec, 'doc'>, isIdIndex: boolean): Doc {
  return docFrom([
    ['v', 2],
    ['key', spec.key],
    ['name', spec.name],
    ['unique', spec.unique && !isIdIndex ? true : undefined],
    ['sparse', spec.sparse || undefined],
    ['hidden', spec.hidden || undefined],
    ['expireAfterSeconds', spec.expireAfterSeconds],
    ['partialFilterExpression', spec.partialFilter],
    ['collation', spec.collation],
  ]);
}

function readKeyPattern(key: Doc): IndexSpec['fields'] {
  if (isEmptyDoc(key)) throw cannotCreateIndex('Index keys cannot be empty.');
  const names = Object.keys(key);
  if (names.length > MAX_FIELDS)
    throw cannotCreateIndex(`Index keys cannot have more than ${MAX_FIELDS} fields`);
  return names.map((path) => ({
    path: checkPath(path),
    direction: readDirection(path, getField(key, path)),
  }));
}

function checkPath(path: string): string {
  if (path === '') throw cannotCreateIndex('Index keys cannot be an empty field.');
  if (path === '$**' || path.endsWith('.$**')) {
    throw cannotCreateIndex('Wildcard indexes are not supported by this server');
  }
  for (const segment of splitPath(path)) {
    if (segment === '') throw cannotCreateIndex('Index keys cannot contain an empty field.');
    if (segment.startsWith('$')) {
      throw cannotCreateIndex("Index key contains an illegal field name: field name starts with '$'.");
    }
  }
  return path;
}

function readDirection(path: string, value: Value | undefined): 1 | -1 {
  if (isNumber(value)) {
    const number = toNumber(value);
    if (number > 0) return 1;
    if (number < 0) return -1;
    if (number === 0) throw cannotCreateIndex('Values in the index key pattern cannot be 0.');
  }
  if (typeof value === 'string') {
    const known = ['text', '2dsphere', '2d', 'hashed'].includes(value);
    if (known)
      throw cannotCreateIndex(
        `Indexes of type '${value}' are not supported by this server (field '${path}')`,
      );
    throw cannotCreateIndex(`Unknown index plugin '${value}'`);
  }
  throw cannotCreateIndex(
    `Values in v:2 index key pattern cannot be of type ${kindOf(value)}. ` +
      'Only numbers > 0, numbers < 0, and strings are allowed.',
  );
}

function checkVersion(version: Value | undefined): void {
  if (version === undefined) return;
  if (isNumber(version) && [1, 2].includes(toNumber(version))) return;
  throw cannotCreateIndex(
    `Invalid index specification { v: ${describeValue(version)} }; cannot create an index with v=${describeValue(version)}`,
  );
}

function checkOptionNames(given: Doc, isIdIndex: boolean): void {
  const allowed = isIdIndex ? ID_INDEX_OPTIONS : OPTIONS;
  for (const option of Object.keys(given)) {
    if (allowed.has(option) || IGNORED_OPTIONS.has(option)) continue;
    const which = isIdIndex && OPTIONS.has(option) ? 'an _id index' : 'an index';
    throw new MongoError(
      197,
      'InvalidIndexSpecificationOption',
      `The field '${option}' is not valid for ${which} specification. Specification: ${describeValue(given)}`,
    );
  }
}

function readName(given: Doc, key: Doc): string {
  const name = getField(given, 'name');
  if (name === undefined)
    throw failedToParse("The 'name' field is a required property of an index specification");
  if (typeof name !== 'string') {
    throw typeMismatch(`The field 'name' must be a string, but got ${kindOf(name)}`);
  }
  if (name === '') throw cannotCreateIndex('The index name cannot be empty');
  if (name === '*') throw badValue("The index name '*' is not valid.");
  if (name === ID_INDEX_NAME) {
    throw badValue(
      `The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found ${describeField('key', key)}`,
    );
  }
  return name;
}

function readFlag(given: Doc, option: string): boolean {
  const value = getField(given, option);
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  if (isNumber(value)) return toNumber(value) !== 0;
  throw typeMismatch(
    `The field '${option}' has value ${describeField(option, value)}, which is not convertible to bool`,
  );
}

function readExpiry(given: Doc, fieldCount: number): number | undefined {
  const value = getField(given, 'expireAfterSeconds');
  if (value === undefined) return undefined;
  if (!isNumber(value)) {
    throw cannotCreateIndex(
      `TTL index 'expireAfterSeconds' option must be numeric, but received a type of '${kindOf(value)}'. Index spec: ${describeValue(given)}`,
    );
  }
  const seconds = Math.trunc(toNumber(value));
  checkExpiry(seconds);
  if (fieldCount > 1) {
    throw cannotCreateIndex(
      `TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${describeValue(given)}`,
    );
  }
  return seconds;
}

export function checkExpiry(seconds: number): void {
  if (seconds >= 0 && seconds <= MAX_INT32) return;
  const why =
    seconds < 0 ? 'cannot be less than 0' : `must be within an acceptable range, no more than ${MAX_INT32}`;
  throw cannotCreateIndex(`TTL index 'expireAfterSeconds' option ${why}`);
}

function readPartialFilter(given: Doc): Doc | undefined {
  const filter = getField(given, 'partialFilterExpression');
  if (filter === undefined) return undefined;
  if (!isDoc(filter)) {
    throw typeMismatch(`The field 'partialFilterExpression' must be an object, but got ${kindOf(filter)}`);
  }
  parsePartialFilter(filter, undefined);
  return filter;
}

function readIndexCollation(
  given: Doc,
  defaultCollation: Doc | undefined,
  isIdIndex: boolean,
): Doc | undefined {
  const collation = getField(given, 'collation');
  if (collation === undefined) return defaultCollation;
  if (!isDoc(collation))
    throw typeMismatch(`The field 'collation' must be an object, but got ${kindOf(collation)}`);
  const full = readCollation(collation);
  if (isIdIndex && !sameDoc(full, defaultCollation)) {
    throw badValue('The _id index must have the same collation as the collection.');
  }
  return full;
}

export function sameDoc(a: Doc | undefined, b: Doc | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalValues(a, b);
}
