// $derivative, $integral and $covariance over windows.
import { failedToParse, location } from '../errors.ts';
import { Summation } from '../expressions/accumulators/summation.ts';
import type { TimeUnit } from '../expressions/date-arguments.ts';
import { isDate, isDoc, isNullish, isNumber, kindOf, type Numeric } from '../values/kind.ts';
import {
  add,
  divide,
  isNaNValue,
  isZero,
  makeDouble,
  makeLong,
  multiply,
  subtract,
  toNumber,
} from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileOver, type EvaluateDoc } from './evaluate.ts';
import type { WindowContext, WindowFunction } from './window.ts';
import { framesOf, parseWindow, readUnit, WHOLE_PARTITION, type WindowBounds } from './window-bounds.ts';

const MILLISECONDS: Partial<Record<TimeUnit, number>> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};

interface OverTime {
  input: EvaluateDoc;
  /** Milliseconds of the unit the answer is given in. */
  unit?: number;
  bounds: WindowBounds | undefined;
}

function parseOverTime(spec: Doc, { pipeline, sortBy }: WindowContext, name: string): OverTime {
  if (sortBy.length === 0) throw failedToParse(`${name} requires a sortBy`);
  if (sortBy.length > 1) throw failedToParse(`${name} requires a non-compound sortBy`);
  const unexpected = Object.keys(spec).find((field) => field !== name && field !== 'window');
  if (unexpected !== undefined) throw failedToParse(`${name} got unexpected argument: ${unexpected}`);
  const argument = spec[name];
  if (!isDoc(argument)) throw failedToParse(`${name} expects an object, but got a ${kindOf(argument)}`);
  for (const field of Object.keys(argument)) {
    if (field !== 'input' && field !== 'unit')
      throw failedToParse(`${name} got unexpected argument: ${field}`);
  }
  if (!Object.hasOwn(argument, 'input')) throw failedToParse(`${name} requires an 'input' expression`);
  return {
    input: compileOver(argument.input as Value, pipeline),
    bounds: Object.hasOwn(spec, 'window') ? parseWindow(spec.window as Value, sortBy) : undefined,
    ...(Object.hasOwn(argument, 'unit') && { unit: unitMilliseconds(argument.unit as Value) }),
  };
}

function unitMilliseconds(spec: Value): number {
  const milliseconds = MILLISECONDS[readUnit(spec)];
  if (milliseconds === undefined) throw location(5490710, "unit must be 'week' or smaller");
  return milliseconds;
}

function compileDerivative(spec: Doc, context: WindowContext, name: string): WindowFunction {
  const { input, unit, bounds } = parseOverTime(spec, context, name);
  if (!bounds) throw failedToParse('$derivative requires explicit window bounds');
  return ({ docs, keys }) => {
    const times = keys.map(([key]) => key);
    return framesOf(bounds, docs.length, times).map(({ from, to }) => {
      if (from > to) return null;
      const run = elapsed(times[from], times[to], unit);
      const rise = difference(input(docs[to] as Doc), input(docs[from] as Doc));
      if (isZero(run)) return null;
      const slope = divide(rise, run);
      return unit === undefined ? slope : multiply(slope, makeLong(unit));
    });
  };
}

function elapsed(from: Value | undefined, to: Value | undefined, unit: number | undefined): Numeric {
  if (unit !== undefined) {
    if (isDate(from) && isDate(to)) return makeLong(to.getTime() - from.getTime());
    throw location(5624900, "$derivative with 'unit' expects the sortBy field to be a Date");
  }
  if (isDate(from) || isDate(to)) {
    throw location(5624901, "$derivative where the sortBy is a Date requires an 'unit'");
  }
  if (isNumber(from) && isNumber(to)) return subtract(to, from);
  throw location(5624902, "$derivative (with no 'unit') expects the sortBy field to be numeric");
}

function difference(to: Value | undefined, from: Value | undefined): Numeric {
  if (isDate(to) && isDate(from)) return makeLong(to.getTime() - from.getTime());
  if (isNumber(to) && isNumber(from)) return subtract(to, from);
  if (isNullish(to) || isNullish(from)) {
    throw location(5624903, '$derivative input must not be null or missing');
  }
  throw failedToParse(`can't $subtract ${kindOf(from)} from ${kindOf(to)}`);
}

