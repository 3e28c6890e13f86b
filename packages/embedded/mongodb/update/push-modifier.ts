/** $push with $each, $position, $sort and $slice. */
import { badValue } from '../errors.ts';
import { parseLong } from '../query/integers.ts';
import type { Collator } from '../values/collation.ts';
import { compareValues } from '../values/compare.ts';
import { getField, hasField } from '../values/fields.ts';
import { isDoc, isNumber, kindOf } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import { arrayIndex, splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { describeId, type Modifier } from './modifier.ts';

interface Push {
  items: Value[];
  position: number | undefined;
  slice: number | undefined;
  sort: ((a: Value, b: Value) => number) | undefined;
}

export function pushModifier(operand: Value, collator?: Collator): Modifier {
  const push = parsePush(operand, collator);
  return {
    change(value, { root, path }) {
      if (!Array.isArray(value)) {
        throw badValue(
          `The field '${path}' must be an array but is of type ${kindOf(value)} in document {${describeId(root)}}`,
        );
      }
      return pushInto(value, push);
    },
    create: () => pushInto([], push),
  };
}

/** The same array when nothing was asked for or nothing had to go. */
function pushInto(array: Value[], { items, position, slice, sort }: Push): Value[] {
  const keeps = items.length === 0 && !sort && (slice === undefined || Math.abs(slice) >= array.length);
  if (keeps) return array;
  const at = insertionIndex(array.length, position);
  const result = [...array.slice(0, at), ...items, ...array.slice(at)];
  if (sort) result.sort(sort);
  if (slice === undefined || Math.abs(slice) >= result.length) return result;
  return slice < 0 ? result.slice(slice) : result.slice(0, slice);
}

function insertionIndex(length: number, position: number | undefined): number {
  if (position === undefined || position >= length) return length;
  return position < 0 ? Math.max(0, length + position) : position;
}

function parsePush(operand: Value, collator: Collator | undefined): Push {
  if (!isDoc(operand) || !hasField(operand, '$each')) {
    return { items: [operand], position: undefined, slice: undefined, sort: undefined };
  }
  for (const name of Object.keys(operand)) {
    if (!['$each', '$slice', '$sort', '$position'].includes(name)) {
      throw badValue(`Unrecognized clause in $push: ${name}`);
    }
  }
  const each = getField(operand, '$each');
  if (!Array.isArray(each)) {
    throw badValue(`The argument to $each in $push must be an array but it was of type: ${kindOf(each)}`);
  }
  return {
    items: each,
    slice: integerClause(operand, '$slice', 'be an integer value but was given type:'),
    position: integerClause(operand, '$position', 'be an integer value, not of type:'),
    sort: sortClause(getField(operand, '$sort'), collator),
  };
}

function integerClause(operand: Doc, name: string, complaint: string): number | undefined {
  const value = getField(operand, name);
  if (value === undefined) return undefined;
  try {
    return Number(parseLong(name, value));
  } catch {
    // The reason is told in words of its own here.
    throw badValue(`The value for ${name} must ${complaint} ${kindOf(value)}`);
  }
}

function sortClause(
  clause: Value | undefined,
  collator: Collator | undefined,
): ((a: Value, b: Value) => number) | undefined {
  if (clause === undefined) return undefined;
  if (isDoc(clause)) return compareByFields(clause, collator);
  if (!isNumber(clause)) {
    throw badValue(
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  const direction = toNumber(clause);
  if (direction !== 1 && direction !== -1) {
    throw badValue('The $sort element value must be either 1 or -1');
  }
  return (a, b) => direction * compareValues(a, b, collator);
}

function compareByFields(pattern: Doc, collator: Collator | undefined): (a: Value, b: Value) => number {
  const parts = Object.keys(pattern).map((path) => sortPart(path, getField(pattern, path)!));
  if (parts.length === 0) throw badValue('The sort pattern is empty when it should be a set of fields.');
  return (a, b) => {
    for (const { segments, direction } of parts) {
      const order = compareValues(valueAt(a, segments), valueAt(b, segments), collator);
      if (order !== 0) return direction * order;
    }
    return 0;
  };
}

function sortPart(path: string, order: Value): { segments: string[]; direction: number } {
  const direction = isNumber(order) ? toNumber(order) : 0;
  if (direction !== 1 && direction !== -1) {
    throw badValue('The sort element value must be either 1 or -1');
  }
  if (path === '') throw badValue('The sort field cannot be empty');
  const segments = splitPath(path);
  if (segments.includes('')) {
    throw badValue(`The sort field is a dotted field but has an empty part: ${path}`);
  }
  return { segments, direction };
}

/** Arrays are entered by index only; what is missing sorts as null. */
function valueAt(item: Value, segments: string[]): Value {
  let value: Value | undefined = item;
  for (const segment of segments) {
    if (Array.isArray(value)) value = value[arrayIndex(segment)];
    else value = isDoc(value) ? getField(value, segment) : undefined;
  }
  return value ?? null;
}
