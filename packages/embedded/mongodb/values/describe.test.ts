import { expect, test } from '@jest/globals';
import {
  Binary,
  BSONRegExp,
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
import { describeField, describeValue } from './describe.ts';
import type { Value } from './types.ts';

const id = new ObjectId('0123456789abcdef01234567');

test.each<[string, Value | undefined]>([
  ['EOO', undefined],
  ['null', null],
  ['1', 1],
  ['1.0', new Double(1)],
  ['1.5', 1.5],
  ['5', Long.fromNumber(5)],
  ['1.10', Decimal128.fromString('1.10')],
  ['"a\\"b"', 'a"b'],
  ['true', true],
  ["ObjectId('0123456789abcdef01234567')", id],
  ['new Date(5)', new Date(5)],
  ['Timestamp(1, 2)', new Timestamp({ t: 1, i: 2 })],
  ['/a/i', new BSONRegExp('a', 'i')],
  ['BinData(0, 01FF)', new Binary(Buffer.from([1, 255]), 0)],
  ['f', new Code('f')],
  ['CodeWScope( f, { a: 1 })', new Code('f', { a: 1 })],
  ["DBRef('a.b',0123456789abcdef01234567)", new DBRef('a.b', id)],
  ['MinKey', new MinKey()],
  ['MaxKey', new MaxKey()],
  ['{}', {}],
  ['[]', []],
  ['{ a: [ 1, { b: "x" } ], c: {} }', { a: [1, { b: 'x' }], c: {} }],
])('%s', (expected, value) => {
  expect(describeValue(value)).toBe(expected);
  expect(describeField('f', value)).toBe(`f: ${expected}`);
});

test('long values are cut', () => {
  expect(describeValue('x'.repeat(10_000)).length).toBeLessThan(200);
  expect(describeValue(Array.from({ length: 10_000 }, () => 'y'.repeat(100))).length).toBeLessThan(1_010);
  let deep: Value = 1;
  for (let i = 0; i < 150; i++) deep = { a: deep };
  expect(describeValue(deep)).toContain('{...}');
});
