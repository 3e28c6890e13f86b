/** Documents into BSON bytes. */
import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Long,
  ObjectId,
  Timestamp,
} from 'bson';
import { badValue } from '../errors.ts';
import { binaryBytes, dbPointerNamespace } from './compare.ts';
import { MAX_DEPTH, tooDeep } from './decode.ts';
import { kindOf } from './kind.ts';
import type { Doc, Value } from './types.ts';

const FIRST_CAPACITY = 64 * 1024;
/** A buffer grown beyond this by one huge document is let go again. */
const KEPT_CAPACITY = 1024 * 1024;

let bytes = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
let view = new DataView(bytes.buffer);
let at = 0;

export function encodeDoc(doc: Doc): Uint8Array {
  at = 0;
  try {
    writeDoc(doc, 1);
    return Buffer.from(bytes.subarray(0, at));
  } finally {
    if (bytes.length > KEPT_CAPACITY) resize(FIRST_CAPACITY);
  }
}

function resize(capacity: number): void {
  const next = Buffer.allocUnsafeSlow(capacity);
  bytes.copy(next, 0, 0, Math.min(at, capacity));
  bytes = next;
  view = new DataView(next.buffer);
}

function reserve(size: number): void {
  if (at + size > bytes.length) resize(Math.max(bytes.length * 2, at + size));
}

function writeDoc(doc: Doc, depth: number): void {
  const start = openDoc(depth);
  for (const name of Object.keys(doc)) {
    const value = doc[name];
    if (value === undefined) continue;
    reserve(2);
    const typeAt = at++;
    writeCstring(name);
    putType(typeAt, writeValue(value, depth));
  }
  closeDoc(start);
}

function writeArray(array: Value[], depth: number): void {
  const start = openDoc(depth);
  for (let i = 0; i < array.length; i++) {
    reserve(2);
    const typeAt = at++;
    writeCstring(String(i));
    // A hole can only come from a fault of ours; null keeps the indexes of the others.
    putType(typeAt, writeValue(array[i] ?? null, depth));
  }
  closeDoc(start);
}

/** A call of its own: in `bytes[at] = writeValue()` the buffer would be looked up before the value makes it grow. */
function putType(typeAt: number, type: number): void {
  bytes[typeAt] = type;
}

function openDoc(depth: number): number {
  if (depth > MAX_DEPTH) throw tooDeep();
  const start = at;
  reserve(5);
  at += 4;
  return start;
}

function closeDoc(start: number): void {
  reserve(1);
  bytes[at++] = 0;
  view.setInt32(start, at - start, true);
}

/** Writes the value and returns its type byte, which belongs in front of the name. */
function writeValue(value: Value, depth: number): number {
  switch (typeof value) {
    case 'string':
      writeString(value);
      return 0x02;
    case 'number':
      if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
        writeInt32(value);
        return 0x10;
      }
      writeDouble(value);
      return 0x01;
    case 'boolean':
      reserve(1);
      bytes[at++] = value ? 1 : 0;
      return 0x08;
  }
  return writeObject(value, depth);
}

function writeObject(value: Exclude<Value, string | number | boolean>, depth: number): number {
  switch (kindOf(value)) {
    case 'null':
      return 0x0a;
    case 'object':
      writeDoc(value as Doc, depth + 1);
      return 0x03;
    case 'array':
      writeArray(value as Value[], depth + 1);
      return 0x04;
    case 'objectId':
      writeBytes((value as ObjectId).id);
      return 0x07;
    case 'date':
      writeDate(value as Date);
      return 0x09;
    case 'double':
      writeDouble((value as Double).value);
      return 0x01;
    case 'long':
      writeInt32((value as Long).low);
      writeInt32((value as Long).high);
      return 0x12;
    case 'decimal':
      writeBytes((value as Decimal128).bytes);
      return 0x13;
    case 'binData':
      writeBinary(value as Binary);
      return 0x05;
    case 'timestamp':
      writeInt32((value as Timestamp).i);
      writeInt32((value as Timestamp).t);
      return 0x11;
    case 'regex':
      writeCstring((value as BSONRegExp).pattern);
      writeCstring((value as BSONRegExp).options);
      return 0x0b;
    case 'symbol':
      writeString((value as BSONSymbol).value);
      return 0x0e;
    case 'dbPointer':
      writeString(dbPointerNamespace(value as DBRef));
      writeBytes((value as DBRef).oid.id);
      return 0x0c;
    case 'javascript':
      writeString((value as Code).code);
      return 0x0d;
    case 'javascriptWithScope':
      writeCodeWithScope(value as Code, depth);
      return 0x0f;
    case 'minKey':
      return 0xff;
    default:
      return 0x7f;
  }
}

function writeInt32(n: number): void {
  reserve(4);
  view.setInt32(at, n, true);
  at += 4;
}

function writeDouble(n: number): void {
  reserve(8);
  view.setFloat64(at, n, true);
  at += 8;
}

function writeDate(date: Date): void {
  const milliseconds = date.getTime();
  if (Number.isNaN(milliseconds)) throw badValue('Invalid date: out of the range that is supported');
  writeInt32(milliseconds | 0);
  writeInt32(Math.floor(milliseconds / 0x100000000));
}

function writeBytes(source: Uint8Array): void {
  reserve(source.length);
  bytes.set(source, at);
  at += source.length;
}

function writeBinary(binary: Binary): void {
  const content = binaryBytes(binary);
  const old = binary.sub_type === 2;
  writeInt32(content.length + (old ? 4 : 0));
  reserve(1);
  bytes[at++] = binary.sub_type;
  if (old) writeInt32(content.length);
  writeBytes(content);
}

function writeCodeWithScope(code: Code, depth: number): void {
  const start = at;
  writeInt32(0);
  writeString(code.code);
  writeDoc(code.scope as Doc, depth + 1);
  view.setInt32(start, at - start, true);
}

function writeString(text: string): void {
  // Three bytes for each UTF-16 unit are the most that UTF-8 takes.
  reserve(text.length * 3 + 5);
  const start = at;
  at += 4;
  writeText(text);
  bytes[at++] = 0;
  view.setInt32(start, at - start - 4, true);
}

function writeCstring(text: string): void {
  reserve(text.length * 3 + 1);
  const start = at;
  writeText(text);
  if (text.includes('\0')) {
    at = start;
    throw badValue('A field name or regular expression must not contain null bytes');
  }
  bytes[at++] = 0;
}

/** Room must have been reserved. */
function writeText(text: string): void {
  if (text.length > 24) {
    at += bytes.write(text, at, 'utf8');
    return;
  }
  const start = at;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) {
      at = start + bytes.write(text, start, 'utf8');
      return;
    }
    bytes[at++] = unit;
  }
}
