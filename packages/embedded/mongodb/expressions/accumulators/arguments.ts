// What $firstN and its kin, $percentile and $median take; as accumulators and as expressions alike.
import { badValue, location, MongoError } from '../../errors.ts';
import { describeValue } from '../../values/describe.ts';
import { isNumber, kindOf } from '../../values/kind.ts';
import { integralValue, toNumber } from '../../values/numbers.ts';
import type { Value } from '../../values/types.ts';
import { type Compiler, constantOf, type Evaluate } from '../expression.ts';
import { namedArguments } from '../operands.ts';

/** MongoDB's n may be any long; more than this many can never be there. */
const MOST = 2 ** 31;

export function countOf(value: Value | undefined): number {
  if (!isNumber(value)) {
    throw location(5787902, `Value for 'n' must be of integral type, but found ${describeValue(value)}`);
  }
  const n = integralValue(value);
  if (n === undefined) {
    throw location(5787903, `Value for 'n' must be of integral type, but found ${describeValue(value)}`);
  }
  if (n <= 0n) throw location(5787908, `'n' must be greater than 0, found ${n}`);
  return Number(n) > MOST ? MOST : Number(n);
}

/** `{ n, input }` */
export function countedInput(
  spec: Value,
  compiler: Compiler,
  notAnObject: number,
): { n: Evaluate; input: Evaluate } {
  const parts = namedArguments(spec, ['n', 'input'], [], {
    notAnObject: (given) =>
      location(notAnObject, `specification must be an object; found ${describeValue(given)}`),
    unknown: (argument) => location(5787901, `Unknown argument for 'n' operator: ${argument}`),
    missing: (argument) => location(argument === 'n' ? 5787906 : 5787907, `Missing value for '${argument}'`),
  });
  return { n: compiler.compile(parts.n), input: compiler.compile(parts.input) };
}

export interface Quantile {
  input: Evaluate;
  ps: number[];
}

/** `{ input, p, method }` of $percentile, `{ input, method }` of $median. */
export function quantileInput(spec: Value, compiler: Compiler, name: string, notAnObject: number): Quantile {
  const isPercentile = name === '$percentile';
  const required = isPercentile ? (['input', 'p', 'method'] as const) : (['input', 'method'] as const);
  const parts: { input: Value; method: Value; p?: Value } = namedArguments(spec, required, [], {
    notAnObject: (given) =>
      location(notAnObject, `specification must be an object; found ${describeValue(given)}`),
    unknown: (argument) => location(40415, `BSON field '${name}.${argument}' is an unknown field.`),
    missing: (argument) =>
      location(40414, `BSON field '${name}.${argument}' is missing but a required field`),
  });
  if (typeof parts.method !== 'string') {
    throw new MongoError(
      14,
      'TypeMismatch',
      `BSON field '${name}.method' is the wrong type '${kindOf(parts.method)}', expected type 'string'`,
    );
  }
  if (parts.method !== 'approximate') {
    throw badValue("Currently only 'approximate' can be used as percentile 'method'.");
  }
  return {
    input: compiler.compile(parts.input),
    ps: isPercentile ? readPs(parts.p ?? null, compiler) : [0.5],
  };
}

function readPs(spec: Value, compiler: Compiler): number[] {
  const known = constantOf(compiler.compile(spec));
  if (!known) {
    throw location(
      7750300,
      `The $percentile 'p' field must be an array of constant values, but found value: ${describeValue(spec)}.`,
    );
  }
  const refusal = "The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ";
  const { value } = known;
  if (!Array.isArray(value) || value.length === 0) throw location(7750301, refusal + describeValue(value));
  return value.map((p) => {
    if (!isNumber(p)) throw location(7750302, refusal + describeValue(p));
    const n = toNumber(p);
    if (n >= 0 && n <= 1) return n;
    throw location(7750303, refusal + describeValue(p));
  });
}
