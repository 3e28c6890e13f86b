// Operators that run an expression for each element: $map, $filter, $reduce; and $zip.
import { location } from '../errors.ts';
import { truthOf } from '../values/conversions.ts';
import { describeValue } from '../values/describe.ts';
import { isNullish, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import type { Compiler, OperatorCompiler, OperatorTable } from './expression.ts';
import { int32Of } from './integers.ts';
import { building, chargeArray, refuseDeepNesting } from './meter.ts';
import { namedArguments, optionalOperand } from './operands.ts';

import { checkVariableForWrite } from './variable-names.ts';
import { bind, innerScope } from './variables.ts';

/** One round of $reduce can nest its result by one level or more; looked at often enough, no walk overflows. */
const DEPTH_CHECK_EVERY = 16;

const compileMap: OperatorCompiler = (operand, compiler) => {
  const missing: Record<string, number> = { input: 16880, in: 16882 };
  const spec = namedArguments(operand, ['input', 'in'], ['as'], {
    notAnObject: () => location(16878, '$map only supports an object as its argument'),
    unknown: (argument) => location(16879, `Unrecognized parameter to $map: ${argument}`),
    missing: (argument) => location(missing[argument] ?? 0, `Missing '${argument}' parameter to $map`),
  });
  const input = compiler.compile(spec.input);
  const variable = elementName(spec.as);
  const each = withElement(compiler, variable).compile(spec.in);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw location(16883, `input to $map must be an array not ${kindOf(array)}`);
    const inner = innerScope(scope);
    return building<Value>((values) => {
      for (const element of array) {
        bind(inner, variable, element);
        values.push(each(inner) ?? null);
      }
    });
  };
};

const compileFilter: OperatorCompiler = (operand, compiler) => {
  const missing: Record<string, number> = { input: 28648, cond: 28650 };
  const spec = namedArguments(operand, ['input', 'cond'], ['as', 'limit'], {
    notAnObject: () => location(28646, '$filter only supports an object as its argument'),
    unknown: (argument) => location(28647, `Unrecognized parameter to $filter: ${argument}`),
    missing: (argument) => location(missing[argument] ?? 0, `Missing '${argument}' parameter to $filter`),
  });
  const input = compiler.compile(spec.input);
  const variable = elementName(spec.as);
  const test = withElement(compiler, variable).compile(spec.cond);
  const limit = optionalOperand(spec.limit, compiler);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array))
      throw location(28651, `input to $filter must be an array not ${kindOf(array)}`);
    if (array.length === 0) return array;
    const most = filterLimit(limit?.(scope));
    const inner = innerScope(scope);
    const kept: Value[] = [];
    for (const element of array) {
      bind(inner, variable, element);
      if (truthOf(test(inner)) && kept.push(element) === most) break;
    }
    chargeArray(kept);
    return kept;
  };
};

function filterLimit(value: Value | undefined): number {
  if (isNullish(value)) return Number.POSITIVE_INFINITY;
  const limit = int32Of(value);
  if (limit === undefined) {
    throw location(
      327391,
      `$filter: limit must be represented as a 32-bit integral value: ${describeValue(value)}`,
    );
  }
  if (limit <= 0) throw location(327392, `$filter: limit must be greater than 0: ${limit}`);
  return limit;
}

function elementName(as: Value | undefined): string {
  // MongoDB reads a name that is no string as an empty one.
  const name = as === undefined ? 'this' : typeof as === 'string' ? as : '';
  checkVariableForWrite(name);
  return name;
}

function withElement(compiler: Compiler, variable: string): Compiler {
  return variable === 'CURRENT' ? compiler : compiler.knowing([variable]);
}

const compileReduce: OperatorCompiler = (operand, compiler) => {
  const missing: Record<string, number> = { input: 40077, initialValue: 40078, in: 40079 };
  const spec = namedArguments(operand, ['input', 'initialValue', 'in'], [], {
    notAnObject: (given) =>
      location(40075, `$reduce requires an object as an argument, found: ${kindOf(given)}`),
    unknown: (argument) => location(40076, `$reduce found an unknown argument: ${argument}`),
    missing: (argument) => location(missing[argument] ?? 0, `$reduce requires '${argument}' to be specified`),
  });
  const input = compiler.compile(spec.input);
  const initial = compiler.compile(spec.initialValue);
  const step = compiler.knowing(['this', 'value']).compile(spec.in);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) {
      throw location(40080, `$reduce requires that 'input' be an array, found: ${describeValue(array)}`);
    }
    const inner = innerScope(scope);
    const [value] = building<Value | undefined>((kept) => {
      kept.push(initial(scope));
      array.forEach((element, i) => {
        inner.variables.this = element;
        inner.variables.value = kept[0];
        kept[0] = step(inner);
        if (i % DEPTH_CHECK_EVERY === 0) refuseDeepNesting(kept[0]);
      });
    });
    return value;
  };
};

const compileZip: OperatorCompiler = (operand, compiler) => {
  const spec = namedArguments(operand, [], ['inputs', 'defaults', 'useLongestLength'], {
    notAnObject: (given) =>
      location(34460, `$zip only supports an object as an argument, found ${kindOf(given)}`),
    unknown: (argument) => location(34464, `$zip found an unknown argument: ${argument}`),
    missing: (argument) => location(34465, `$zip requires '${argument}'`),
  });
  const inputs = expressions(spec.inputs ?? [], 'inputs', 34461).map(compiler.compile);
  const defaults = expressions(spec.defaults ?? [], 'defaults', 34462).map(compiler.compile);
  const longest = spec.useLongestLength ?? false;
  if (typeof longest !== 'boolean') {
    throw location(34463, `useLongestLength must be a bool, found ${kindOf(longest)}`);
  }
  if (inputs.length === 0) throw location(34465, '$zip requires at least one input array');
  if (!longest && defaults.length > 0) {
    throw location(34466, 'cannot specify defaults unless useLongestLength is true');
  }
  if (defaults.length > 0 && defaults.length !== inputs.length) {
    throw location(34467, 'defaults and inputs must have the same length');
  }
  return (scope) => {
    const arrays: Value[][] = [];
    for (const input of inputs) {
      const array = input(scope);
      if (isNullish(array)) return null;
      if (!Array.isArray(array)) {
        throw location(34468, `$zip found a non-array expression in input: ${describeValue(array)}`);
      }
      arrays.push(array);
    }
    const fill = defaults.map((evaluate) => evaluate(scope) ?? null);
    const lengths = arrays.map((array) => array.length);
    const rows = longest ? Math.max(...lengths) : Math.min(...lengths);
    return building<Value>((zipped) => {
      for (let row = 0; row < rows; row++) {
        const values = arrays.map((array, column) => array[row] ?? fill[column] ?? null);
        chargeArray(values);
        zipped.push(values);
      }
    });
  };
};

function expressions(spec: Value, name: string, code: number): Value[] {
  if (Array.isArray(spec)) return spec;
  throw location(code, `${name} must be an array of expressions, found ${kindOf(spec)}`);
}

export const arrayIterationOperators: OperatorTable = {
  $map: compileMap,
  $filter: compileFilter,
  $reduce: compileReduce,
  $zip: compileZip,
};
