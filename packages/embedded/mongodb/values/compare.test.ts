/** In loops, and as the laws of random values, `assert`: each `expect` makes a hundred matchers before it looks. */
import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { makeCollator } from './collation.ts';
import { compareValues, equalValues } from './compare.ts';
import { docFrom } from './fields.ts';
import { hashKey } from './hash-key.ts';
import { identical } from './identical.ts';
import { kindOf } from './kind.ts';
import { compareStrings } from './strings.ts';
import { number, otherTypesOf, scalar, text, value } from './tests/arbitraries.ts';
import type { Value } from './types.ts';

const decimal = (digits: string) => Decimal128.fromString(digits);
const id = (hex: string) => new ObjectId(hex.padEnd(24, '0'));

describe('the order of all values', () => {
  const ascending: [string, Value | undefined][] = [
    ['MinKey', new MinKey()],
    ['missing', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['-Infinity', Decimal128.fromString('-Infinity')],
    ['the least double', -Number.MAX_VALUE],
    ['the least Int64', Long.MIN_VALUE],
    ['-1', -1],
    ['0', new Double(-0)],
    ['the least decimal above 0', decimal('1E-6176')],
    ['the least double above 0', Number.MIN_VALUE],
    ['0.1 as a decimal', decimal('0.1')],
    ['0.1 as a double, which is a little more', 0.1],
    ['2^53', 2 ** 53],
    ['2^53 + 1', Long.fromString('9007199254740993')],
    ['2^53 + 1.5', decimal('9007199254740993.5')],
    ['2^63 - 1', Long.MAX_VALUE],
    ['2^63', 2 ** 63],
    ['a huge decimal', decimal('9E+6144')],
    ['Infinity', Infinity],
    ['the empty string', ''],
    ['a', 'a'],
    ['aa as a symbol', new BSONSymbol('aa')],
    ['b', 'b'],
    ['ä', 'ä'],
    ['U+FFFF', '\uffff'],
    ['U+10000', '\u{10000}'],
    ['the empty document', {}],
    ['a document by the type of its first value', { z: 1 }],
    ['and by the name of it', docFrom([['a', 'x']])],
    ['then by name', docFrom([['b', 'a']])],
    ['then by value', docFrom([['b', 'b']])],
    [
      'then by length',
      docFrom([
        ['b', 'b'],
        ['a', null],
      ]),
    ],
    ['the empty array', []],
    ['[1]', [1]],
    ['[1, 1]', [1, 1]],
    ['[2]', [2]],
    ['["a"]', ['a']],
    ['short bytes', new Binary(Buffer.from([9, 9]), 5)],
    ['longer bytes', new Binary(Buffer.from([0, 0, 1]), 0)],
    ['bytes by subtype', new Binary(Buffer.from([0, 0, 0]), 4)],
    ['then by content', new Binary(Buffer.from([0, 0, 200]), 4)],
    ['an ObjectId', id('00')],
    ['a later ObjectId', id('80')],
    ['false', false],
    ['true', true],
    ['a date before 1970', new Date(-1)],
    ['a date', new Date(0)],
    ['a timestamp', new Timestamp({ t: 1, i: 2 })],
    ['a timestamp of high bits', new Timestamp({ t: 0x80000000, i: 1 })],
    ['a regex', new BSONRegExp('a', 'i')],
    ['a regex by options', new BSONRegExp('a', 'm')],
    ['a pointer', new DBRef('a.b', id('01'))],
    ['code', new Code('f')],
    ['code with scope', new Code('a', { a: 1 })],
    ['MaxKey', new MaxKey()],
  ];

  test('is that of the manual', () => {
    for (let i = 0; i < ascending.length; i++) {
      for (let j = 0; j < ascending.length; j++) {
        const [nameA, a] = ascending[i]!;
        const [nameB, b] = ascending[j]!;
        const order = Math.sign(compareValues(a, b));
        assert.equal(order, Math.sign(i - j), `${nameA} and ${nameB}: ${order}`);
      }
    }
  });

  test.each<[string, Value, Value]>([
    ['zeros', 0, new Double(-0)],
    ['zeros of decimals', decimal('0E-10'), decimal('-0')],
    ['NaNs', Number.NaN, decimal('NaN')],
    ['trailing zeros', decimal('1.10'), decimal('1.1')],
    ['2^53 of all types', Long.fromString('9007199254740992'), 2 ** 53],
    ['2^63', 2 ** 63, decimal('9223372036854775808')],
    ['0.5', 0.5, decimal('0.5')],
    ['infinities', Infinity, decimal('Infinity')],
    ['strings and symbols', 'a', new BSONSymbol('a')],
    ['a Binary in a larger buffer', new Binary(Buffer.from([1]), 0), longBuffer()],
  ])('%s are equal', (_, a, b) => {
    expect(compareValues(a, b)).toBe(0);
    expect(equalValues(b, a)).toBe(true);
    expect(hashKey(a)).toBe(hashKey(b));
  });

  function longBuffer(): Binary {
    const binary = new Binary();
    binary.put(1);
    return binary;
  }
});

const collators = [
  undefined,
  makeCollator({ locale: 'en', strength: 1 }),
  makeCollator({ locale: 'de', numericOrdering: true }),
];

describe.each(collators.map((collator, i) => ({ i, collator })))('laws, collation $i', ({ collator }) => {
  const sign = (a: Value, b: Value) => Math.sign(compareValues(a, b, collator));

  test('the order is total', () => {
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        assert.equal(sign(a, a), 0);
        assert.equal(sign(a, b), -sign(b, a) + 0);
        if (sign(a, b) <= 0 && sign(b, c) <= 0) assert.ok(sign(a, c) <= 0);
      }),
      { numRuns: 1_500 },
    );
  });

  test('hash keys are equal exactly for equal values', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 8 }), (values) => {
        for (const a of values) {
          for (const b of values) {
            assert.equal(hashKey(a, collator) === hashKey(b, collator), sign(a, b) === 0);
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('numbers', () => {
  test('of all types compare by exact value', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        assert.equal(Math.sign(compareValues(a, b)), compareExactly(a, b));
      }),
      { numRuns: process.env.SOUK_LONG_TESTS ? 5_000 : 2_000 },
    );
  });

  test('that a double can not tell apart have hash keys of their own', () => {
    const neighbours: Value[] = [2 ** 53, Long.fromString('9007199254740993'), decimal('9007199254740993.5')];
    expect(new Set(neighbours.map((n) => hashKey(n))).size).toBe(3);
    expect(hashKey(neighbours[1])).toBe(hashKey(decimal('9007199254740993.0')));
  });

  test('of one value are equal in every type', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.maxSafeInteger()), (n) => {
        for (const other of otherTypesOf(n)) {
          assert.equal(compareValues(n, other), 0);
          assert.equal(hashKey(n), hashKey(other));
        }
      }),
    );
  });
});

