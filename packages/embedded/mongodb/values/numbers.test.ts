import { describe, expect, test } from '@jest/globals';
import { Decimal128, Double, Long } from 'bson';
import { identical } from './identical.ts';
import type { Numeric } from './kind.ts';
import {
  add,
  bitNot,
  bitwise,
  divide,
  integralValue,
  isInteger,
  isZero,
  makeIntOrLong,
  mod,
  multiply,
  negate,
  subtract,
} from './numbers.ts';

const long = (text: string) => Long.fromString(text);
const decimal = (text: string) => Decimal128.fromString(text);

describe('promotion and overflow', () => {
  test.each<[string, Numeric, Numeric]>([
    ['int', add(1, 2), 3],
    ['int overflows to long', add(2147483647, 1), long('2147483648')],
    ['int and long', add(1, long('2')), long('3')],
    ['long overflows to double', add(Long.MAX_VALUE, 1), 2 ** 63],
    ['int and double', add(1, 0.5), 1.5],
    ['a whole double stays one', add(0.5, 0.5), new Double(1)],
    ['double and decimal', add(0.5, decimal('1')), decimal('1.500000000000000')],
    ['subtraction', subtract(1, 3), -2],
    ['the least int', subtract(-2147483648, 1), long('-2147483649')],
    ['multiplication', multiply(65536, 65536), long('4294967296')],
    ['an int is never -0', multiply(0, -5), 0],
    ['long times long', multiply(long('4294967296'), long('4294967296')), 2 ** 64],
    ['division gives a double', divide(6, 3), new Double(2)],
    ['division of decimals', divide(decimal('1'), 4), decimal('0.25')],
    ['remainder', mod(-7, 3), -1],
    ['remainder of zero', mod(-6, 3), 0],
    ['remainder of longs', mod(long('9007199254740993'), 10), long('3')],
    ['remainder of doubles', mod(5.5, 2), 1.5],
    ['remainder of decimals', mod(decimal('5.5'), 2), decimal('1.5')],
    ['negation', negate(5), -5],
    ['negation of the least int', negate(-2147483648), long('2147483648')],
    ['negation of the least long', negate(Long.MIN_VALUE), 2 ** 63],
    ['negation of a double', negate(new Double(0)), new Double(-0)],
    ['negation of a decimal', negate(decimal('1')), decimal('-1')],
    ['and', bitwise('and', 6, 3), 2],
    ['or of long', bitwise('or', long('4294967296'), 1), long('4294967297')],
    ['xor', bitwise('xor', 6, 3), 5],
    ['and of longs', bitwise('and', long('6'), long('3')), long('2')],
    ['xor of longs', bitwise('xor', long('6'), 3), long('5')],
    ['not', bitNot(0), -1],
    ['not of long', bitNot(long('0')), long('-1')],
    ['an integer that fits', makeIntOrLong(5n), 5],
    ['one that does not', makeIntOrLong(5_000_000_000n), long('5000000000')],
  ])('%s', (_, result, expected) => {
    expect({ same: identical(result, expected), result: String(result) }).toEqual({
      same: true,
      result: String(expected),
    });
  });

  test('division by zero', () => {
    expect(() => divide(1, 0)).toThrow(
      expect.objectContaining({ code: 2, message: "can't $divide by zero" }),
    );
    expect(() => mod(1, new Double(-0))).toThrow(
      expect.objectContaining({ code: 16610, message: "can't $mod by zero" }),
    );
    expect([isZero(decimal('0E+5')), isZero(long('0')), isZero(0.1)]).toEqual([true, true, false]);
  });
});

test.each<[Numeric, bigint | undefined]>([
  [5, 5n],
  [new Double(5), 5n],
  [5.5, undefined],
  [Infinity, undefined],
  [long('9007199254740993'), 9007199254740993n],
  [decimal('1.50E+1'), 15n],
  [decimal('1.5'), undefined],
  [decimal('-0'), 0n],
  [decimal('1E+6000'), undefined],
  [decimal('NaN'), undefined],
])('%s stands for the integer %s', (value, expected) => {
  expect(integralValue(value)).toBe(expected);
});

test('which values are integers by type', () => {
  expect([1, long('1'), 1.5, new Double(1), decimal('1'), 'x', null].map(isInteger)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});
