/** Random BSON values, rich in those that are nearly or exactly equal. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  type Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { docFrom } from '../fields.ts';
import { makeDouble, makeLong } from '../number-kinds.ts';
import type { Doc, Value } from '../types.ts';

const edgeIntegers = [0n, 1n, -1n, 10n, 2n ** 31n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];

export const long: fc.Arbitrary<Long> = fc
  .oneof(fc.constantFrom(...edgeIntegers), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
  .map(makeLong);

export const double = fc
  .oneof(
    fc.double(),
    fc.constantFrom(0, -0, 1, 0.1, 2 ** 53, 2 ** 63, 1e22, Number.MIN_VALUE, Number.MAX_VALUE),
    fc.integer({ min: -3, max: 3 }),
  )
  .map(makeDouble);

export const decimalText = fc.oneof(
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '0', '-0', '0E+6000', '1E-6176', '1.0', '1.00', '0.1'),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }), fc.integer({ min: -60, max: 60 }))
    .map(([coefficient, exponent]) => `${coefficient}E${exponent}`),
  fc
    .tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -6176, max: 6111 }))
    .map(([coefficient, exponent]) => `${coefficient}E${exponent}`),
  fc.constantFrom(...edgeIntegers).map(String),
);

export const decimal = decimalText.map((text) => Decimal128.fromString(text));

export const number = fc.oneof(fc.integer(), fc.integer({ min: -3, max: 3 }), double, long, decimal);

export const text = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.constantFrom('', 'a', 'A', 'ä', 'z', '\uffff', '\u{10000}', 'straße', 'strasse', '10', '9', '\ud7ff'),
);

const fieldName = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', '$x', '', 'ü', 'a.b');

export const scalar: fc.Arbitrary<Value> = fc.oneof(
  number,
  text,
  fc.constantFrom<Value>(null, true, false, new MinKey(), new MaxKey()),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc
    .tuple(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(0, 2, 4, 128))
    .map(([bytes, type]) => new Binary(bytes, type)),
  fc.tuple(fc.nat(3), fc.nat(3)).map(([t, i]) => new Timestamp({ t, i })),
  fc.constantFrom('', 'i', 'im').map((options) => new BSONRegExp('^a', options)),
  text.map((value) => new BSONSymbol(value)),
  fc.constantFrom('f', 'g').map((code) => new Code(code)),
  fc.constantFrom('f', 'g').map((code) => new Code(code, docFrom([['a', 1]]))),
  fc.constantFrom('db.c', 'c').map((name) => new DBRef(name, new ObjectId('0123456789abcdef01234567'))),
);

export const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fieldName, tie('value')), { maxLength: 3 }).map(docFrom) },
  ),
})).value;

export const doc: fc.Arbitrary<Doc> = fc.array(fc.tuple(fieldName, value), { maxLength: 4 }).map(docFrom);

/** Something that equals the number but has another type, where there is one. */
export function otherTypesOf(n: number): Value[] {
  const same: Value[] = [makeDouble(n), Decimal128.fromString(String(n))];
  if (Number.isSafeInteger(n)) same.push(makeLong(n), Decimal128.fromString(`${n}.000`));
  return same;
}
