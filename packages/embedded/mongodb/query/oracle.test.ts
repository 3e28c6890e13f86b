import assert from 'node:assert/strict';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Doc, Value } from '../values/types.ts';
import { compileFilter } from './filter.ts';

/**
 * A second, slow and simple reading of the manual on arrays, for values whose comparison is plain:
 * it lists all that a path can mean and asks whether any of it will do.
 */
type Plain = number | null | Plain[] | { [name: string]: Plain };
type Reached = Plain | undefined;

const isObject = (value: Reached): value is { [name: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function reach(value: Reached, path: string[]): { value: Reached; whole: boolean }[] {
  const [name, ...rest] = path;
  if (name === undefined) return [{ value, whole: false }];
  if (isObject(value)) return reach(Object.hasOwn(value, name) ? value[name] : undefined, rest);
  if (!Array.isArray(value)) return [{ value: undefined, whole: true }];
  const found = value.filter(isObject).flatMap((element) => reach(element, path));
  const element = /^\d+$/.test(name) ? value[Number(name)] : undefined;
  if (element === undefined) return found;
  if (rest.length === 0) return [...found, { value: element, whole: true }];
  return isObject(element) || Array.isArray(element) ? [...found, ...reach(element, rest)] : found;
}

const candidates = (doc: Plain, path: string): Reached[] =>
  reach(doc, path.split('.')).flatMap(({ value, whole }) =>
    Array.isArray(value) && !whole ? [...value, value] : [value],
  );

const same = (a: Reached, b: Plain) => JSON.stringify(a ?? null) === JSON.stringify(b);

type Condition = [operator: string, operand: Plain];

function holds(value: Reached, [operator, operand]: Condition): boolean {
  const bothNumbers = typeof value === 'number' && typeof operand === 'number';
  switch (operator) {
    case '$eq':
      return same(value, operand);
    case '$gt':
      return bothNumbers && value > operand;
    case '$lte':
      return bothNumbers && value <= operand;
    case '$in':
      return (operand as Plain[]).some((item) => same(value, item));
    default:
      return value !== undefined;
  }
}

function expected(doc: Plain, path: string, condition: Condition): boolean {
  const [operator, operand] = condition;
  switch (operator) {
    case '$ne':
      return !expected(doc, path, ['$eq', operand]);
    case '$nin':
      return !expected(doc, path, ['$in', operand]);
    case '$size':
      return reach(doc, path.split('.')).some(
        ({ value }) => Array.isArray(value) && value.length === operand,
      );
    case '$all':
      return (
        (operand as Plain[]).length > 0 &&
        (operand as Plain[]).every((item) => expected(doc, path, ['$eq', item]))
      );
    default:
      return candidates(doc, path).some((value) => holds(value, condition));
  }
}

const scalar = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(null));
const plain: fc.Arbitrary<Plain> = fc.letrec<{ plain: Plain }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('plain'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0', '1'), tie('plain'), { maxKeys: 2 }),
  ),
})).plain;
const doc = fc.dictionary(fc.constantFrom('a', 'b'), plain, { minKeys: 1, maxKeys: 2 });
const path = fc
  .array(fc.constantFrom('a', 'b', '0', '1'), { minLength: 0, maxLength: 3 })
  .map((rest) => ['a', ...rest].join('.'));
const condition = fc.oneof<fc.Arbitrary<Condition>[]>(
  fc.tuple(fc.constantFrom('$eq', '$ne'), plain),
  fc.tuple(fc.constantFrom('$gt', '$lte'), fc.integer({ min: 0, max: 3 })),
  fc.tuple(fc.constantFrom('$in', '$nin', '$all'), fc.array(plain, { maxLength: 2 })),
  fc.tuple(fc.constant('$size'), fc.integer({ min: 0, max: 3 })),
  fc.tuple(fc.constant('$exists'), fc.constant(1)),
);

test('filters agree with a naive reading of the manual on nested arrays', () => {
  let matches = 0;
  fc.assert(
    fc.property(path, condition, fc.array(doc, { minLength: 10, maxLength: 10 }), (where, what, docs) => {
      const matcher = compileFilter({ [where]: { [what[0]]: what[1] as Value } }, {});
      for (const candidate of docs) {
        const result = expected(candidate, where, what);
        if (result) matches += 1;
        assert.equal(matcher(candidate as Doc), result, JSON.stringify(candidate));
      }
    }),
    { numRuns: 2_000 },
  );
  expect(matches).toBeGreaterThan(2_000);
});
