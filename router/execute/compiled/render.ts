/**
 * The answer as text, where nothing is wrong with it: most of the time. Whatever is out of the ordinary (null where
 * null must not be, a place that is withheld) throws `UNSURE`, and complete.ts does the same with care.
 */
import type { FieldProjection, Projection, TypeRef } from './projection.ts';
import { typenameText } from './typename.ts';
import { isRow, List, RENDERED_AS, type Row, TEXT, TYPENAME, type Value } from './values.ts';

export const UNSURE = new Error('Not to be rendered without care');

/** Introspection's part, made elsewhere. */
export type Introspect = (field: FieldProjection) => string;

export function render(root: Row, projection: Projection, introspect: Introspect): string {
  const renderer = new Renderer(introspect);
  renderer.row(root, projection);
  return renderer.text();
}

class Renderer {
  /** Joined at once: added up one by one, they would be a tree of strings that is walked when it is sent. */
  private parts: string[] = [];
  private readonly introspect: Introspect;

  constructor(introspect: Introspect) {
    this.introspect = introspect;
  }

  text(): string {
    return this.parts.join('');
  }

  row(row: Row, projection: Projection): void {
    if (row[TEXT] === undefined) this.fields(row, projection);
    else this.parts.push(this.kept(row, projection));
  }

  /** Text of a row that stands in several places. */
  private kept(row: Row, projection: Projection): string {
    if (row[RENDERED_AS] === projection.id) return row[TEXT] as string;
    const around = this.parts;
    this.parts = [];
    this.fields(row, projection);
    const text = this.text();
    row[TEXT] = text;
    row[RENDERED_AS] = projection.id;
    this.parts = around;
    return text;
  }

  private fields(row: Row, projection: Projection): void {
    const own = row[TYPENAME] === null ? undefined : projection.of(row[TYPENAME]);
    if (own === undefined || own.isDoubtful) throw UNSURE;
    const { parts } = this;
    parts.push('{');
    for (const field of own.fields) {
      const value = row[field.slot];
      parts.push(field.opening);
      if (field.leaf !== undefined && typeof value === 'string') parts.push(value);
      else this.field(row, value, field);
    }
    parts.push('}');
  }

  private field(row: Row, value: Value, field: FieldProjection): void {
    const { typename, introspection, held, type, below } = field;
    if (held !== undefined) throw UNSURE;
    if (typename !== undefined) this.parts.push(typenameText(row, value, typename) ?? unsure());
    else if (introspection !== undefined) this.parts.push(this.introspect(field));
    else this.value(value, type, below);
  }

  private value(value: Value, type: TypeRef, below: Projection | undefined): void {
    if (value === undefined || value === null) this.parts.push(type.isNonNull ? unsure() : 'null');
    else if (type.item !== undefined) this.list(value, type.item, below);
    else if (below === undefined) this.parts.push(typeof value === 'string' ? value : unsure());
    else if (isRow(value)) this.row(value, below);
    else throw UNSURE;
  }

  private list(value: Value, item: TypeRef, below: Projection | undefined): void {
    if (!(value instanceof List)) throw UNSURE;
    const { items } = value;
    this.parts.push('[');
    for (let index = 0; index < items.length; index++) {
      if (index > 0) this.parts.push(',');
      this.value(items[index], item, below);
    }
    this.parts.push(']');
  }
}

function unsure(): never {
  throw UNSURE;
}
