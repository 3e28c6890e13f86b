import { describe, expect, test } from '@jest/globals';
import { type GraphQLScalarType, parseValue } from 'graphql';
import { countryCodes, isCountryCode } from '../values/countries.ts';
import { money } from '../values/money.ts';
import {
  CountryCodeScalar,
  CurrencyCodeScalar,
  DateScalar,
  DateTimeScalar,
  DecimalScalar,
  EventCursorScalar,
  JSONScalar,
  moneyResolvers,
  SCALARS,
  URLScalar,
} from './scalars.ts';

const literal = (scalar: GraphQLScalarType<unknown, unknown>, text: string) =>
  scalar.parseLiteral(parseValue(text));

describe('DateTime', () => {
  test.each([
    ['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.5Z', '2026-03-01T12:00:00.500Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is read', (text, instant) => {
    expect((DateTimeScalar.parseValue(text) as Date).toISOString()).toBe(instant);
    expect(literal(DateTimeScalar, `"${text}"`)).toEqual(new Date(instant));
  });

  test.each([
    '0000-01-01T00:00:00Z',
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:00:60Z',
    '2026-03-01T12:00:00+02:00',
    '2026-03-01T12:00:00.000001Z',
    '2026-03-01T12:00:00',
    '2026-03-01 12:00:00Z',
    '2026-03-01t12:00:00z',
    '2026-03-01',
    '12026-03-01T12:00:00Z',
    '',
    1_772_366_400_000,
    null,
    {},
  ])('%j is refused with an example', (value) => {
    expect(() => DateTimeScalar.parseValue(value)).toThrow(
      'DateTime must be written like "2026-03-01T12:00:00.000Z"',
    );
  });

  test('is written in UTC with milliseconds, from dates and from what PostgreSQL says', () => {
    expect(DateTimeScalar.serialize(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(DateTimeScalar.serialize('2026-03-01 12:00:00.123+00')).toBe('2026-03-01T12:00:00.123Z');
    expect(() => DateTimeScalar.serialize('soon')).toThrow();
  });
});

const CASES: [GraphQLScalarType<string, string>, string[], unknown[]][] = [
  [DateScalar, ['2026-03-01', '2024-02-29'], ['2026-02-29', '2026-3-1', '2026-03-01T00:00:00Z', 20260301]],
  [
    URLScalar,
    ['https://example.com', 'http://127.0.0.1:4000/a?b#c', 'https://example.com/ä'],
    [
      'example.com',
      '/path',
      'javascript:alert(1)',
      'ftp://a',
      'https://',
      'https://u:p@a',
      `https://a/${'x'.repeat(2048)}`,
    ],
  ],
  [
    DecimalScalar,
    ['0', '19.90', '-0.5', '123456789012345678901234567890.123'],
    ['1e3', '.5', '5.', '01', '+1', '1,5', '', 'NaN', 19.9, 19, '1'.repeat(41)],
  ],
  [CurrencyCodeScalar, ['EUR', 'JPY'], ['eur', 'EURO', 'XXX', '']],
  [CountryCodeScalar, ['DE', 'US'], ['de', 'DEU', 'XX', 'UK']],
  [EventCursorScalar, ['1526919030474-55', 'a.b:c~d'], ['', 'a b', 'x'.repeat(257), '<script>']],
];

describe.each(CASES)('%s', (scalar, good, bad) => {
  test.each(good)('%s passes through', (text) => {
    expect(scalar.parseValue(text)).toBe(text);
    expect(scalar.parseLiteral(parseValue(JSON.stringify(text)))).toBe(text);
    expect(scalar.serialize(text)).toBe(text);
  });

  test.each(bad)('%j is refused both ways', (value) => {
    expect(() => scalar.parseValue(value)).toThrow(`${scalar.name} must be written like`);
    expect(() => scalar.serialize(value)).toThrow(`for ${scalar.name}`);
  });
});

test('a literal of another kind is refused', () => {
  expect(() => literal(DecimalScalar, '19.90')).toThrow('Decimal must be written like "19.90", as a string');
  expect(() => literal(DateScalar, '{ a: 1 }')).toThrow('Date must be written like');
});

test('JSON takes what JSON can say', () => {
  expect(literal(JSONScalar, '{ a: [1, 2.5, "x", true, null, ENUM], b: { c: {} } }')).toEqual({
    a: [1, 2.5, 'x', true, null, 'ENUM'],
    b: { c: {} },
  });
  expect(JSONScalar.parseLiteral(parseValue('{ a: $v }'), { v: 7 })).toEqual({ a: 7 });
  expect(JSONScalar.parseValue({ a: 1 })).toEqual({ a: 1 });
  expect(JSONScalar.serialize([1])).toEqual([1]);
});

test('Money is written with all decimals of its currency', () => {
  expect(moneyResolvers.amount(money(1990n, 'EUR'))).toBe('19.90');
  expect(moneyResolvers.currency(money(1990n, 'EUR'))).toBe('EUR');
});

test('every scalar is found by its name in the SDL', () => {
  expect([...SCALARS.keys()].sort()).toEqual(
    ['CountryCode', 'CurrencyCode', 'Date', 'DateTime', 'Decimal', 'EventCursor', 'JSON', 'URL'].sort(),
  );
});

test('all 249 countries are there, once', () => {
  expect(countryCodes()).toHaveLength(249);
  expect(isCountryCode('toString')).toBe(false);
});