interface Point {
  x: Numeric;
  y: Numeric;
}

/** By trapezoids between each document and the next. */
function compileIntegral(spec: Doc, context: WindowContext, name: string): WindowFunction {
  const { input, unit, bounds = WHOLE_PARTITION } = parseOverTime(spec, context, name);
  return ({ docs, keys }) => {
    const times = keys.map(([key]) => key);
    const points = docs.map((doc, i) => pointOf(times[i], input(doc), unit));
    const areas = points.map((point, i) => (i === 0 ? 0 : trapezoid(points[i - 1] as Point, point)));
    return framesOf(bounds, docs.length, times).map(({ from, to }) => {
      context.pipeline.checkDeadline?.();
      if (from > to) return null;
      if (points.slice(from, to + 1).some(({ x, y }) => isNaNValue(x) || isNaNValue(y))) return Number.NaN;
      const sum = new Summation();
      for (let i = from + 1; i <= to; i++) sum.add(areas[i] as Numeric);
      const area = from === to ? 0 : sum.total();
      return unit === undefined ? area : divide(area, makeLong(unit));
    });
  };
}

function pointOf(time: Value | undefined, y: Value | undefined, unit: number | undefined): Point {
  if (!isNumber(y) || !(isNumber(time) || isDate(time))) {
    throw location(
      5423900,
      'The input value of $integral window function must be a vector of 2 value, the first value must be numeric or date type and the second must be numeric.',
    );
  }
  if (unit !== undefined && !isDate(time)) {
    throw location(5423901, "$integral with 'outputUnit' expects the sortBy field to be a Date");
  }
  if (unit === undefined && isDate(time)) {
    throw location(5423902, "$integral (with no 'outputUnit') expects the sortBy field to be numeric");
  }
  return { x: isDate(time) ? makeLong(time.getTime()) : time, y };
}

function trapezoid(from: Point, to: Point): Numeric {
  return divide(multiply(add(to.y, from.y), subtract(to.x, from.x)), makeDouble(2));
}

function covariance(ofSample: boolean) {
  return (spec: Doc, { pipeline, sortBy }: WindowContext, name: string): WindowFunction => {
    for (const field of Object.keys(spec)) {
      if (field !== name && field !== 'window') {
        throw failedToParse(`Window function found an unknown argument: ${field}`);
      }
    }
    const input = compileOver(spec[name] as Value, pipeline);
    const bounds = Object.hasOwn(spec, 'window')
      ? parseWindow(spec.window as Value, sortBy)
      : WHOLE_PARTITION;
    return ({ docs, keys }) => {
      const pairs = docs.map((doc) => pairOf(input(doc)));
      const frames = framesOf(
        bounds,
        docs.length,
        keys.map(([key]) => key),
      );
      return frames.map(({ from, to }) => {
        pipeline.checkDeadline?.();
        return covarianceOf(pairs.slice(from, to + 1), ofSample);
      });
    };
  };
}

function pairOf(value: Value | undefined): [number, number] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [x, y] = value;
  return isNumber(x) && isNumber(y) ? [toNumber(x), toNumber(y)] : undefined;
}

function covarianceOf(pairs: ([number, number] | undefined)[], ofSample: boolean): Value {
  let count = 0;
  let meanX = 0;
  let meanY = 0;
  let products = 0;
  for (const pair of pairs) {
    if (!pair) continue;
    const [x, y] = pair;
    count += 1;
    const deltaX = x - meanX;
    meanX += deltaX / count;
    meanY += (y - meanY) / count;
    products += deltaX * (y - meanY);
  }
  const degrees = ofSample ? count - 1 : count;
  return degrees <= 0 ? null : makeDouble(products / degrees);
}

export const slopeFunctions = {
  $derivative: compileDerivative,
  $integral: compileIntegral,
  $covariancePop: covariance(false),
  $covarianceSamp: covariance(true),
};
