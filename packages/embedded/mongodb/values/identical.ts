/** Whether two values are the same to the last bit: type, value, and order of fields. */
import type { Decimal128, Double, Long } from 'bson';
import { compareValues } from './compare.ts';
import { kindOf } from './kind.ts';
import type { Doc, Value } from './types.ts';

/** Stricter than equality: 1 and 1.0 differ, as do 0 and -0, and decimals of different precision. */
export function identical(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return a !== 0 || Object.is(a, b);
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  switch (kind) {
    case 'object':
      return identicalDocs(a as Doc, b as Doc);
    case 'array':
      return identicalArrays(a as Value[], b as Value[]);
    case 'double':
      return Object.is(doubleOf(a), doubleOf(b));
    case 'long':
      return (a as Long).low === (b as Long).low && (a as Long).high === (b as Long).high;
    case 'decimal':
      return Buffer.compare((a as Decimal128).bytes, (b as Decimal128).bytes) === 0;
    case 'int':
      return false;
    default:
      return compareValues(a, b) === 0;
  }
}

function doubleOf(value: Value | undefined): number {
  return typeof value === 'number' ? value : (value as Double).value;
}

function identicalDocs(a: Doc, b: Doc): boolean {
  const names = Object.keys(a);
  const others = Object.keys(b);
  if (names.length !== others.length) return false;
  return names.every((name, i) => name === others[i] && identical(a[name], b[name]));
}

function identicalArrays(a: Value[], b: Value[]): boolean {
  return a.length === b.length && a.every((item, i) => identical(item, b[i]));
}
