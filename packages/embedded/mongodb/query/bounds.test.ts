import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import { BSONRegExp, Decimal128, Double, Long, MaxKey, MinKey } from 'bson';
import fc from 'fast-check';
import { makeCollator } from '../values/collation.ts';
import { describeValue } from '../values/describe.ts';
import { indexKeys, splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { type Bounds, fieldBounds, type Interval } from './bounds.ts';
import { compileFilter } from './filter.ts';
import { contains } from './intervals.ts';

const show = (intervals: Interval[]) =>
  intervals
    .map(
      ({ low, high, lowInclusive, highInclusive }) =>
        `${lowInclusive ? '[' : '('}${describeValue(low)}, ${describeValue(high)}${highInclusive ? ']' : ')'}`,
    )
    .join(' ');

const boundsOn = (path: string, filter: Doc): Bounds | undefined => fieldBounds(filter, {}).get(path);

describe('the bounds of a path', () => {
  test.each<[Doc, string]>([
    [{ a: 1 }, '[1, 1]'],
    [{ a: { $gt: 1 } }, '(1, Infinity]'],
    [{ a: { $lte: 'x' } }, '["", "x"]'],
    [{ a: { $gte: 'x' } }, '["x", {})'],
    [{ a: { $gt: 1, $lte: 5 } }, '(1, 5]'],
    [{ $and: [{ a: { $gt: 1 } }, { a: { $lt: 1 } }] }, ''],
    [{ a: { $in: [3, 1, 1] } }, '[1, 1] [3, 3]'],
    [
      { a: { $in: [null, new BSONRegExp('^b')] } },
      '[null, null] ["b", "c") [/^b/, /^b/]'.replaceAll('/^b/', '/^b/'),
    ],
    [{ a: new BSONRegExp('^a\\.b') }, '["a.b", "a.c") [/^a\\.b/, /^a\\.b/]'],
    [{ a: new BSONRegExp('b') }, '["", {}) [/b/, /b/]'],
    [{ a: null }, '[null, null]'],
    [{ a: { $exists: false } }, '[null, null]'],
    [{ a: [] }, '[EOO, EOO] [[], []]'],
    [{ a: { $lt: new MaxKey() } }, '[MinKey, MaxKey)'],
    [{ a: { $gt: false } }, '(false, new Date(-8640000000000000))'],
    [{ a: { $type: 'string' } }, '["", {})'],
    [{ $or: [{ a: 1 }, { a: { $gt: 5 } }] }, '[1, 1] (5, Infinity]'],
    [{ a: { $elemMatch: { $gt: 1, $lt: 5 } } }, '(1, 5)'],
  ])('%j', (filter, expected) => {
    expect(show(boundsOn('a', filter)!.intervals)).toBe(expected);
  });

  test.each<Doc>([
    { a: { $ne: 1 } },
    { a: { $not: { $gt: 1 } } },
    { a: { $exists: true } },
    { a: { $gt: [1] } },
    { $or: [{ a: 1 }, { b: 1 }] },
    { $nor: [{ a: 1 }] },
    { a: { $type: 'array' } },
    { a: { $size: 1 } },
  ])('%j has none', (filter) => {
    expect(boundsOn('a', filter)).toBeUndefined();
  });

  test('a multikey index is bounded by the best single condition', () => {
    const bounds = boundsOn('a', { a: { $gt: 1, $lt: 5, $in: [2, 3] } })!;
    expect(show(bounds.intervals)).toBe('[2, 2] [3, 3]');
    expect(show(bounds.multikeySafe)).toBe('[2, 2] [3, 3]');
    expect(show(boundsOn('a', { a: { $gt: 1, $lt: 5 } })!.multikeySafe)).toBe('(1, Infinity]');
  });

  test('$elemMatch on documents bounds the paths inside', () => {
    expect(show(boundsOn('a.b', { a: { $elemMatch: { b: 1, c: 2 } } })!.intervals)).toBe('[1, 1]');
  });
});

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(
    null,
    true,
    false,
    Number.NaN,
    Infinity,
    -Infinity,
    new Double(1),
    new Double(-0),
    Long.fromNumber(2),
    Decimal128.fromString('1.5'),
    Decimal128.fromString('NaN'),
    new MinKey(),
    new MaxKey(),
    new Date(0),
    new BSONRegExp('^a'),
    [],
    {},
  ),
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom('', 'a', 'ab', 'b', 'B', 'ä', '\uffff', '\u{10000}'),
);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0'), tie('value'), { maxKeys: 2 }),
  ),
})).value;
const path = fc.constantFrom('a', 'b', 'a.b', 'a.0', 'a.b.a', 'a.0.b');
const operand = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: value });
const notRegex = operand.filter((item) => !(item instanceof BSONRegExp));
const pattern = fc.constantFrom('^a', '^', 'b$', '^ab', '^a?b', '^a|b', '^\u{10000}', '^\\x61');
const condition = fc.oneof<fc.Arbitrary<Doc>[]>(
  fc.record({ $eq: operand }),
  fc.record({ $gt: notRegex }),
  fc.record({ $gte: notRegex, $lt: notRegex }),
  fc.record({ $lte: notRegex }),
  fc.record({
    $in: fc.array(
      operand.filter((item) => JSON.stringify(item)?.[1] !== '$'),
      { maxLength: 3 },
    ),
  }),
  fc.record({ $regex: pattern }),
  fc.record({ $type: fc.constantFrom('string', 'number', 'null', 'object', 'date', 'bool', 'array') }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $ne: notRegex }),
  fc.record({ $bitsAnySet: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ $mod: fc.constant([2, 1]) }),
);
const filter: fc.Arbitrary<Doc> = fc.letrec<{ filter: Doc }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: fc.dictionary(path, condition, { minKeys: 1, maxKeys: 2 }) },
    fc.record({ $and: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ $or: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ a: fc.record({ $elemMatch: fc.oneof(condition, tie('filter')) }) }),
    fc.record({ a: fc.record({ $all: fc.array(scalar, { maxLength: 2 }) }) }),
  ),
})).filter;

const hasArray = (item: Value | undefined): boolean =>
  Array.isArray(item) ||
  (typeof item === 'object' &&
    item !== null &&
    Object.values(item).some((inner) => hasArray(inner as Value)));

const RUNS = process.env.SOUK_LONG_TESTS ? 3_000 : 1_500;

describe('bounds never lose a match', () => {
  test.each([undefined, makeCollator({ locale: 'en', strength: 1 })])('of random documents', (collator) => {
    let matches = 0;
    fc.assert(
      fc.property(
        filter,
        fc.array(fc.dictionary(fc.constantFrom('a', 'b'), value, { maxKeys: 2 }), {
          minLength: 20,
          maxLength: 20,
        }),
        (query, docs) => {
          const options = collator ? { collator } : {};
          const matcher = compileFilter(query, options);
          const bounds = [...fieldBounds(query, options)];
          for (const doc of docs.filter(matcher)) {
            matches += 1;
            for (const [name, { intervals, multikeySafe }] of bounds) {
              const keys = indexKeys(doc, splitPath(name));
              assert.ok(keys.some((key) => contains(multikeySafe, key, collator)));
              if (!hasArray(doc)) assert.ok(keys.some((key) => contains(intervals, key, collator)));
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(matches).toBeGreaterThan(RUNS);
  });
});
