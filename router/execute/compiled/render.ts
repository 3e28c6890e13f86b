/**
 * The answer as text, where nothing is wrong with it: most of the time. Whatever is out of the ordinary (null where
 * null must not be, a place that is withheld) throws `UNSURE`, and complete.ts does the same with care.
 */
import type { FieldProjection, Projection, TypeRef } from './projection.ts';
import { typenameText } from './typename.ts';
import { isRow, List, type Row, TEXT, TYPENAME, type Value } from './values.ts';

export const UNSURE = new Error('Not to be rendered without care');

/** Introspection's part, made elsewhere. */
export type Introspect = (field: FieldProjection) => string;

export function renderRow(row: Row, projection: Projection, introspect: Introspect): string {
  const known = row[TEXT];
  if (known !== undefined) return known as string;
  const own = row[TYPENAME] === null ? undefined : projection.of(row[TYPENAME]);
  if (own === undefined) throw UNSURE;
  let text = '{';
  if (own.isDoubtful) throw UNSURE;
  for (const field of own.fields) {
    const value = row[field.slot];
    if (field.leaf !== undefined && typeof value === 'string') text += field.opening + value;
    else text += field.opening + renderField(row, value, field, introspect);
  }
  text += '}';
  if (projection.isShared) row[TEXT] = text;
  return text;
}

function renderField(row: Row, value: Value, field: FieldProjection, introspect: Introspect): string {
  if (field.typename !== undefined) return typenameText(row, value, field.typename) ?? unsure();
  if (field.introspection !== undefined) return introspect(field);
  if (field.held !== undefined) throw UNSURE;
  return renderValue(value, field.type, field.below, introspect);
}

function renderValue(
  value: Value,
  type: TypeRef,
  below: Projection | undefined,
  introspect: Introspect,
): string {
  if (value === undefined || value === null) return type.isNonNull ? unsure() : 'null';
  const { item } = type;
  if (item !== undefined) {
    if (!(value instanceof List)) throw UNSURE;
    const { items } = value;
    let text = '[';
    for (let index = 0; index < items.length; index++) {
      if (index > 0) text += ',';
      text += renderValue(items[index], item, below, introspect);
    }
    return `${text}]`;
  }
  if (below === undefined) return typeof value === 'string' ? value : unsure();
  return isRow(value) ? renderRow(value, below, introspect) : unsure();
}

function unsure(): never {
  throw UNSURE;
}
