// Functions that only windows have: ranks, shifts, filling of gaps, moving averages.
import { failedToParse, location, typeMismatch } from '../errors.ts';
import { compileExpression } from '../expressions/compile.ts';
import { constantOf } from '../expressions/expression.ts';
import { compareValues } from '../values/compare.ts';
import {
  type Decimal,
  decimalFromBigInt,
  decimalToDouble,
  parseDecimal,
  writeDecimal,
} from '../values/decimal.ts';
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../values/decimal-arithmetic.ts';
import { describeField } from '../values/describe.ts';
import { isDate, isDoc, isNullish, isNumber, kindOf, type Numeric } from '../values/kind.ts';
import {
  add,
  divide,
  INT_MAX,
  INT_MIN,
  integralValue,
  makeDouble,
  multiply,
  numberKind,
  subtract,
  toDecimalParts,
} from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileOver, expressionContext } from './evaluate.ts';
import type { WindowContext, WindowFunction } from './window.ts';
import { slopeFunctions } from './window-slopes.ts';

export type CompileWindowOnly = (spec: Doc, context: WindowContext, name: string) => WindowFunction;

function onlyTheFunction(spec: Doc, name: string): void {
  for (const field of Object.keys(spec)) {
    if (field === name) continue;
    if (field === 'window') throw failedToParse(`'window' field is not allowed in ${name}`);
    throw failedToParse(`Window function found an unknown argument: ${field}`);
  }
}

/** Counts through the partition; `next` says the rank of a document after the one before it. */
function ranking(
  next: (state: { rank: number; position: number }, isPeer: boolean) => number,
): CompileWindowOnly {
  return (spec, { sortBy }, name) => {
    if (Object.keys(spec).length !== 1) {
      throw location(5371601, 'Rank style window functions take no other arguments');
    }
    const argument = spec[name];
    if (!isDoc(argument) || Object.keys(argument).length > 0) {
      throw location(5371603, `${name} must be specified with '{}' as the value`);
    }
    if (sortBy.length !== 1) {
      throw location(
        5371602,
        `${name} must be specified with a top level sortBy expression with exactly one element`,
      );
    }
    return ({ keys }) => {
      let rank = 0;
      return keys.map(([key], position) => {
        const isPeer = position > 0 && compareValues(key, keys[position - 1]?.[0]) === 0;
        rank = next({ rank, position }, isPeer);
        return rank;
      });
    };
  };
}

const compileShift: CompileWindowOnly = (spec, { pipeline, sortBy }, name) => {
  for (const field of Object.keys(spec)) {
    if (field === 'window') throw failedToParse("$shift does not accept a 'window' field");
    if (field !== name) throw failedToParse(`Window function found an unknown argument: ${field}`);
  }
  const shift = spec[name];
  if (!isDoc(shift)) throw failedToParse('Argument to $shift must be an object');
  const unknown = Object.keys(shift).find((field) => !['output', 'by', 'default'].includes(field));
  if (unknown !== undefined) throw failedToParse(`Unknown argument in ${name}`);
  if (!Object.hasOwn(shift, 'output')) throw failedToParse("$shift requires an 'output' expression.");
  if (!Object.hasOwn(shift, 'by')) throw failedToParse("$shift requires 'by' as an integer value.");
  const output = compileOver(shift.output as Value, pipeline);
  const by = shiftBy(shift.by as Value);
  const fallback = constantOf(compileExpression(shift.default ?? null, expressionContext(pipeline)));
  if (!fallback) throw failedToParse("'$shift:default' expression must yield a constant value.");
  if (sortBy.length === 0) throw failedToParse("'$shift' requires a sortBy");
  return ({ docs }) =>
    docs.map((_, i) => {
      const doc = docs[i + by];
      return doc ? (output(doc) ?? null) : (fallback.value ?? null);
    });
};

function shiftBy(value: Value): number {
  const by = isNumber(value) ? integralValue(value) : undefined;
  if (by !== undefined && by >= INT_MIN && by <= INT_MAX) return Number(by);
  throw failedToParse(`'$shift:by' field must be an integer, but found  ${describeField('by', value)}`);
}

/** Last observation carried forward. */
const compileLocf: CompileWindowOnly = (spec, { pipeline }, name) => {
  onlyTheFunction(spec, name);
  const input = compileOver(spec[name] as Value, pipeline);
  return ({ docs }) => {
    let observed: Value = null;
    return docs.map((doc) => {
      const value = input(doc);
      if (!isNullish(value)) observed = value;
      return observed;
    });
  };
};

