// Arrays as sets: elements that compare equal count once, whatever their number type.
import { location } from '../errors.ts';
import { compareValues } from '../values/compare.ts';
import { hashKey } from '../values/hash-key.ts';
import { isNullish, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import type { Compiler, OperatorCompiler, OperatorTable } from './expression.ts';
import { chargeArray } from './meter.ts';
import { compileOperands, evaluateAll, ranged, variadic } from './operands.ts';

type Result = Value | undefined;

function distinct(values: Iterable<Value>, compiler: Compiler): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const value of values) {
    const key = hashKey(value, compiler.context.collator);
    if (!found.has(key)) found.set(key, value);
  }
  return found;
}

/** $setUnion and $setIntersection give their elements in order. */
function inOrder(found: Map<string, Value>, compiler: Compiler): Value[] {
  const values = [...found.values()].sort((a, b) => compareValues(a, b, compiler.context.collator));
  chargeArray(values);
  return values;
}

function union(sets: Iterable<Result>, _name: string, compiler: Compiler): Result {
  const found = new Map<string, Value>();
  for (const set of sets) {
    if (isNullish(set)) return null;
    if (!Array.isArray(set)) {
      throw location(
        17043,
        `All operands of $setUnion must be arrays. One argument is of type: ${kindOf(set)}`,
      );
    }
    for (const [key, value] of distinct(set, compiler)) if (!found.has(key)) found.set(key, value);
  }
  return inOrder(found, compiler);
}

function intersection(sets: Iterable<Result>, _name: string, compiler: Compiler): Result {
  let found: Map<string, Value> | undefined;
  for (const set of sets) {
    if (isNullish(set)) return null;
    if (!Array.isArray(set)) {
      throw location(
        17047,
        `All operands of $setIntersection must be arrays. One argument is of type: ${kindOf(set)}`,
      );
    }
    const next = distinct(set, compiler);
    if (found) for (const key of found.keys()) if (!next.has(key)) found.delete(key);
    found ??= next;
  }
  return inOrder(found ?? new Map(), compiler);
}

function difference([left, right]: Result[], _name: string, compiler: Compiler): Result {
  if (isNullish(left) || isNullish(right)) return null;
  const refusal = 'both operands of $setDifference must be arrays.';
  if (!Array.isArray(left)) throw location(17048, `${refusal} First argument is of type: ${kindOf(left)}`);
  if (!Array.isArray(right)) throw location(17049, `${refusal} Second argument is of type: ${kindOf(right)}`);
  const unwanted = distinct(right, compiler);
  const kept: Value[] = [];
  for (const [key, value] of distinct(left, compiler)) if (!unwanted.has(key)) kept.push(value);
  chargeArray(kept);
  return kept;
}

function isSubset([left, right]: Result[], _name: string, compiler: Compiler): boolean {
  const refusal = 'both operands of $setIsSubset must be arrays.';
  if (!Array.isArray(left)) throw location(17046, `${refusal} First argument is of type: ${kindOf(left)}`);
  if (!Array.isArray(right)) throw location(17042, `${refusal} Second argument is of type: ${kindOf(right)}`);
  const allowed = distinct(right, compiler);
  return left.every((value) => allowed.has(hashKey(value, compiler.context.collator)));
}

const compileSetEquals: OperatorCompiler = (operand, compiler) => {
  const operands = compileOperands(operand, compiler);
  if (operands.length < 2) {
    throw location(17045, `$setEquals needs at least two arguments had: ${operands.length}`);
  }
  return (scope) => {
    const [first, ...others] = evaluateAll(operands, scope).map((set, i) => {
      if (Array.isArray(set)) return distinct(set, compiler);
      throw location(
        17044,
        `All operands of $setEquals must be arrays. ${i + 1}-th argument is of type: ${kindOf(set)}`,
      );
    });
    return others.every((set) => set.size === first?.size && [...set.keys()].every((key) => first.has(key)));
  };
};

export const setOperators: OperatorTable = {
  $setUnion: variadic(union),
  $setIntersection: variadic(intersection),
  $setDifference: ranged(2, 2, difference),
  $setIsSubset: ranged(2, 2, isSubset),
  $setEquals: compileSetEquals,
};