/** As fractions of big integers, made from the text of each number. */
function compareExactly(a: Value, b: Value): number {
  const left = fraction(a);
  const right = fraction(b);
  if (typeof left === 'number' || typeof right === 'number') {
    const rank = (side: typeof left) =>
      typeof side === 'number' ? (Number.isNaN(side) ? -2 : Math.sign(side)) : 0;
    return Math.sign(rank(left) - rank(right)) + 0;
  }
  const difference = left.n * right.d - right.n * left.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function fraction(number: Value): number | { n: bigint; d: bigint } {
  const kind = kindOf(number);
  if (kind === 'int' || kind === 'long') return { n: BigInt(String(number)), d: 1n };
  if (kind === 'double') return doubleFraction(Number(number));
  const text = String(number);
  if (/N|I/.test(text)) return Number(text);
  const [mantissa = '', exponent = '0'] = text.split('E');
  const [whole = '', decimals = ''] = mantissa.split('.');
  const power = BigInt(exponent) - BigInt(decimals.length);
  const n = BigInt(whole + decimals);
  return power >= 0n ? { n: n * 10n ** power, d: 1n } : { n, d: 10n ** -power };
}

function doubleFraction(n: number): number | { n: bigint; d: bigint } {
  if (!Number.isFinite(n)) return n;
  let numerator = n;
  let power = 0n;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    power += 1n;
  }
  return { n: BigInt(numerator), d: 2n ** power };
}

describe('strings', () => {
  test('are in the order of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        assert.equal(compareStrings(a, b), Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('identity', () => {
  test.each<[string, Value, Value]>([
    ['types', 1, new Double(1)],
    ['the sign of zero', new Double(0), new Double(-0)],
    ['precision', decimal('1.0'), decimal('1.00')],
    [
      'the order of fields',
      docFrom([
        ['a', 1],
        ['b', 1],
      ]),
      docFrom([
        ['b', 1],
        ['a', 1],
      ]),
    ],
    ['items', [1], [2]],
    ['length', [1], [1, 1]],
    ['longs', Long.fromNumber(1), Long.fromNumber(2)],
    ['an int and another', 1, 2],
  ])('tells %s apart', (_, a, b) => {
    expect(identical(a, b)).toBe(false);
  });

  test('a value is identical to itself and equal to it', () => {
    fc.assert(
      fc.property(scalar, (a) => {
        assert.ok(identical(a, a));
        assert.ok(identical([a], [a]));
      }),
    );
  });

  test('-0 without a wrapper is a double', () => {
    expect(identical(-0, new Double(-0))).toBe(true);
    expect(identical(0, -0)).toBe(false);
  });
});
