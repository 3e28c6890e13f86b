import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDouble, parseDouble, parseUnbounded } from './double.ts';
import { addInt64, negateInt64, nextUnsigned64, parseInt64, parseUnsigned64 } from './int64.ts';
import { addFloats } from './long-double.ts';

const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;
const int64 = fc.bigInt({ min: LOWEST, max: HIGHEST });

describe('64-bit integers', () => {
  test('are read exactly, and only as they are written', () => {
    fc.assert(fc.property(int64, (value) => BigInt(parseInt64(String(value))!) === value));
    for (const text of [
      '',
      '+1',
      '01',
      '-0',
      ' 1',
      '1 ',
      '1.0',
      '1e3',
      String(HIGHEST + 1n),
      String(LOWEST - 1n),
    ]) {
      expect(parseInt64(text)).toBeUndefined();
    }
  });

  test('add up exactly, or say that they do not fit', () => {
    fc.assert(
      fc.property(int64, int64, (a, b) => {
        const sum = addInt64(parseInt64(String(a))!, parseInt64(String(b))!);
        const exact = a + b;
        if (exact < LOWEST || exact > HIGHEST) expect(sum).toBeUndefined();
        else expect(String(sum)).toBe(String(exact));
      }),
    );
    expect(negateInt64(LOWEST)).toBeUndefined();
    expect(negateInt64(5)).toBe(-5);
  });

  test('have one form each, so that equal ones are equal', () => {
    expect(parseInt64('9007199254740991')).toBe(9007199254740991);
    expect(parseInt64('9007199254740992')).toBe(9007199254740992n);
    expect(addInt64(9007199254740992n, -1)).toBe(9007199254740991);
  });

  test('unsigned ones end at 2^64', () => {
    expect(parseUnsigned64('18446744073709551615')).toBe(2n ** 64n - 1n);
    expect(parseUnsigned64('18446744073709551616')).toBeUndefined();
    expect(parseUnsigned64('-1')).toBeUndefined();
    expect(nextUnsigned64(2n ** 64n - 1n)).toBeUndefined();
    expect(nextUnsigned64(Number.MAX_SAFE_INTEGER)).toBe(2n ** 53n);
  });
});

describe('doubles', () => {
  test('are written so that they read back as themselves', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(parseUnbounded(formatDouble(value))).toBe(value);
      }),
    );
  });

  test('are written as Redis writes them', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [-0, '-0'],
      [3, '3'],
      [-2.5, '-2.5'],
      [0.1, '0.1'],
      [0.000001, '0.000001'],
      [1e-7, '1e-7'],
      [1.5e-9, '1.5e-9'],
      [1e15, '1000000000000000'],
      [2 ** 60, '1152921504606846976'],
      [2 ** 63, '9223372036854776000'],
      [1e20, '1e+20'],
      [1.5e300, '1.5e+300'],
      [123456789.125, '123456789.125'],
      [Infinity, 'inf'],
      [-Infinity, '-inf'],
    ];
    for (const [value, text] of cases) expect(formatDouble(value)).toBe(text);
  });

  test('are read as C reads them', () => {
    expect(parseDouble('+1.5e3')).toBe(1500);
    expect(parseDouble('.5')).toBe(0.5);
    expect(parseDouble('5.')).toBe(5);
    expect(parseDouble('-Infinity')).toBe(-Infinity);
    expect(parseDouble('0x1F')).toBe(31);
    expect(parseDouble('-0x10')).toBe(-16);
    expect(parseDouble('0.0e5')).toBe(0);
    for (const text of ['', ' 1', '1 ', 'nan', 'e5', '1e', '.', '1e400', '1e-400', '0x', 'abc']) {
      expect(parseDouble(text)).toBeUndefined();
    }
    expect(parseUnbounded('1e400')).toBe(Infinity);
  });
});

describe('sums of long doubles', () => {
  test('show no rounding where 64 bits of mantissa have room', () => {
    expect(addFloats('0.1', '0.2')).toEqual({ sum: '0.3' });
    expect(addFloats('5.0e3', '2.0e2')).toEqual({ sum: '5200' });
    expect(addFloats('-1.5', '1.5')).toEqual({ sum: '0' });
    expect(addFloats('1e4000', '1')).toHaveProperty('sum');
  });

  test('show it where they have not, as Redis on x86 does', () => {
    expect(addFloats('1000.1', '0')).toEqual({ sum: '1000.09999999999999998' });
    expect(addFloats('123456789.123456789', '0.000000001')).toEqual({ sum: '123456789.12345678999554366' });
    expect(addFloats('12345678901234567890', '0.5')).toEqual({ sum: '12345678901234567890' });
  });

  test('are refused where there is no such number', () => {
    expect(addFloats('abc', '1')).toEqual({ fault: 'not a float' });
    expect(addFloats('1', '')).toEqual({ fault: 'not a float' });
    expect(addFloats('1', '.')).toEqual({ fault: 'not a float' });
    expect(addFloats('1e6000', '1')).toEqual({ fault: 'not a float' });
    expect(addFloats('inf', '1')).toEqual({ fault: 'overflow' });
  });

  test('agree with doubles where those are exact', () => {
    const exact = fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((value) => value / 1024);
    fc.assert(
      fc.property(exact, exact, (a, b) => {
        expect(addFloats(String(a), String(b))).toEqual({ sum: String(a + b) });
      }),
    );
  });
});
