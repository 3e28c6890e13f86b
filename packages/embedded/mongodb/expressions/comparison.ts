// Comparisons by BSON order across types; missing is below null here.
import { compareValues } from '../values/compare.ts';
import type { OperatorCompiler, OperatorTable } from './expression.ts';
import { ranged } from './operands.ts';

function comparing(answer: (order: number) => boolean | number): OperatorCompiler {
  return ranged(2, 2, ([left, right], _name, compiler) =>
    answer(Math.sign(compareValues(left, right, compiler.context.collator))),
  );
}

export const comparisonOperators: OperatorTable = {
  $cmp: comparing((order) => order),
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
};
