// Reading arrays: elements, parts, positions, joining.
import { location, MongoError } from '../errors.ts';
import { equalValues } from '../values/compare.ts';
import { describeValue } from '../values/describe.ts';
import { isNullish, isNumber, kindOf } from '../values/kind.ts';
import { toNumber } from '../values/number-kinds.ts';
import type { Value } from '../values/types.ts';
import type { Compiler, OperatorTable } from './expression.ts';
import { int32Of } from './integers.ts';
import { building, chargeArray, refuseLength } from './meter.ts';
import { ranged, unary, variadic } from './operands.ts';

type Result = Value | undefined;

/** MongoDB's own bound for $range, in bytes, at 16 bytes an element. */
const RANGE_LIMIT = 100 * 1024 * 1024;

function elementAt(array: Result, index: Result, name: string, arity: number): Result {
  if (isNullish(array) || isNullish(index)) return null;
  if (!Array.isArray(array)) {
    const which = arity === 1 ? 'argument' : 'first argument';
    throw location(28689, `${name}'s ${which} must be an array, but is ${kindOf(array)}`);
  }
  if (!isNumber(index)) {
    throw location(28690, `${name}'s second argument must be a numeric value, but is ${kindOf(index)}`);
  }
  const position = int32Of(index);
  if (position === undefined) {
    throw location(
      28691,
      `${name}'s second argument must be representable as a 32-bit integer: ${toNumber(index)}`,
    );
  }
  return array.at(position);
}

function slice(operands: Result[]): Result {
  const [array, second, third] = operands;
  if (isNullish(array) || isNullish(second)) return null;
  if (!Array.isArray(array)) {
    throw location(28724, `First argument to $slice must be an array, but is of type: ${kindOf(array)}`);
  }
  const first = sliceNumber(second, 'Second', 28725, 28726, 'must be a numeric value, but is of type');
  if (operands.length === 2) return first >= 0 ? array.slice(0, first) : array.slice(first);
  if (isNullish(third)) return null;
  const count = sliceNumber(third, 'Third', 28727, 28728, 'must be numeric, but is of type');
  if (count <= 0) throw location(28729, `Third argument to $slice must be positive: ${count}`);
  const start = first < 0 ? Math.max(0, array.length + first) : first;
  return array.slice(start, start + count);
}

function sliceNumber(value: Value, which: string, notNumeric: number, notInteger: number, words: string) {
  if (!isNumber(value)) throw location(notNumeric, `${which} argument to $slice ${words}: ${kindOf(value)}`);
  const integer = int32Of(value);
  if (integer !== undefined) return integer;
  throw location(
    notInteger,
    `${which} argument to $slice can't be represented as a 32-bit integer: ${toNumber(value)}`,
  );
}

function indexOfArray(operands: Result[], name: string, compiler: Compiler): Result {
  const [array, searched] = operands;
  if (isNullish(array)) return null;
  if (!Array.isArray(array)) {
    throw location(40090, `$indexOfArray requires an array as a first argument, found: ${kindOf(array)}`);
  }
  const { from, to } = searchBounds(operands, array.length, name);
  for (let i = from; i < to; i++) {
    if (equalValues(array[i], searched, compiler.context.collator)) return i;
  }
  return -1;
}

/** The optional third and fourth operands of a search, for arrays and strings alike. */
export function searchBounds(operands: Result[], length: number, name: string): { from: number; to: number } {
  const from = operands.length > 2 ? searchBound(operands[2], name, 'starting index') : 0;
  const to = operands.length > 3 ? searchBound(operands[3], name, 'ending index') : length;
  return { from, to: Math.min(length, to) };
}

function searchBound(value: Result, name: string, argument: string): number {
  const bound = int32Of(value);
  if (bound === undefined) {
    throw location(
      40096,
      `${name}requires an integral ${argument}, found a value of type: ${kindOf(value)}, with value: ${describeValue(value)}`,
    );
  }
  if (bound < 0) throw location(40097, `${name} requires a nonnegative ${argument}, found: ${bound}`);
  return bound;
}

function isIn([searched, array]: Result[], _name: string, compiler: Compiler): boolean {
  if (!Array.isArray(array)) {
    throw location(40081, `$in requires an array as a second argument, found: ${kindOf(array)}`);
  }
  return array.some((element) => equalValues(searched, element, compiler.context.collator));
}

function range(operands: Result[]): Value[] {
  const [start, end, step] = operands;
  const from = rangeNumber(start, 34443, 34444, 'a numeric starting value', 'a starting value');
  const to = rangeNumber(end, 34445, 34446, 'a numeric ending value', 'an ending value');
  const by =
    operands.length < 3 ? 1 : rangeNumber(step, 34447, 34448, 'a numeric step value', 'a step value');
  if (by === 0) throw location(34449, '$range requires a non-zero step value');
  const steps = Math.trunc((to - from) / by);
  const bytes = 24 + (steps >= 0 ? 1 + steps : 0) * 16;
  if (bytes >= RANGE_LIMIT) {
    throw new MongoError(
      146,
      'ExceededMemoryLimit',
      `$range would use too much memory (${bytes} bytes) and cannot spill to disk. Memory limit: ${RANGE_LIMIT} bytes`,
    );
  }
  const numbers: Value[] = [];
  for (let n = from; by > 0 ? n < to : n > to; n += by) numbers.push(n);
  chargeArray(numbers);
  return numbers;
}

function rangeNumber(
  value: Result,
  notNumeric: number,
  notInteger: number,
  numeric: string,
  integral: string,
) {
  if (!isNumber(value)) {
    throw location(notNumeric, `$range requires ${numeric}, found value of type: ${kindOf(value)}`);
  }
  const integer = int32Of(value);
  if (integer !== undefined) return integer;
  throw location(
    notInteger,
    `$range requires ${integral} that can be represented as a 32-bit integer, found value: ${describeValue(value)}`,
  );
}

function charged(result: Result): Result {
  if (Array.isArray(result)) chargeArray(result);
  return result;
}

export const arrayOperators: OperatorTable = {
  $arrayElemAt: ranged(2, 2, ([array, index], name) => elementAt(array, index, name, 2)),
  $first: unary((array, name) => elementAt(array, 0, name, 1)),
  $last: unary((array, name) => elementAt(array, -1, name, 1)),
  $slice: ranged(2, 3, (operands) => charged(slice(operands))),
  $size: unary((array) => {
    if (Array.isArray(array)) return array.length;
    throw location(17124, `The argument to $size must be an array, but was of type: ${kindOf(array)}`);
  }),
  $isArray: unary((value) => Array.isArray(value)),
  $in: ranged(2, 2, isIn),
  $indexOfArray: ranged(2, 4, indexOfArray),
  $range: ranged(2, 3, range),
  $reverseArray: unary((array) => {
    if (isNullish(array)) return null;
    if (Array.isArray(array)) return charged(array.toReversed());
    throw location(
      34435,
      `The argument to $reverseArray must be an array, but was of type: ${kindOf(array)}`,
    );
  }),
  $concatArrays: variadic((arrays) => {
    let missing = false;
    const joined = building<Value>((values) => {
      for (const array of arrays) {
        if (isNullish(array)) {
          missing = true;
          return;
        }
        if (!Array.isArray(array)) {
          throw location(28664, `$concatArrays only supports arrays, not ${kindOf(array)}`);
        }
        refuseLength(values.length + array.length);
        for (const element of array) values.push(element);
      }
    });
    return missing ? null : joined;
  }),
};
