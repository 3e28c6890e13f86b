// Values as MongoDB writes them into its error messages.

import { formatNumber } from '../values/conversions.ts';
import { isDoc, isNumber, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';

const LONGEST = 200;

export function describe(value: Value | undefined): string {
  const text = write(value, 0);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

function write(value: Value | undefined, depth: number): string {
  if (value === undefined) return 'MISSING';
  if (value === null) return 'null';
  if (typeof value === 'string')
    return depth === 0 ? value.slice(0, LONGEST + 1) : JSON.stringify(value.slice(0, LONGEST));
  if (typeof value === 'boolean') return String(value);
  if (isNumber(value)) return formatNumber(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (depth > 3) return '...';
  if (Array.isArray(value))
    return `[${value
      .slice(0, 10)
      .map((element) => write(element, depth + 1))
      .join(', ')}]`;
  if (isDoc(value)) {
    const fields = Object.keys(value).slice(0, 10);
    return `{${fields.map((name) => `${name}: ${write(value[name], depth + 1)}`).join(', ')}}`;
  }
  return kindOf(value) === 'objectId' ? String(value) : kindOf(value);
}
