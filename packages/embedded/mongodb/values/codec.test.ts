import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import * as bson from 'bson';
import fc from 'fast-check';
import { MongoError } from '../errors.ts';
import { decodeDoc, encodeDoc } from './codec.ts';
import { identical } from './identical.ts';
import { kindOf } from './kind.ts';
import { doc as anyDoc } from './tests/arbitraries.ts';

const keepTypes = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
} as const;

describe('the codec', () => {
  test('keeps the type of every number', () => {
    const bytes = bson.serialize({
      int: new bson.Int32(1),
      double: new bson.Double(1),
      minusZero: new bson.Double(-0),
      half: 0.5,
      long: bson.Long.fromNumber(1),
      decimal: bson.Decimal128.fromString('1'),
    });
    const doc = decodeDoc(bytes);
    expect(Object.values(doc).map(kindOf)).toEqual(['int', 'double', 'double', 'double', 'long', 'decimal']);
    expect(Buffer.from(encodeDoc(doc)).equals(bytes)).toBe(true);
  });

  test('reads and writes what bson does', () => {
    const bytes = bson.serialize({
      _id: new bson.ObjectId(),
      text: 'Grüße, 世界 😀',
      list: [1, 'two', [3], { four: 4 }],
      nested: { a: { b: null } },
      binary: new bson.Binary(new Uint8Array([1, 2, 3]), 128),
      old: new bson.Binary(new Uint8Array([1, 2, 3]), 2),
      uuid: new bson.UUID(),
      date: new Date(-1),
      late: new Date(8.64e15),
      regex: new bson.BSONRegExp('^a', 'im'),
      timestamp: new bson.Timestamp({ t: 0xffffffff, i: 7 }),
      code: new bson.Code('f'),
      scoped: new bson.Code('f', { a: 1 }),
      symbol: new bson.BSONSymbol('s'),
      min: new bson.MinKey(),
      max: new bson.MaxKey(),
      yes: true,
      no: false,
    });
    expect(Buffer.from(encodeDoc(decodeDoc(bytes))).equals(bytes)).toBe(true);
    expect(bson.deserialize(encodeDoc(decodeDoc(bytes)), keepTypes)).toEqual(
      bson.deserialize(bytes, keepTypes),
    );
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '_bsontype', ''])(
    'takes %j as an ordinary field',
    (name) => {
      const bytes = bson.serialize(
        new Map<string, unknown>([
          [name, 'x'],
          ['after', new Map([[name, 1]])],
        ]),
      );
      const doc = decodeDoc(bytes);
      expect(Object.keys(doc)).toEqual([name, 'after']);
      expect(Buffer.from(encodeDoc(doc)).equals(bytes)).toBe(true);
    },
  );

  test('gives back every document as it was', () => {
    fc.assert(
      fc.property(anyDoc, (doc) => {
        assert.ok(identical(decodeDoc(encodeDoc(doc)), doc));
      }),
      { numRuns: process.env.SOUK_LONG_TESTS ? 2_000 : 1_000 },
    );
  });

  test('bson reads what it writes, and it reads what bson writes', () => {
    fc.assert(
      fc.property(anyDoc, (doc) => {
        const bytes = encodeDoc(doc);
        const again = bson.serialize(bson.deserialize(bytes, { ...keepTypes, bsonRegExp: true }));
        // bson writes pointers and empty symbols its own way, so only the reading is compared there.
        if (!Buffer.from(bytes).includes(0x0c)) assert.ok(Buffer.from(again).equals(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('keeps nothing of the bytes it read', () => {
    const bytes = Buffer.from(
      bson.serialize({ b: new bson.Binary(new Uint8Array([7])), d: new bson.Decimal128('1') }),
    );
    const doc = decodeDoc(bytes);
    bytes.fill(0xee);
    expect(bson.deserialize(encodeDoc(doc)).d.toString()).toBe('1');
    expect((doc.b as bson.Binary).buffer[0]).toBe(7);
  });

  test('a NUL in a field name is an error of MongoDB, and the next document is written right', () => {
    expect(() => encodeDoc({ 'a\0b': 1 })).toThrow(MongoError);
    expect(bson.deserialize(encodeDoc({ a: 1 }))).toEqual({ a: 1 });
  });
});

describe('bytes that are no document', () => {
  const valid = Buffer.from(
    bson.serialize({
      a: 1,
      s: 'text',
      l: [1, { x: new bson.ObjectId() }],
      b: new bson.Binary(Buffer.alloc(9)),
      r: /a/i,
    }),
  );

  test('every single changed byte gives a document or InvalidBSON, never another failure', () => {
    for (let i = 0; i < valid.length; i++) {
      for (const byte of [0, 1, 2, 5, 0x7f, 0x80, 0xff, valid[i]! + 1]) {
        const bytes = Buffer.from(valid);
        bytes[i] = byte;
        try {
          decodeDoc(bytes);
        } catch (error) {
          assert.ok(error instanceof MongoError);
          assert.equal(error.code, 22);
        }
      }
    }
  });

  test('every truncation is InvalidBSON', () => {
    for (let length = 0; length < valid.length; length++) {
      expect(() => decodeDoc(valid.subarray(0, length))).toThrow(expect.objectContaining({ code: 22 }));
    }
  });

  test.each([
    ['a length below five', '04000000'],
    ['a negative length', 'ffffffff00'],
    ['an unknown type', '0800000055610000'],
    ['a name without end', '0800000010616263'],
    ['a string that is not UTF-8', '0f0000000261000200000080000000'.replace('80000000', '800000')],
    ['a boolean of value two', '090000000861000200'],
    ['bytes after the end', '0500000000ff'],
  ])('%s is InvalidBSON', (_, hex) => {
    expect(() => decodeDoc(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ code: 22 }));
  });

  test('a document nested too deeply is refused, in and out', () => {
    let nested: bson.Document = {};
    for (let i = 0; i < 199; i++) nested = { a: nested };
    expect(() => decodeDoc(bson.serialize(nested))).not.toThrow();
    const deeper = { a: nested };
    expect(() => decodeDoc(bson.serialize(deeper))).toThrow(expect.objectContaining({ code: 15 }));
    expect(() => encodeDoc(deeper)).toThrow(expect.objectContaining({ code: 15 }));
  });

  test('U+FFFD itself is a character like any other', () => {
    const text = `\ufffd${'long enough for the other path '.repeat(2)}`;
    expect(decodeDoc(bson.serialize({ text }))).toEqual({ text });
  });
});

test('a value that makes the buffer grow keeps its type', () => {
  for (const length of [60_000, 64 * 1024, 70_000, 200_000, 3_000_000]) {
    const filler = 'x'.repeat(length);
    const doc = { _id: 1, filler, list: [filler, { filler }], last: true };
    expect(decodeDoc(encodeDoc(doc))).toEqual(doc);
    expect(bson.deserialize(encodeDoc({ ...doc, again: filler }))).toEqual({ ...doc, again: filler });
  }
});
