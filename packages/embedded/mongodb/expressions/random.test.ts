import { expect, test } from '@jest/globals';
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
import { MongoError } from '../errors.ts';
import { encodeDoc } from '../values/codec.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { compileExpression, scopeOf } from './compile.ts';
import { operators } from './operators.ts';
import { NOW, own } from './tests/table.ts';

const LONG = process.env.SOUK_LONG_TESTS;

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      null,
      true,
      false,
      0,
      1,
      -1,
      2,
      1.5,
      -0,
      Number.NaN,
      Infinity,
      -Infinity,
      2147483647,
      -2147483648,
      1e300,
    ],
    ...[
      '',
      'a',
      'abc',
      'é😀',
      '$a',
      '$b.c',
      '$$ROOT',
      '$$this',
      '$$value',
      '$$NOW',
      '$$REMOVE',
      '%Y-%m',
      'day',
      'UTC',
    ],
    ...['2020-01-01', '(a+)+', 'approximate', 'Europe/Berlin', 'int', 'week'],
  ),
  fc.constantFrom<unknown>(
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.fromNumber(5),
    new Double(2),
    Decimal128.fromString('1.50'),
    Decimal128.fromString('NaN'),
    Decimal128.fromString('-9.9E6144'),
    Decimal128.fromString('1E-6176'),
    new Date(0),
    new Date(8.64e15),
    new Date(-8.64e15),
    new ObjectId('5ab9c3da31c2ab715d421285'),
    new Binary(Buffer.from('abc')),
    new Timestamp({ t: 4294967295, i: 1 }),
    new BSONRegExp('a', 'i'),
    new BSONSymbol('s'),
    new Code('x'),
    new DBRef('c', new ObjectId('5ab9c3da31c2ab715d421285')),
    new MinKey(),
    new MaxKey(),
  ),
);

const names = [
  ...[
    'input',
    'in',
    'as',
    'cond',
    'limit',
    'initialValue',
    'vars',
    'field',
    'value',
    'to',
    'onError',
    'onNull',
  ],
  ...[
    'regex',
    'options',
    'date',
    'startDate',
    'endDate',
    'unit',
    'amount',
    'timezone',
    'format',
    'dateString',
  ],
  ...[
    'binSize',
    'startOfWeek',
    'iso8601',
    'year',
    'month',
    'day',
    'hour',
    'inputs',
    'defaults',
    'useLongestLength',
  ],
  ...[
    'branches',
    'default',
    'case',
    'then',
    'if',
    'else',
    'n',
    'sortBy',
    'chars',
    'find',
    'replacement',
    'p',
    'method',
  ],
  ...['a', 'b.c', '__proto__', 'constructor', '$a', ''],
];

const { expression } = fc.letrec<{ expression: unknown; operator: unknown }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('operator'),
    fc.array(tie('expression'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...names), tie('expression'), { maxKeys: 4 }),
  ),
  operator: fc
    .tuple(
      fc.constantFrom(...operators.keys()),
      fc.oneof(
        tie('expression'),
        fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('expression'), { minKeys: 1, maxKeys: 5 }),
      ),
    )
    .map(([name, operand]) => ({ [name]: operand })),
}));

const fields = ['a', 'b', 'c', '0'];
const { doc } = fc.letrec<{ doc: unknown; value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('doc')),
  doc: fc.dictionary(fc.constantFrom(...fields), tie('value'), { maxKeys: 4 }),
}));

/** Compiles and runs; anything but a value or a MongoError fails the test. */
function run(spec: unknown, root: unknown): void {
  try {
    const compiled = compileExpression(own(spec), { variables: new Set(['this', 'value']), now: NOW });
    const result = compiled(scopeOf(own(root) as Doc, { this: 5, value: [1] }));
    if (result !== undefined) encodeDoc(docFrom([['result', result]]));
  } catch (failure) {
    // A refusal is an answer.
    if (!(failure instanceof MongoError)) throw failure;
  }
}

test('an expression of any shape gives a value that can be sent, or a MongoError', () => {
  fc.assert(fc.property(expression, doc, run), { numRuns: LONG ? 4000 : 2000 });
});

test.each([...operators.keys()].filter((name) => name !== '$rand'))('%s takes any operand', (name) => {
  const operand = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 4 }),
    fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), {
      maxKeys: 5,
    }),
  );
  fc.assert(
    fc.property(operand, doc, (spec, root) => run({ [name]: spec }, root)),
    { numRuns: LONG ? 150 : 60 },
  );
  expect(operators.has(name)).toBe(true);
});
