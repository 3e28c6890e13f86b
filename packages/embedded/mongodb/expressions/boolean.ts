import { location } from '../errors.ts';
import { truthOf } from '../values/conversions.ts';
import { kindOf } from '../values/kind.ts';
import type { OperatorTable } from './expression.ts';
import { unary, variadic } from './operands.ts';

export const booleanOperators: OperatorTable = {
  $and: variadic((values) => {
    for (const value of values) if (!truthOf(value)) return false;
    return true;
  }),
  $or: variadic((values) => {
    for (const value of values) if (truthOf(value)) return true;
    return false;
  }),
  $not: unary((value) => !truthOf(value)),
  $allElementsTrue: unary((value) => {
    if (Array.isArray(value)) return value.every(truthOf);
    throw location(17040, `$allElementsTrue's argument must be an array, but is ${kindOf(value)}`);
  }),
  $anyElementTrue: unary((value) => {
    if (Array.isArray(value)) return value.some(truthOf);
    throw location(17041, `$anyElementTrue's argument must be an array, but is ${kindOf(value)}`);
  }),
};
