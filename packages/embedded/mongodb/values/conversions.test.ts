import { describe, expect, test } from '@jest/globals';
import { BSONSymbol, Decimal128, Double, Long, ObjectId } from 'bson';
import { toDecimal, toDouble, toInt, toLong, toText, truthOf } from './conversions.ts';
import { identical } from './identical.ts';
import type { Value } from './types.ts';

const long = (text: string) => Long.fromString(text);
const decimal = (text: string) => Decimal128.fromString(text);

const conversions = { toInt, toLong, toDouble, toDecimal } as const;

describe('conversions', () => {
  test.each<[keyof typeof conversions, Value, Value]>([
    ['toInt', true, 1],
    ['toInt', 5.9, 5],
    ['toInt', -5.9, -5],
    ['toInt', long('7'), 7],
    ['toInt', decimal('7.9'), 7],
    ['toInt', '-12', -12],
    ['toInt', '0007', 7],
    ['toLong', 5, long('5')],
    ['toLong', long('5'), long('5')],
    ['toLong', 5e9, long('5000000000')],
    ['toLong', '9223372036854775807', Long.MAX_VALUE],
    ['toLong', new Date(5), long('5')],
    ['toLong', false, long('0')],
    ['toDouble', 1, new Double(1)],
    ['toDouble', new Double(2), new Double(2)],
    ['toDouble', '1.5e3', new Double(1500)],
    ['toDouble', '-.5', -0.5],
    ['toDouble', 'inf', Infinity],
    ['toDouble', 'nan', Number.NaN],
    ['toDouble', decimal('0.1'), 0.1],
    ['toDouble', true, new Double(1)],
    ['toDouble', new Date(5), new Double(5)],
    ['toDecimal', '1.10', decimal('1.10')],
    ['toDecimal', 5, decimal('5')],
    ['toDecimal', 0.1, decimal('0.100000000000000')],
    ['toDecimal', true, decimal('1')],
    ['toDecimal', new Date(5), decimal('5')],
    ['toDecimal', decimal('1.0'), decimal('1.0')],
  ])('%s of %s', (name, value, expected) => {
    expect(identical(conversions[name](value), expected)).toBe(true);
  });

  test.each<[keyof typeof conversions, Value, string]>([
    ['toInt', 3e9, 'Conversion would overflow target type in $convert with no onError value: 3000000000'],
    [
      'toInt',
      '3000000000',
      "Failed to parse number '3000000000' in $convert with no onError value: Overflow",
    ],
    [
      'toInt',
      '12x',
      "Failed to parse number '12x' in $convert with no onError value: Did not consume whole string.",
    ],
    ['toInt', '', "Failed to parse number '' in $convert with no onError value: No digits"],
    ['toInt', Number.NaN, 'Attempt to convert NaN value to integer type in $convert with no onError value'],
    [
      'toInt',
      Infinity,
      'Attempt to convert infinity value to integer type in $convert with no onError value',
    ],
    ['toInt', new Date(0), 'Unsupported conversion from date to int in $convert with no onError value'],
    ['toLong', 1e19, 'Conversion would overflow target type in $convert with no onError value: 1e+19'],
    [
      'toLong',
      decimal('1E+6000'),
      'Conversion would overflow target type in $convert with no onError value: 1E+6000',
    ],
    ['toLong', {}, 'Unsupported conversion from object to long in $convert with no onError value'],
    ['toDouble', '1e400', "Failed to parse number '1e400' in $convert with no onError value: Out of range"],
    [
      'toDouble',
      'x',
      "Failed to parse number 'x' in $convert with no onError value: Did not consume whole string.",
    ],
    [
      'toDouble',
      decimal('1E+6000'),
      'Conversion would overflow target type in $convert with no onError value: 1E+6000',
    ],
    ['toDouble', [], 'Unsupported conversion from array to double in $convert with no onError value'],
    [
      'toDecimal',
      'x',
      "Failed to parse number 'x' in $convert with no onError value: Failed to parse string to decimal",
    ],
    ['toDecimal', {}, 'Unsupported conversion from object to decimal in $convert with no onError value'],
  ])('%s of %s is refused', (name, value, message) => {
    expect(() => conversions[name](value)).toThrow(expect.objectContaining({ code: 241, message }));
  });

  test.each<[Value, string]>([
    ['x', 'x'],
    [true, 'true'],
    [1, '1'],
    [new Double(1), '1'],
    [1e-7, '1e-07'],
    [new Double(-0), '-0'],
    [-Infinity, '-Infinity'],
    [Number.NaN, 'NaN'],
    [long('5'), '5'],
    [decimal('1.10'), '1.10'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new ObjectId('0123456789abcdef01234567'), '0123456789abcdef01234567'],
    [new BSONSymbol('s'), 's'],
  ])('text of %s', (value, expected) => {
    expect(toText(value)).toBe(expected);
  });

  test('text of a document is refused', () => {
    expect(() => toText({})).toThrow(expect.objectContaining({ code: 241 }));
  });

  test('truth', () => {
    const falsy: (Value | undefined)[] = [
      false,
      null,
      undefined,
      0,
      new Double(-0),
      long('0'),
      decimal('0.00'),
    ];
    const truthy: Value[] = [true, 1, Number.NaN, '', 'x', [], {}, decimal('NaN'), long('1'), new Date(0)];
    expect(falsy.map(truthOf)).toEqual(falsy.map(() => false));
    expect(truthy.map(truthOf)).toEqual(truthy.map(() => true));
  });
});
