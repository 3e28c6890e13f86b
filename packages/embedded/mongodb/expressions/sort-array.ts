// $sortArray: by whole elements, or by fields of documents.
import { location } from '../errors.ts';
import type { Collator } from '../values/collation.ts';
import { compareValues } from '../values/compare.ts';
import { describeField } from '../values/describe.ts';
import { getField } from '../values/fields.ts';
import { isDoc, isNullish, isNumber, kindOf } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import { getPath, splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import type { OperatorCompiler } from './expression.ts';
import { checkFieldName } from './field-path.ts';
import { chargeArray } from './meter.ts';
import { namedArguments } from './operands.ts';

type Compare = (a: Value, b: Value) => number;

export const compileSortArray: OperatorCompiler = (operand, compiler) => {
  const spec = namedArguments(operand, ['input', 'sortBy'], [], {
    notAnObject: (given) =>
      location(2942500, `$sortArray requires an object as an argument, found: ${kindOf(given)}`),
    unknown: (argument) => location(2942501, `$sortArray found an unknown argument: ${argument}`),
    missing: (argument) =>
      location(argument === 'input' ? 2942502 : 2942503, `$sortArray requires '${argument}' to be specified`),
  });
  const input = compiler.compile(spec.input);
  const compare = compareBy(spec.sortBy, compiler.context.collator);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) {
      throw location(
        2942504,
        `The input argument to $sortArray must be an array, but was of type: ${kindOf(array)}`,
      );
    }
    const sorted = array.toSorted(compare);
    chargeArray(sorted);
    return sorted;
  };
};

function compareBy(sortBy: Value, collator: Collator | undefined): Compare {
  if (isDoc(sortBy)) return compareByFields(sortBy, collator);
  if (!isNumber(sortBy)) {
    throw location(
      2942507,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  const direction = toNumber(sortBy);
  if (direction !== 1 && direction !== -1) {
    throw location(2942506, 'The $sort element value must be either 1 or -1');
  }
  return (a, b) => direction * compareValues(a, b, collator);
}

function compareByFields(sortBy: Doc, collator: Collator | undefined): Compare {
  const fields = Object.keys(sortBy).map((path) => {
    const order = getField(sortBy, path);
    if (!isNumber(order) || (toNumber(order) !== 1 && toNumber(order) !== -1)) {
      throw location(
        2942505,
        `BadValue: The $sort element value must be either 1 or -1: ${describeField(path, order)}`,
      );
    }
    const segments = splitPath(path);
    segments.forEach(checkFieldName);
    return { segments, direction: toNumber(order) };
  });
  if (fields.length === 0)
    throw location(2942505, 'BadValue: The $sort pattern is empty when it should be a set of fields.');
  const keyOf = (value: Value, segments: string[]) =>
    (isDoc(value) ? getPath(value, segments) : undefined) ?? null;
  return (a, b) => {
    for (const { segments, direction } of fields) {
      const order = compareValues(keyOf(a, segments), keyOf(b, segments), collator);
      if (order !== 0) return direction * order;
    }
    return 0;
  };
}
