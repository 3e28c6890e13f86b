/** $inc, $mul and $bit. */
import { badValue, typeMismatch } from '../errors.ts';
import { formatNumber } from '../values/conversions.ts';
import { describeField } from '../values/describe.ts';
import { getField } from '../values/fields.ts';
import { identical } from '../values/identical.ts';
import { isDoc, isNumber, kindOf, type Numeric } from '../values/kind.ts';
import {
  addExactly,
  type BitOperation,
  bitwise,
  isInteger,
  multiplyExactly,
  numberKind,
} from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import { describeId, type Modifier } from './modifier.ts';

export function arithmeticModifier(operator: '$inc' | '$mul', path: string, operand: Value): Modifier {
  if (!isNumber(operand)) {
    const verb = operator === '$inc' ? 'increment' : 'multiply';
    throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${describeField(path, operand)}}`);
  }
  const calculate = operator === '$inc' ? addExactly : multiplyExactly;
  return {
    change(value, { root, field }) {
      if (!isNumber(value)) {
        throw typeMismatch(
          `Cannot apply ${operator} to a value of non-numeric type. {${describeId(root)}} has the field ` +
            `'${field}' of non-numeric type ${kindOf(value)}`,
        );
      }
      const result = calculate(value, operand);
      if (result === undefined) {
        throw badValue(
          `Failed to apply ${operator} operations to current value (${describeNumber(value)}) ` +
            `for document {${describeId(root)}}`,
        );
      }
      return identical(result, value) ? value : result;
    },
    // A missing field counts as zero, and the operand gives the type.
    create: () => (operator === '$inc' ? operand : multiplyExactly(operand, 0)),
  };
}

const typeNames = {
  int: 'NumberInt',
  long: 'NumberLong',
  double: 'NumberDouble',
  decimal: 'NumberDecimal',
} as const;

function describeNumber(value: Numeric): string {
  return `(${typeNames[numberKind(value)]})${formatNumber(value)}`;
}

type BitStep = { operation: BitOperation; operand: ReturnType<typeof bitwise> };

export function bitModifier(operand: Value): Modifier {
  const steps = parseBitSteps(operand);
  const run = (value: ReturnType<typeof bitwise>) =>
    steps.reduce((result, step) => bitwise(step.operation, result, step.operand), value);
  return {
    change(value, { root, field }) {
      if (!isInteger(value)) {
        throw badValue(
          `Cannot apply $bit to a value of non-integral type.${describeId(root)} has the field ` +
            `${field} of non-integer type ${kindOf(value)}`,
        );
      }
      const result = run(value);
      return identical(result, value) ? value : result;
    },
    create: () => run(0),
  };
}

function parseBitSteps(operand: Value): BitStep[] {
  if (!isDoc(operand)) {
    throw badValue(
      `The $bit modifier is not compatible with a ${kindOf(operand)}. You must pass in an embedded ` +
        'document: {$bit: {field: {and/or/xor: #}}',
    );
  }
  const steps = Object.keys(operand).map((name): BitStep => {
    const bits = getField(operand, name)!;
    if (name !== 'and' && name !== 'or' && name !== 'xor') {
      throw badValue(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown ` +
          `operator: {${describeField(name, bits)}}`,
      );
    }
    if (!isInteger(bits)) {
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${kindOf(bits)}' is not supported ` +
          `here: {${describeField(name, bits)}}`,
      );
    }
    return { operation: name, operand: bits };
  });
  if (steps.length === 0) {
    throw badValue(
      'You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}',
    );
  }
  return steps;
}
