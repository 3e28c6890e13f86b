// The range of $densify: its step, its bounds, and the values in it.
import { failedToParse, location } from '../errors.ts';
import { type TimeUnit, timeUnitOf } from '../expressions/date-arguments.ts';
import { addToDate } from '../expressions/date-arithmetic.ts';
import { UTC } from '../expressions/time-zone.ts';
import { compareValues } from '../values/compare.ts';
import { isDate, isNumber, kindOf, type Numeric } from '../values/kind.ts';
import { add, integralValue } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import { checkedFields, NUMBERS } from './fields.ts';

export interface DensifyRange {
  step: Numeric;
  unit?: TimeUnit;
  bounds: 'full' | 'partition' | { from: Value; to: Value };
}

export function parseRange(spec: Value): DensifyRange {
  const fields = checkedFields(spec, '$densify.range', {
    step: { required: true, kinds: NUMBERS },
    bounds: { required: true },
    unit: { kinds: ['string'] },
  });
  const step = fields.step as Numeric;
  if (compareValues(step, 0) <= 0) {
    throw location(
      5733401,
      'The step parameter in a range statement must be a strictly positive numeric value',
    );
  }
  const unit = fields.unit === undefined ? undefined : readUnit(fields.unit as string, step);
  return { step, bounds: parseBounds(fields.bounds as Value, step, unit), ...(unit && { unit }) };
}

function readUnit(name: string, step: Numeric): TimeUnit {
  if (integralValue(step) === undefined) {
    throw location(
      6586400,
      'The step parameter in a range statement must be a whole number when densifying a date range',
    );
  }
  const unit = timeUnitOf(name);
  if (!unit) throw failedToParse(`unknown time unit value: ${name}`);
  return unit;
}

function parseBounds(spec: Value, step: Numeric, unit: TimeUnit | undefined): DensifyRange['bounds'] {
  if (spec === 'full' || spec === 'partition') return spec;
  if (typeof spec === 'string') {
    throw location(5946802, "Bounds string must either be 'full' or 'partition'");
  }
  if (!Array.isArray(spec)) {
    throw location(
      5733404,
      "The bounds in a range statement must be the string 'full', 'partition', or an ascending array of two numbers or two dates",
    );
  }
  if (spec.length !== 2) {
    throw location(5733403, 'A bounding array in a range statement must have exactly two elements');
  }
  const [from, to] = spec as [Value, Value];
  if (compareValues(from, to) > 0) {
    throw location(5733402, 'A bounding array must be an ascending array of either two dates or two numbers');
  }
  checkTypes(from, to, step, unit);
  return { from, to };
}

function checkTypes(from: Value, to: Value, step: Numeric, unit: TimeUnit | undefined): void {
  const mixed = 'A bounding array must contain either both dates or both numeric types';
  if (isNumber(from)) {
    if (unit) throw location(5733409, 'Numeric bounds may not have unit parameter');
    if (!isNumber(to)) throw location(5733406, mixed);
    if (kindOf(from) !== kindOf(to) || kindOf(from) !== kindOf(step)) {
      throw location(5876900, 'Upper bound, lower bound, and step must all have the same type');
    }
  } else if (isDate(from)) {
    if (!isDate(to)) throw location(5733405, mixed);
    if (!unit) throw location(5733410, 'A bounding array of dates must specify a unit');
  } else throw location(5946800, 'Explicit bounds must be numeric or dates');
}

/** The next value after one of the range. */
export function stepAfter(value: Value, { step, unit }: DensifyRange): Value {
  if (!isDate(value) || !unit) return add(value as Numeric, step);
  return addToDate(value, unit, integralValue(step) ?? 1n, UTC);
}

/** Numbers go with a step alone, dates with a step of a unit. */
export function checkDensifiable(value: Value, { unit }: DensifyRange): void {
  if (!isNumber(value) && !isDate(value)) {
    throw location(5733201, 'Densify field type must be numeric or a date');
  }
  if (isNumber(value) && unit) {
    throw location(6053600, 'Encountered numeric densify value in collection when step has a date unit.');
  }
  if (isDate(value) && !unit) {
    throw location(
      6053601,
      'Encountered date densify value in collection when step does not have a date unit.',
    );
  }
}
