import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { currencyCodes, isCurrencyCode, minorDigits } from './currencies.ts';
import {
  add,
  allocate,
  compare,
  divideByOnePlus,
  formatAmount,
  money,
  multiply,
  negate,
  parseMoney,
  parseRate,
  subtract,
  sum,
  times,
  zero,
} from './money.ts';

const MAX = 2n ** 63n - 1n;
const minors = fc.bigInt(-MAX, MAX);
const anyMoney = fc.record({ minor: minors, currency: fc.constantFrom(...currencyCodes()) });

describe('currencies', () => {
  test.each([
    ['EUR', 2],
    ['JPY', 0],
    ['HUF', 2],
    ['IQD', 3],
    ['AFN', 2],
    ['ISK', 0],
    ['CLF', 4],
  ])('%s has %i decimals, as ISO 4217 says', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  test('are all of three capital letters', () => {
    expect(currencyCodes().every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
    expect(currencyCodes().length).toBeGreaterThan(150);
    expect(isCurrencyCode('eur')).toBe(false);
    expect(isCurrencyCode('XAU')).toBe(false);
    expect(() => minorDigits('DEM')).toThrow('no currency');
  });
});

describe('reading and writing amounts', () => {
  test.each([
    ['19.90', 'EUR', 1990n],
    ['19.9', 'EUR', 1990n],
    ['19', 'EUR', 1900n],
    ['0', 'EUR', 0n],
    ['-0.05', 'EUR', -5n],
    ['1990', 'JPY', 1990n],
    ['1.234', 'KWD', 1234n],
    ['92233720368547758.07', 'EUR', MAX],
  ])('%s %s', (amount, currency, minor) => {
    expect(parseMoney(amount, currency)).toEqual({ ok: true, value: { minor, currency } });
  });

  test.each([
    ['19.905', 'EUR', 'AMOUNT_TOO_PRECISE'],
    ['1.0', 'JPY', 'AMOUNT_TOO_PRECISE'],
    ['92233720368547758.08', 'EUR', 'AMOUNT_OUT_OF_RANGE'],
    ['1', 'DEM', 'CURRENCY_UNKNOWN'],
    ...['', '.5', '5.', '+1', '01', '1e3', '1,50', ' 1', 'NaN', '--1', '0x10', '١'].map((text) => [
      text,
      'EUR',
      'AMOUNT_MALFORMED',
    ]),
  ])('“%s” %s is refused', (amount, currency, code) => {
    expect(parseMoney(amount!, currency!)).toMatchObject({ ok: false, errors: [{ kind: 'INVALID', code }] });
  });

  test('what is written is read back as the same', () => {
    fc.assert(
      fc.property(anyMoney, (amount) => {
        expect(parseMoney(formatAmount(amount), amount.currency)).toEqual({ ok: true, value: amount });
      }),
    );
  });

  test('small amounts keep their zeros', () => {
    expect(formatAmount(money(5n, 'EUR'))).toBe('0.05');
    expect(formatAmount(money(-5n, 'KWD'))).toBe('-0.005');
    expect(formatAmount(money(0n, 'JPY'))).toBe('0');
  });
});

describe('arithmetic', () => {
  test('adds, subtracts, negates, compares and multiplies by quantities', () => {
    const [a, b] = [money(100n, 'EUR'), money(30n, 'EUR')];
    expect(add(a, b).minor).toBe(130n);
    expect(subtract(a, b).minor).toBe(70n);
    expect(sum([a, b, b], 'EUR').minor).toBe(160n);
    expect(sum([], 'EUR')).toEqual(zero('EUR'));
    expect(negate(a).minor).toBe(-100n);
    expect(times(b, 3).minor).toBe(90n);
    expect([compare(a, b), compare(b, a), compare(a, a)]).toEqual([1, -1, 0]);
  });

  test('never mixes currencies', () => {
    expect(() => add(money(1n, 'EUR'), money(1n, 'USD'))).toThrow('cannot mix EUR and USD');
  });

  test.each([
    [1000n, '0.19', 190n],
    [50n, '0.01', 1n],
    [49n, '0.01', 0n],
    [-50n, '0.01', -1n],
    [-49n, '0.01', 0n],
    [3n, '-0.5', -2n],
  ])('%i at a rate of %s is %i, half a cent away from zero', (minor, rate, expected) => {
    expect(multiply(money(minor, 'EUR'), parseRate(rate)).minor).toBe(expected);
  });

  test('net and tax add up to gross', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), fc.integer({ min: 0, max: 4_000 }), (minor, basisPoints) => {
        const rate = parseRate((basisPoints / 10_000).toFixed(4));
        const gross = money(minor, 'EUR');
        const net = divideByOnePlus(gross, rate);
        const tax = subtract(gross, net);
        const distance = multiply(net, rate).minor - tax.minor;
        expect(distance >= -1n && distance <= 1n).toBe(true);
      }),
    );
  });

  test.each(['', 'ten', '1e3', '.5'])('“%s” is no rate', (text) => {
    expect(() => parseRate(text)).toThrow('no rate');
  });

  test('a rate of minus one has no net', () => {
    expect(() => divideByOnePlus(money(1n, 'EUR'), parseRate('-1'))).toThrow('must be positive');
  });
});

describe('splitting', () => {
  test('gives what is left to the largest remainders, then to the first', () => {
    expect(allocate(money(100n, 'EUR'), [1, 1, 1]).map(({ minor }) => minor)).toEqual([34n, 33n, 33n]);
    expect(allocate(money(5n, 'EUR'), [3, 7]).map(({ minor }) => minor)).toEqual([2n, 3n]);
    expect(allocate(money(-100n, 'EUR'), [1, 1, 1]).map(({ minor }) => minor)).toEqual([-34n, -33n, -33n]);
    expect(allocate(money(7n, 'EUR'), [0, 1]).map(({ minor }) => minor)).toEqual([0n, 7n]);
  });

  test('loses and makes nothing, and is at most one unit unfair', () => {
    const weights = fc
      .array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 20 })
      .filter((list) => list.some((weight) => weight > 0));
    fc.assert(
      fc.property(minors, weights, (minor, shares) => {
        const parts = allocate(money(minor, 'EUR'), shares);
        expect(sum(parts, 'EUR').minor).toBe(minor);
        const total = BigInt(shares.reduce((all, share) => all + share, 0));
        parts.forEach((part, index) => {
          const exact = minor * BigInt(shares[index]!);
          const difference = part.minor * total - exact;
          expect(difference < total && difference > -total).toBe(true);
        });
      }),
    );
  });

  test.each([[[]], [[0, 0]], [[1, -1]]])('refuses the weights %j', (weights) => {
    expect(() => allocate(money(1n, 'EUR'), weights)).toThrow('weights');
  });
});
