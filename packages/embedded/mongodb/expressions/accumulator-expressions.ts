// Accumulators used as expressions: over the elements of an array, or over several operands.
import { location } from '../errors.ts';
import { isNumber, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import type { Accumulator } from './accumulators/accumulator.ts';
import { countedInput, countOf, quantileInput } from './accumulators/arguments.ts';
import { firstN, lastN } from './accumulators/collecting.ts';
import { extreme, extremes } from './accumulators/extremes.ts';
import { deviating, percentiles } from './accumulators/statistics.ts';
import { averaging, summing } from './accumulators/summation.ts';
import type { Compiler, Evaluate, OperatorCompiler, OperatorTable } from './expression.ts';
import { chargeArray } from './meter.ts';
import { compileOperands } from './operands.ts';

type Make = (compiler: Compiler) => Accumulator;

/** A single operand that is an array stands for its elements. */
function over(make: Make): OperatorCompiler {
  return (operand, compiler) => {
    const operands = compileOperands(operand, compiler);
    const only = operands.length === 1 ? (operands[0] as Evaluate) : undefined;
    return (scope) => {
      const accumulator = make(compiler);
      const value = only?.(scope);
      if (Array.isArray(value)) for (const element of value) accumulator.add(element);
      else if (only) accumulator.add(value);
      else for (const evaluate of operands) accumulator.add(evaluate(scope));
      return accumulator.result();
    };
  };
}

function ofN(make: (n: number, compiler: Compiler) => Accumulator, notAnObject: number): OperatorCompiler {
  return (operand, compiler) => {
    const { n, input } = countedInput(operand, compiler, notAnObject);
    return (scope) => {
      const accumulator = make(countOf(n(scope)), compiler);
      const array = input(scope);
      if (!Array.isArray(array))
        throw location(5788200, `Input must be an array, but found ${kindOf(array)}`);
      for (const element of array) accumulator.add(element);
      const result = accumulator.result();
      if (Array.isArray(result)) chargeArray(result);
      return result;
    };
  };
}

function quantile(notAnObject: number): OperatorCompiler {
  return (operand, compiler, name) => {
    const { input, ps } = quantileInput(operand, compiler, name, notAnObject);
    return (scope) => {
      const accumulator = percentiles(ps);
      const value = input(scope);
      if (Array.isArray(value)) for (const element of value) accumulator.add(element);
      else if (isNumber(value)) accumulator.add(value);
      const answers = accumulator.result() as Value[];
      return name === '$median' ? answers[0] : answers;
    };
  };
}

export const accumulatorOperators: OperatorTable = {
  $sum: over(summing),
  $avg: over(averaging),
  $min: over((compiler) => extreme(-1, compiler.context.collator)),
  $max: over((compiler) => extreme(1, compiler.context.collator)),
  $stdDevPop: over(() => deviating(false)),
  $stdDevSamp: over(() => deviating(true)),
  $firstN: ofN(firstN, 5787801),
  $lastN: ofN(lastN, 5787801),
  $minN: ofN((n, compiler) => extremes(n, -1, compiler.context.collator), 5787900),
  $maxN: ofN((n, compiler) => extremes(n, 1, compiler.context.collator), 5787900),
  $percentile: quantile(7436200),
  $median: quantile(7436201),
};
