// Stages that take an object of fixed fields, checked in the words of MongoDB's generated parsers.
import { location, typeMismatch } from '../errors.ts';
import { isDoc, type Kind, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';

export interface FieldRule {
  required?: boolean;
  /** Any of these types; all when left out. */
  kinds?: readonly Kind[];
}

export const NUMBERS: readonly Kind[] = ['int', 'long', 'double', 'decimal'];

/** The fields of `spec`; `name` is the stage or, for a nested object, stage.field. */
export function checkedFields<Name extends string>(
  spec: Value,
  name: string,
  rules: Record<Name, FieldRule>,
): Partial<Record<Name, Value>> {
  if (!isDoc(spec)) {
    throw typeMismatch(`BSON field '${name}' is the wrong type '${kindOf(spec)}', expected type 'object'`);
  }
  for (const field of Object.keys(spec)) {
    const rule = Object.hasOwn(rules, field) ? rules[field as Name] : undefined;
    if (!rule) throw location(40415, `BSON field '${name}.${field}' is an unknown field.`);
    const kind = kindOf(spec[field]);
    if (rule.kinds && !rule.kinds.includes(kind)) throw wrongKind(`${name}.${field}`, kind, rule.kinds);
  }
  for (const field of Object.keys(rules) as Name[]) {
    if (rules[field].required && !Object.hasOwn(spec, field)) {
      throw location(40414, `BSON field '${name}.${field}' is missing but a required field`);
    }
  }
  return spec as Doc as Partial<Record<Name, Value>>;
}

function wrongKind(field: string, kind: Kind, kinds: readonly Kind[]) {
  const expected = kinds.length === 1 ? `type '${kinds[0]}'` : `types '[${kinds.join(', ')}]'`;
  return typeMismatch(`BSON field '${field}' is the wrong type '${kind}', expected ${expected}`);
}
