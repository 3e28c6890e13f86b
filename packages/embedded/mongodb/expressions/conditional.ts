// $cond, $ifNull and $switch: only the branch that is taken is evaluated.
import { location } from '../errors.ts';
import { truthOf } from '../values/conversions.ts';
import { isDoc, isNullish, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import type { Compiler, Evaluate, OperatorCompiler, OperatorTable } from './expression.ts';
import { compileOperands, namedArguments } from './operands.ts';

const compileCond: OperatorCompiler = (operand, compiler, name) => {
  const [test, then, otherwise] = isDoc(operand)
    ? condByName(operand, compiler)
    : compileOperands(operand, compiler);
  if (!test || !then || !otherwise || (Array.isArray(operand) && operand.length !== 3)) {
    const given = Array.isArray(operand) ? operand.length : 1;
    throw location(16020, `Expression ${name} takes exactly 3 arguments. ${given} were passed in.`);
  }
  return (scope) => (truthOf(test(scope)) ? then(scope) : otherwise(scope));
};

function condByName(operand: Value, compiler: Compiler): Evaluate[] {
  const missing = new Map([
    ['if', 17080],
    ['then', 17081],
    ['else', 17082],
  ]);
  const spec = namedArguments(operand, ['if', 'then', 'else'], [], {
    notAnObject: () => location(16020, 'Expression $cond takes exactly 3 arguments.'),
    unknown: (argument) => location(17083, `Unrecognized parameter to $cond: ${argument}`),
    missing: (argument) => location(missing.get(argument) ?? 0, `Missing '${argument}' parameter to $cond`),
  });
  return [compiler.compile(spec.if), compiler.compile(spec.then), compiler.compile(spec.else)];
}

const compileIfNull: OperatorCompiler = (operand, compiler) => {
  const operands = compileOperands(operand, compiler);
  const last = operands.pop();
  if (!last || operands.length === 0) {
    throw location(1257300, `$ifNull needs at least two arguments, had: ${last ? 1 : 0}`);
  }
  return (scope) => {
    for (const evaluate of operands) {
      const value = evaluate(scope);
      if (!isNullish(value)) return value;
    }
    return last(scope);
  };
};

const compileSwitch: OperatorCompiler = (operand, compiler) => {
  const spec = namedArguments(operand, [], ['branches', 'default'], {
    notAnObject: (given) =>
      location(40060, `$switch requires an object as an argument, found: ${kindOf(given)}`),
    unknown: (argument) => location(40067, `$switch found an unknown argument: ${argument}`),
    missing: (argument) => location(40068, `$switch requires '${argument}'`),
  });
  const { branches = [] } = spec;
  if (!Array.isArray(branches)) {
    throw location(40061, `$switch expected an array for 'branches', found: ${kindOf(branches)}`);
  }
  const compiled = branches.map((branch) => compileBranch(branch, compiler));
  const fallback = spec.default === undefined ? undefined : compiler.compile(spec.default);
  if (compiled.length === 0) throw location(40068, '$switch requires at least one branch.');
  return (scope) => {
    for (const { test, result } of compiled) if (truthOf(test(scope))) return result(scope);
    if (fallback) return fallback(scope);
    throw location(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
};

function compileBranch(branch: Value, compiler: Compiler): { test: Evaluate; result: Evaluate } {
  const spec = namedArguments(branch, ['case', 'then'], [], {
    notAnObject: (given) =>
      location(40062, `$switch expected each branch to be an object, found: ${kindOf(given)}`),
    unknown: (argument) => location(40063, `$switch found an unknown argument to a branch: ${argument}`),
    missing: (argument) =>
      argument === 'case'
        ? location(40064, "$switch requires each branch have a 'case' expression")
        : location(40065, "$switch requires each branch have a 'then' expression."),
  });
  return { test: compiler.compile(spec.case), result: compiler.compile(spec.then) };
}

export const conditionalOperators: OperatorTable = {
  $cond: compileCond,
  $ifNull: compileIfNull,
  $switch: compileSwitch,
};
