// How operators take their operands: so many in an array, or by name in an object.
import { location, type MongoError } from '../errors.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import type { Compiler, Evaluate, OperatorCompiler, Scope } from './expression.ts';
import { building } from './meter.ts';

type Result = Value | undefined;

/** One operand stands for itself or alone in an array; several stand in an array. */
export function compileOperands(operand: Value, compiler: Compiler): Evaluate[] {
  const specs = Array.isArray(operand) ? operand : [operand];
  return specs.map((spec) => compiler.compile(spec));
}

function checkArity(name: string, given: number, least: number, most: number): void {
  if (given >= least && given <= most) return;
  if (least === most) {
    throw location(16020, `Expression ${name} takes exactly ${least} arguments. ${given} were passed in.`);
  }
  throw location(
    28667,
    `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${given} were passed in.`,
  );
}

export function unary(apply: (value: Result, name: string) => Result): OperatorCompiler {
  return (operand, compiler, name) => {
    const operands = compileOperands(operand, compiler);
    checkArity(name, operands.length, 1, 1);
    const only = operands[0] as Evaluate;
    return (scope) => apply(only(scope), name);
  };
}

export function binary(apply: (left: Result, right: Result, name: string) => Result): OperatorCompiler {
  return (operand, compiler, name) => {
    const operands = compileOperands(operand, compiler);
    checkArity(name, operands.length, 2, 2);
    const [left, right] = operands as [Evaluate, Evaluate];
    return (scope) => apply(left(scope), right(scope), name);
  };
}

/** Between `least` and `most` operands; those that were not given are missing. */
export function ranged(
  least: number,
  most: number,
  apply: (values: Result[], name: string, compiler: Compiler) => Result,
): OperatorCompiler {
  return (operand, compiler, name) => {
    const operands = compileOperands(operand, compiler);
    checkArity(name, operands.length, least, most);
    return (scope) => apply(evaluateAll(operands, scope), name, compiler);
  };
}

/** Any number of operands, evaluated one after the other so that an operator can stop early. */
export function variadic(
  apply: (values: Iterable<Result>, name: string, compiler: Compiler) => Result,
): OperatorCompiler {
  return (operand, compiler, name) => {
    const operands = compileOperands(operand, compiler);
    return (scope) => apply(lazily(operands, scope), name, compiler);
  };
}

export function evaluateAll(operands: readonly Evaluate[], scope: Scope): Result[] {
  return building<Result>((values) => {
    for (const operand of operands) values.push(operand(scope));
  });
}

function* lazily(operands: readonly Evaluate[], scope: Scope): Iterable<Result> {
  for (const operand of operands) yield operand(scope);
}

/** Error codes of an operator that takes an object of named arguments. */
export interface NamedCodes {
  notAnObject: (given: Value) => MongoError;
  unknown: (argument: string) => MongoError;
  missing: (argument: string) => MongoError;
}

/** Checks `{ name: spec }` against the names an operator knows. */
export function namedArguments<Required extends string, Optional extends string>(
  operand: Value,
  required: readonly Required[],
  optional: readonly Optional[],
  codes: NamedCodes,
): Record<Required, Value> & Partial<Record<Optional, Value>> {
  if (!isDoc(operand)) throw codes.notAnObject(operand);
  const known = new Set<string>([...required, ...optional]);
  for (const argument of Object.keys(operand)) if (!known.has(argument)) throw codes.unknown(argument);
  for (const argument of required) if (!Object.hasOwn(operand, argument)) throw codes.missing(argument);
  return operand as Doc as Record<Required, Value> & Partial<Record<Optional, Value>>;
}

/** The usual wording of those three errors. */
export function namedCodes(
  name: string,
  codes: { notAnObject: number; unknown: number; missing: number | Record<string, number> },
): NamedCodes {
  const { missing } = codes;
  return {
    notAnObject: () => location(codes.notAnObject, `${name} only supports an object as its argument`),
    unknown: (argument) => location(codes.unknown, `Unrecognized argument to ${name}: ${argument}`),
    missing: (argument) =>
      location(
        typeof missing === 'number' ? missing : (missing[argument] ?? 0),
        `Missing '${argument}' parameter to ${name}`,
      ),
  };
}

/** An argument that may be left out evaluates to missing. */
export function optionalOperand(spec: Value | undefined, compiler: Compiler): Evaluate | undefined {
  return spec === undefined ? undefined : compiler.compile(spec);
}
