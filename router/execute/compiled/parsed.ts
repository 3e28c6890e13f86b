/** Reads an answer that JSON.parse has read into the same rows that scan.ts makes of text. */

import { wireJson } from '../wire-text.ts';
import { isLeaf } from './leaf.ts';
import type { Shape, ShapeField } from './shape.ts';
import { List, type Row, type Value } from './values.ts';

export interface ParsedRow {
  row: Row;
  /** Whether every scalar has its type, and lists are where they should be; the answer is completed with more care where one has not. */
  isSound: boolean;
}

export function rowOf(object: Record<string, unknown>, shape: Shape): ParsedRow {
  let isSound = true;
  return { row: readObject(object, shape), isSound };

  function readObject(source: Record<string, unknown>, { place, fields }: Shape): Row {
    const row = place.blank.slice();
    for (const [key, field] of fields) {
      if (Object.hasOwn(source, key)) row[field.slot] = readValue(source[key], field, field.depth);
    }
    return row;
  }

  function readValue(value: unknown, field: ShapeField, depth: number): Value {
    if (value === null || value === undefined) return null;
    if (field.leaf?.kind === 'any' && depth === 0) return wireJson(value);
    if (Array.isArray(value)) {
      if (depth === 0) isSound = false;
      return new List(value.map((item) => readValue(item, field, Math.max(0, depth - 1))));
    }
    if (depth > 0) isSound = false;
    if (typeof value === 'object' && field.shape) {
      return readObject(value as Record<string, unknown>, field.shape);
    }
    const text = wireJson(value);
    if (!field.leaf || !isLeaf(field.leaf, text)) isSound = false;
    return text;
  }
}
