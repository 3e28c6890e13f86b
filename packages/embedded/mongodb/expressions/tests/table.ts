// Tables of { spec, doc, expected } rows; an error is expected as its code.
import { describe, expect, test } from '@jest/globals';
import { Decimal128, Double, Long } from 'bson';
import { MongoError } from '../../errors.ts';
import { docFrom } from '../../values/fields.ts';
import { isDoc } from '../../values/kind.ts';
import type { Doc, Value } from '../../values/types.ts';
import { compileExpression, scopeOf } from '../compile.ts';

export const NOW = new Date('2024-02-29T12:34:56.789Z');

export const long = (n: number | string) => Long.fromString(String(n));
export const double = (n: number) => new Double(n);
export const decimal = (text: string) => Decimal128.fromString(text);
export const MISSING = Symbol('missing');

export function evaluate(spec: unknown, doc: unknown = {}): Value | undefined {
  const compiled = compileExpression(own(spec), { variables: new Set(), now: NOW });
  return compiled(scopeOf(own(doc) as Doc, {}));
}

/** Rows: what is evaluated, against which document, and the value, MISSING or error code to come. */
export type Row = [spec: unknown, expected: unknown, doc?: unknown];

export function table(name: string, rows: Row[]): void {
  describe(name, () => {
    test.each(rows.map((row) => ({ title: short(row[0], row[2]), row })))('$title', ({ row }) => {
      const [spec, expected, doc = {}] = row;
      const code = errorCode(expected);
      if (code === undefined) {
        expect(shown(evaluate(spec, doc))).toEqual(expected === MISSING ? 'missing' : shown(own(expected)));
      } else expect(() => evaluate(spec, doc)).toThrow(expect.objectContaining({ code }));
    });
  });
}

/** Expected instead of a value: the code of a MongoError. */
export const error = (code: number) => ({ [ERROR]: code });
const ERROR = Symbol('error');

function errorCode(expected: unknown): number | undefined {
  return typeof expected === 'object' && expected !== null
    ? (expected as { [ERROR]?: number })[ERROR]
    : undefined;
}

export function codeOf(run: () => unknown): number | undefined {
  try {
    run();
    return undefined;
  } catch (failure) {
    // Anything but a MongoError would have taken the server down: let it fail the test.
    if (failure instanceof MongoError) return failure.code;
    throw failure;
  }
}

/** Object literals turned into documents as the codec makes them. */
export function own(value: unknown): Value {
  if (Array.isArray(value)) return value.map(own);
  if (isDoc(value as Value)) {
    const doc = value as Doc;
    return docFrom(Object.keys(doc).map((key) => [key, own(doc[key])]));
  }
  return value as Value;
}

/** With number types made visible: 1 is an int, Double(1) is not. */
export function shown(value: Value | undefined): unknown {
  if (value === undefined) return 'missing';
  if (value instanceof Double) return `double ${Object.is(value.value, -0) ? '-0' : value.value}`;
  if (value instanceof Long) return `long ${value}`;
  if (value instanceof Decimal128) return `decimal ${value}`;
  if (Array.isArray(value)) return value.map(shown);
  if (isDoc(value)) return Object.keys(value).map((key) => [key, shown(value[key])]);
  return value;
}

function short(spec: unknown, doc: unknown): string {
  const text = doc === undefined ? JSON.stringify(spec) : `${JSON.stringify(spec)} of ${JSON.stringify(doc)}`;
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
