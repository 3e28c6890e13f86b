// $let, and what $map, $filter and $reduce do alike: run an expression with further variables.
import { location } from '../errors.ts';
import { isDoc } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import {
  constant,
  type Evaluate,
  type OperatorCompiler,
  type OperatorTable,
  type Scope,
} from './expression.ts';
import { namedArguments, namedCodes } from './operands.ts';
import { checkVariableForWrite } from './variable-names.ts';

/** A scope in which variables can be set without touching those around it. */
export function innerScope(scope: Scope): Scope {
  return { root: scope.root, current: scope.current, variables: Object.create(scope.variables) };
}

export function bind(scope: Scope, name: string, value: Value | undefined): void {
  if (name === 'CURRENT') scope.current = value;
  else scope.variables[name] = value;
}

const compileLet: OperatorCompiler = (operand, compiler, name) => {
  const spec = namedArguments(operand, ['vars', 'in'], [], {
    ...namedCodes(name, { notAnObject: 16874, unknown: 16875, missing: { vars: 16876, in: 16877 } }),
    unknown: (argument) => location(16875, `Unrecognized parameter to $let: ${argument}`),
  });
  if (!isDoc(spec.vars)) throw location(10065, 'invalid parameter: expected an object (vars)');
  const names = Object.keys(spec.vars);
  const values: Evaluate[] = names.map((variable) =>
    compiler.compile((spec.vars as Record<string, Value>)[variable]!),
  );
  names.forEach(checkVariableForWrite);
  const body = compiler.knowing(names.filter((variable) => variable !== 'CURRENT')).compile(spec.in);
  return (scope) => {
    const inner = innerScope(scope);
    // Each value sees the outer scope only: one may rebind what another reads.
    names.forEach((variable, i) => {
      bind(inner, variable, values[i]?.(scope));
    });
    return body(inner);
  };
};

export const variableOperators: OperatorTable = {
  $let: compileLet,
  $literal: (operand) => constant(operand),
  $const: (operand) => constant(operand),
};