/** Gaps between two values are filled along the line through them, by the values sorted by. */
const compileLinearFill: CompileWindowOnly = (spec, { pipeline, sortBy }, name) => {
  onlyTheFunction(spec, name);
  if (sortBy.length !== 1) {
    throw location(
      605001,
      `${name} must be specified with a top level sortBy expression with exactly one element`,
    );
  }
  const input = compileOver(spec[name] as Value, pipeline);
  return ({ docs, keys }) => {
    const places = keys.map(([key]) => place(key));
    checkDistinct(places);
    const values = docs.map((doc) => fillable(input(doc)));
    const filled: Value[] = values.map((value) => value ?? null);
    let left = -1;
    values.forEach((value, right) => {
      if (value === undefined) return;
      for (let i = left + 1; left >= 0 && i < right; i++) {
        filled[i] = between(places[i]!, [places[left]!, values[left]!], [places[right]!, value]);
      }
      left = right;
    });
    return filled;
  };
};

function place(key: Value | undefined): Numeric {
  if (isDate(key)) return makeDouble(key.getTime());
  if (isNumber(key)) return key;
  throw typeMismatch(`$linearFill needs a sortBy of numbers or dates, but found ${kindOf(key)}`);
}

function checkDistinct(places: readonly Numeric[]): void {
  for (let i = 1; i < places.length; i++) {
    if (compareValues(places[i - 1], places[i]) === 0) {
      throw location(6050106, 'There can be no repeated values in the sort field');
    }
  }
}

function fillable(value: Value | undefined): Numeric | undefined {
  if (isNullish(value)) return undefined;
  if (isNumber(value)) return value;
  throw typeMismatch(`Value to be filled must be numeric or nullish, but found value type: ${kindOf(value)}`);
}

function between(x: Numeric, [x1, y1]: [Numeric, Numeric], [x2, y2]: [Numeric, Numeric]): Numeric {
  const slope = divide(subtract(y2, y1), subtract(x2, x1));
  return add(y1, multiply(slope, subtract(x, x1)));
}

const ONE = decimalFromBigInt(1n);

/** In decimals throughout, as MongoDB reckons it, and given as a double where no decimal took part. */
const compileMovingAverage: CompileWindowOnly = (spec, { pipeline, sortBy }, name) => {
  const argument = spec[name];
  if (Object.keys(spec).length !== 1 || !isDoc(argument)) {
    throw failedToParse('$expMovingAvg must have exactly one argument that is an object');
  }
  const alpha = weightOf(argument);
  if (sortBy.length === 0) throw failedToParse("$expMovingAvg requires an explicit 'sortBy'");
  const input = compileOver(argument.input as Value, pipeline);
  return ({ docs }) => {
    let average: Decimal | undefined;
    let isDecimal = false;
    return docs.map((doc) => {
      const value = input(doc);
      if (isNumber(value)) {
        isDecimal ||= numberKind(value) === 'decimal';
        const parts = toDecimalParts(value);
        average = average === undefined ? parts : weighted(alpha, parts, average);
      }
      if (average === undefined) return null;
      return isDecimal ? writeDecimal(average) : makeDouble(decimalToDouble(average));
    });
  };
};

function weighted(alpha: Decimal, value: Decimal, average: Decimal): Decimal {
  return addDecimals(multiplyDecimals(alpha, value), multiplyDecimals(subtractDecimals(ONE, alpha), average));
}

function weightOf(argument: Doc): Decimal {
  const fields = Object.keys(argument);
  const shape =
    "$expMovingAvg sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field";
  if (fields.length !== 2 || !fields.includes('input')) throw failedToParse(shape);
  if (fields.includes('N')) return weightOfCount(argument.N as Value);
  if (!fields.includes('alpha')) throw failedToParse(`Got unrecognized field in $expMovingAvg${shape}`);
  const { alpha } = argument;
  if (!isNumber(alpha)) throw failedToParse("'alpha' must be a number");
  const parts = toDecimalParts(alpha);
  if (compareDecimals(parts, parseDecimal('0')!) > 0 && compareDecimals(parts, ONE) < 0) return parts;
  throw failedToParse(`'alpha' must be between 0 and 1 (exclusive), found ${describeField('alpha', alpha)}`);
}

function weightOfCount(value: Value): Decimal {
  if (!isNumber(value)) throw failedToParse(`'N' field must be an integer, but found type ${kindOf(value)}`);
  const n = integralValue(value);
  if (n === undefined) {
    throw failedToParse(
      `'N' field must be an integer, but found  ${describeField('N', value)}. To use a non-integer, use the 'alpha' argument instead`,
    );
  }
  if (n <= 0n) throw failedToParse(`'N' must be greater than zero. Got ${n}`);
  return divideDecimals(decimalFromBigInt(2n), decimalFromBigInt(n + 1n));
}

export const windowOnlyFunctions: ReadonlyMap<string, CompileWindowOnly> = new Map(
  Object.entries({
    $rank: ranking(({ rank, position }, isPeer) => (isPeer ? rank : position + 1)),
    $denseRank: ranking(({ rank }, isPeer) => (isPeer ? rank : rank + 1)),
    $documentNumber: ranking(({ position }) => position + 1),
    $shift: compileShift,
    $locf: compileLocf,
    $linearFill: compileLinearFill,
    $expMovingAvg: compileMovingAverage,
    ...slopeFunctions,
  }),
);
