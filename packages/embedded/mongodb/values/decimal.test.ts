import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import { Decimal128 } from 'bson';
import fc from 'fast-check';
import {
  decimalFromDouble,
  decimalToDouble,
  formatDecimal,
  parseDecimal,
  readDecimal,
  writeDecimal,
} from './decimal.ts';
import {
  absDecimal,
  addDecimals,
  divideDecimals,
  modDecimals,
  multiplyDecimals,
  negateDecimal,
  roundDecimal,
  subtractDecimals,
} from './decimal-arithmetic.ts';
import { decimalText } from './tests/arbitraries.ts';

const read = (text: string) => readDecimal(Decimal128.fromString(text));
const show = (decimal: ReturnType<typeof read>) => formatDecimal(readDecimal(writeDecimal(decimal)));

describe('reading and writing', () => {
  test('agree with bson on every decimal', () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        const original = Decimal128.fromString(text);
        const decimal = readDecimal(original);
        assert.equal(writeDecimal(decimal).toString(), original.toString());
        assert.equal(formatDecimal(decimal), original.toString());
        assert.equal(writeDecimal(parseDecimal(text)!).toString(), original.toString());
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['1.5', '1.5'],
    ['+.5', '0.5'],
    ['5.', '5'],
    ['00012.50', '12.50'],
    ['1E+3', '1E+3'],
    ['12345678901234567890123456789012345', '1.234567890123456789012345678901234E+34'],
    ['12345678901234567890123456789012365', '1.234567890123456789012345678901236E+34'],
    ['1E6112', '1.0E+6112'],
    ['1E7000', 'Infinity'],
    ['1E-7000', '0E-6176'],
    ['inf', 'Infinity'],
    ['-Infinity', '-Infinity'],
    ['nan', 'NaN'],
    [`1.${'0'.repeat(10_000)}1`, '1.000000000000000000000000000000000'],
  ])('%.40s reads as %s', (text, expected) => {
    expect(formatDecimal(parseDecimal(text)!)).toBe(expected);
  });

  test.each(['', 'x', '1e', '1 ', '--1', '1.2.3', '0x1'])('%j is no decimal', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  test('what should not be there reads as zero', () => {
    const bytes = Buffer.from(Decimal128.fromString('1').bytes);
    bytes.writeUInt8(0x6c, 15);
    expect(formatDecimal(readDecimal(new Decimal128(bytes)))).toMatch(/^0/);
  });

  test.each([
    [0.1, '0.100000000000000'],
    [1.1, '1.10000000000000'],
    [2, '2.00000000000000'],
    [1e22, '1.00000000000000E+22'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('the double %d becomes %s', (n, expected) => {
    expect(formatDecimal(decimalFromDouble(n))).toBe(expected);
  });

  test.each([
    ['0.1', 0.1],
    ['-1E400', -Infinity],
    ['1E-400', 0],
    ['NaN', Number.NaN],
    ['-Infinity', -Infinity],
  ])('%s becomes the double %d', (text, expected) => {
    expect(decimalToDouble(read(text))).toBe(expected);
  });
});

describe('arithmetic', () => {
  const operations = {
    '+': addDecimals,
    '-': subtractDecimals,
    '*': multiplyDecimals,
    '/': divideDecimals,
    '%': modDecimals,
  } as const;

  test.each<[string, keyof typeof operations, string, string]>([
    ['0.1', '+', '0.2', '0.3'],
    ['1.10', '+', '2.2', '3.30'],
    ['1', '-', '1.00', '0.00'],
    ['-0', '+', '-0', '-0'],
    ['9999999999999999999999999999999999', '+', '1', '1.000000000000000000000000000000000E+34'],
    ['1E+100', '+', '1', '1.000000000000000000000000000000000E+100'],
    ['1E+100', '-', '1', '1.000000000000000000000000000000000E+100'],
    ['0E-6176', '+', '1', '1.000000000000000000000000000000000'],
    ['0E+6111', '+', '1', '1'],
    ['9.999999999999999999999999999999999E+6144', '+', '1E+6144', 'Infinity'],
    ['Infinity', '-', 'Infinity', 'NaN'],
    ['Infinity', '+', '1', 'Infinity'],
    ['NaN', '+', '1', 'NaN'],
    ['1.20', '*', '3', '3.60'],
    ['-2', '*', '0', '-0'],
    ['Infinity', '*', '0', 'NaN'],
    ['Infinity', '*', '-2', '-Infinity'],
    ['1', '/', '3', '0.3333333333333333333333333333333333'],
    ['2', '/', '3', '0.6666666666666666666666666666666667'],
    ['1', '/', '8', '0.125'],
    ['10', '/', '5', '2'],
    ['2.40', '/', '2', '1.20'],
    ['1', '/', '0', 'Infinity'],
    ['0', '/', '0', 'NaN'],
    ['1', '/', 'Infinity', '0E-6176'],
    ['7', '%', '3', '1'],
    ['-7', '%', '3', '-1'],
    ['7.5', '%', '2', '1.5'],
    ['1E+6000', '%', '7', '1'],
    ['1', '%', '0', 'NaN'],
    ['5', '%', 'Infinity', '5'],
  ])('%s %s %s is %s', (a, operation, b, expected) => {
    expect(show(operations[operation](read(a), read(b)))).toBe(expected);
  });

  test('sums and products of few digits are exact', () => {
    const small = fc.tuple(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fc.integer({ min: -8, max: 8 }),
    );
    fc.assert(
      fc.property(small, small, ([a, i], [b, j]) => {
        const left = read(`${a}E${i}`);
        const right = read(`${b}E${j}`);
        const scale = (n: bigint, exponent: number) => n * 10n ** BigInt(exponent + 16);
        const sum = read(show(addDecimals(left, right)));
        const product = read(show(multiplyDecimals(left, right)));
        if (sum.special === undefined) {
          const signed = sum.negative ? -sum.coefficient : sum.coefficient;
          assert.equal(scale(signed, sum.exponent), scale(a, i) + scale(b, j));
        }
        if (product.special === undefined) {
          const signed = product.negative ? -product.coefficient : product.coefficient;
          assert.equal(scale(signed, product.exponent), scale(a * b, i + j));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test.each<[string, number, 'half-even' | 'trunc' | 'floor' | 'ceil', string]>([
    ['2.5', 0, 'half-even', '2'],
    ['3.5', 0, 'half-even', '4'],
    ['2.51', 0, 'half-even', '3'],
    ['1234.5', -2, 'half-even', '1.2E+3'],
    ['-2.5', 0, 'floor', '-3'],
    ['-2.5', 0, 'ceil', '-2'],
    ['2.1', 0, 'ceil', '3'],
    ['2.9', 0, 'trunc', '2'],
    ['5', -3, 'half-even', '0E+3'],
    ['5E-100', 0, 'ceil', '1'],
    ['1E+10', 0, 'floor', '1E+10'],
    ['Infinity', 0, 'floor', 'Infinity'],
  ])('%s at %d by %s is %s', (text, place, rounding, expected) => {
    expect(show(roundDecimal(read(text), place, rounding))).toBe(expected);
  });

  test('signs', () => {
    expect(show(negateDecimal(read('1.0')))).toBe('-1.0');
    expect(show(negateDecimal(read('NaN')))).toBe('NaN');
    expect(show(absDecimal(read('-1.0')))).toBe('1.0');
  });
});
