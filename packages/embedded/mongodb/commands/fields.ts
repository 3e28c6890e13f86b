/** Reads the fields of a command: each one declared with its type, everything else refused in MongoDB's words. */
import type { Long } from 'bson';
import { failedToParse, location, MongoError, typeMismatch } from '../errors.ts';
import { getField, newDoc } from '../values/fields.ts';
import { isDoc, isNullish, isNumber, kindOf } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';

/** Reads one value; `path` names it in errors. */
export interface FieldReader<T> {
  (value: Value, path: string): T;
  /** Otherwise null means that the field was not given. */
  takesNull?: boolean;
}

export interface Required<T> {
  required: FieldReader<T>;
}

export type Fields = Record<string, FieldReader<unknown> | Required<unknown>>;

export type Args<F extends Fields> = {
  [K in keyof F]: F[K] extends Required<infer T>
    ? T
    : F[K] extends FieldReader<infer T>
      ? T | undefined
      : never;
};

export const required = <T>(read: FieldReader<T>): Required<T> => ({ required: read });

export function wrongType(path: string, value: Value, expected: readonly string[]): MongoError {
  // The quotes of the longer form are as unbalanced in the real server's words.
  const types = expected.length === 1 ? `type '${expected[0]}'` : `types '[${expected.join(', ')}']`;
  return typeMismatch(`BSON field '${path}' is the wrong type '${kindOf(value)}', expected ${types}`);
}

export const doc: FieldReader<Doc> = (value, path) => {
  if (!isDoc(value)) throw wrongType(path, value, ['object']);
  return value;
};

export const text: FieldReader<string> = (value, path) => {
  if (typeof value !== 'string') throw wrongType(path, value, ['string']);
  return value;
};

/** For fields that MongoDB does not let be null, and words its own way. */
export const ownDoc: FieldReader<Doc> = (value, path) => {
  if (!isDoc(value)) throw typeMismatch(`Expected field ${lastName(path)}to be of type object`);
  return value;
};
ownDoc.takesNull = true;

export const strictFlag: FieldReader<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw wrongType(path, value, ['bool']);
  return value;
};

/** Like a strict flag, but not even null passes, and the words are others. */
export const ownFlag: FieldReader<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw typeMismatch(`Field '${lastName(path)}' should be a boolean value, but found: ${kindOf(value)}`);
};
ownFlag.takesNull = true;

/** Numbers pass for booleans in most commands. */
export const flag: FieldReader<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  if (isNumber(value)) return toNumber(value) !== 0;
  throw wrongType(path, value, ['bool', 'long', 'int', 'decimal', 'double']);
};

export const number: FieldReader<number> = (value, path) => {
  if (!isNumber(value)) throw wrongType(path, value, ['long', 'int', 'decimal', 'double']);
  const result = toNumber(value);
  return Number.isNaN(result) ? 0 : Math.trunc(result);
};

/** A number that must not be negative. */
export const size: FieldReader<number> = (value, path) => {
  const result = number(value, path);
  if (result < 0) {
    throw location(51024, `BSON field '${lastName(path)}' value must be >= 0, actual value '${result}'`);
  }
  return result;
};

export const long: FieldReader<bigint> = (value, path) => {
  if (kindOf(value) !== 'long') throw wrongType(path, value, ['long']);
  return (value as Long).toBigInt();
};

export const anything: FieldReader<Value> = (value) => value;
anything.takesNull = true;

/** An index, by name or by key pattern. */
export const hint: FieldReader<Doc | string> = (value) => {
  if (typeof value !== 'string' && !isDoc(value)) throw failedToParse('Hint must be a string or an object');
  return value;
};
hint.takesNull = true;

export const list =
  <T>(read: FieldReader<T>): FieldReader<T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw wrongType(path, value, ['array']);
    return value.map((item, i) => {
      if (item === null) throw wrongType(`${path}.${i}`, item, ['object']);
      return read(item, `${path}.${i}`);
    });
  };

/** A document with declared fields of its own. */
export const struct =
  <F extends Fields>(fields: F): FieldReader<Args<F>> =>
  (value, path) =>
    readFields(doc(value, path), fields, withoutIndexes(path));

export function oneOf<T extends string>(...choices: T[]): FieldReader<T> {
  return (value, path) => {
    const chosen = text(value, path);
    if ((choices as string[]).includes(chosen)) return chosen as T;
    throw new MongoError(
      2,
      'BadValue',
      `Enumeration value '${chosen}' for field '${path}' is not a valid value.`,
    );
  };
}

/** `isAllowed` tells fields that stand beside the declared ones. */
export function readFields<F extends Fields>(
  given: Doc,
  fields: F,
  path: string,
  isAllowed: (name: string) => boolean = () => false,
): Args<F> {
  const args = newDoc() as Record<string, unknown>;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(fields, name)) {
      if (isAllowed(name)) continue;
      throw location(40415, `BSON field '${path}.${name}' is an unknown field.`);
    }
    const value = getField(given, name)!;
    const field = fields[name]!;
    // Null stands for "not given", except where a value is needed.
    if (typeof field === 'function') {
      if (!isNullish(value) || field.takesNull) args[name] = field(value, `${path}.${name}`);
    } else {
      args[name] = field.required(value, `${path}.${name}`);
    }
  }
  for (const name of Object.keys(fields)) {
    if (typeof fields[name] !== 'function' && !Object.hasOwn(args, name))
      throw missingField(`${path}.${name}`);
  }
  return args as Args<F>;
}

export function missingField(path: string): MongoError {
  return location(40414, `BSON field '${path}' is missing but a required field`);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** MongoDB names a field of an element after the array: `update.updates.q`. */
function withoutIndexes(path: string): string {
  return path.replaceAll(/\.\d+(?=\.|$)/g, '');
}
