// The one table of every operator an expression may use.

import { accumulatorOperators } from './accumulator-expressions.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { arrayIterationOperators } from './array-iteration.ts';
import { arrayOperators } from './arrays.ts';
import { booleanOperators } from './boolean.ts';
import { comparisonOperators } from './comparison.ts';
import { conditionalOperators } from './conditional.ts';
import { conversionOperators } from './conversion.ts';
import { dateArithmeticOperators } from './date-arithmetic.ts';
import { datePartOperators } from './date-parts.ts';
import { dateStringOperators } from './date-strings.ts';
import type { OperatorCompiler } from './expression.ts';
import { mathematicsOperators } from './mathematics.ts';
import { miscellaneousOperators } from './miscellaneous.ts';
import { objectOperators } from './objects.ts';
import { regexOperators } from './regex.ts';
import { setOperators } from './sets.ts';
import { stringEditOperators } from './string-edits.ts';
import { stringOperators } from './strings.ts';
import { trigonometryOperators } from './trigonometry.ts';
import { variableOperators } from './variables.ts';

/** A map, not an object: `constructor` is no operator. */
export const operators: ReadonlyMap<string, OperatorCompiler> = new Map(
  Object.entries({
    ...arithmeticOperators,
    ...mathematicsOperators,
    ...trigonometryOperators,
    ...arrayOperators,
    ...arrayIterationOperators,
    ...booleanOperators,
    ...comparisonOperators,
    ...conditionalOperators,
    ...datePartOperators,
    ...dateArithmeticOperators,
    ...dateStringOperators,
    ...stringOperators,
    ...stringEditOperators,
    ...conversionOperators,
    ...objectOperators,
    ...setOperators,
    ...regexOperators,
    ...accumulatorOperators,
    ...miscellaneousOperators,
    ...variableOperators,
  }),
);
