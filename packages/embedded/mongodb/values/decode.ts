/** BSON bytes from untrusted clients into documents that keep every number type. */
import { isUtf8 } from 'node:buffer';
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
import { MongoError } from '../errors.ts';
import { newDoc } from './fields.ts';
import type { Doc, Value } from './types.ts';

export const MAX_DEPTH = 200;

const invalid = (reason: string) => new MongoError(22, 'InvalidBSON', `Invalid BSON: ${reason}`);

export function tooDeep(): MongoError {
  return new MongoError(15, 'Overflow', `BSONObj exceeds maximum nested object depth: ${MAX_DEPTH}`);
}

/** Decodes exactly one document that fills `bytes`; nothing of `bytes` is kept. */
export function decodeDoc(bytes: Uint8Array): Doc {
  const reader = new Reader(bytes);
  const doc = reader.document(bytes.length, 1);
  if (reader.at !== bytes.length) throw invalid('bytes after the end of the document');
  return doc;
}

/** Field names repeat in every document: keeping them saves making the string and finding its shape. */
const NAME_SLOTS = 4096;
const knownNames: string[] = new Array<string>(NAME_SLOTS).fill('');

class Reader {
  private readonly bytes: Buffer;
  private readonly view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** `limit` is the end of what encloses the document. */
  document(limit: number, depth: number): Doc {
    const end = this.open(limit, depth);
    const doc = newDoc();
    for (let type = this.bytes[this.at++]!; type !== 0; type = this.bytes[this.at++]!) {
      const name = this.name(end);
      doc[name] = this.value(type, end, depth);
      if (this.at >= end) throw invalid('an element runs over the end of its document');
    }
    this.close(end);
    return doc;
  }

  private array(limit: number, depth: number): Value[] {
    const end = this.open(limit, depth);
    const array: Value[] = [];
    for (let type = this.bytes[this.at++]!; type !== 0; type = this.bytes[this.at++]!) {
      // The names of array elements mean nothing: order counts.
      while (this.bytes[this.at] !== 0) this.at += 1;
      this.at += 1;
      if (this.at >= end) throw invalid('an array index runs over the end of its array');
      array.push(this.value(type, end, depth));
      if (this.at >= end) throw invalid('an element runs over the end of its array');
    }
    this.close(end);
    return array;
  }

  private open(limit: number, depth: number): number {
    if (depth > MAX_DEPTH) throw tooDeep();
    const start = this.at;
    const size = this.int32(limit);
    if (size < 5 || start + size > limit)
      throw invalid(`a document of ${size} bytes where ${limit - start} are left`);
    const end = start + size;
    if (this.bytes[end - 1] !== 0) throw invalid('a document is not terminated');
    return end;
  }

  private close(end: number): void {
    if (this.at !== end) throw invalid('a document ends before its length says');
  }

  private value(type: number, end: number, depth: number): Value {
    switch (type) {
      case 0x01:
        return this.double(end);
      case 0x02:
        return this.string(end);
      case 0x03:
        return this.document(end, depth + 1);
      case 0x04:
        return this.array(end, depth + 1);
      case 0x05:
        return this.binary(end);
      case 0x06:
      case 0x0a:
        return null;
      case 0x07:
        return this.objectId(end);
      case 0x08:
        return this.boolean(end);
      case 0x09:
        return this.date(end);
      case 0x0b:
        return this.regex(end);
      case 0x0c:
        return this.dbPointer(end);
      case 0x0d:
        return new Code(this.string(end));
      case 0x0e:
        return new BSONSymbol(this.string(end));
      case 0x0f:
        return this.codeWithScope(end, depth);
      case 0x10:
        return this.int32(end);
      case 0x11: {
        const low = this.int32(end);
        return new Timestamp({ t: this.int32(end) >>> 0, i: low >>> 0 });
      }
      case 0x12: {
        const low = this.int32(end);
        return Long.fromBits(low, this.int32(end));
      }
      case 0x13: {
        const start = this.take(16, end);
        return new Decimal128(Uint8Array.prototype.slice.call(this.bytes, start, this.at));
      }
      case 0x7f:
        return new MaxKey();
      case 0xff:
        return new MinKey();
      default:
        throw invalid(`unknown type 0x${type.toString(16)}`);
    }
  }

  /** Steps over `size` bytes and says where they began. */
  private take(size: number, limit: number): number {
    const start = this.at;
    if (start + size > limit) throw invalid('a value runs over the end of its document');
    this.at = start + size;
    return start;
  }

  private int32(limit: number): number {
    return this.view.getInt32(this.take(4, limit), true);
  }

  private double(limit: number): Value {
    const n = this.view.getFloat64(this.take(8, limit), true);
    // Only what would read as an Int32 needs the wrapper (-0 gets it too, so that arithmetic keeps its sign).
    return (n | 0) === n ? new Double(n) : n;
  }

  private boolean(limit: number): boolean {
    const byte = this.bytes[this.take(1, limit)]!;
    if (byte > 1) throw invalid(`a boolean of value ${byte}`);
    return byte === 1;
  }

  private date(limit: number): Date {
    const low = this.int32(limit) >>> 0;
    const milliseconds = this.int32(limit) * 0x100000000 + low;
    const date = new Date(milliseconds);
    if (Number.isNaN(date.getTime())) throw invalid('a date beyond the year 275760 is not supported');
    return date;
  }

  private objectId(limit: number): ObjectId {
    const start = this.take(12, limit);
    return new ObjectId(this.bytes.subarray(start, this.at));
  }

  private string(limit: number): string {
    const size = this.int32(limit);
    if (size < 1) throw invalid(`a string of ${size} bytes`);
    const start = this.take(size, limit);
    if (this.bytes[this.at - 1] !== 0) throw invalid('a string is not terminated');
    return this.text(start, this.at - 1);
  }

  private text(start: number, end: number): string {
    if (end - start < 24) {
      let text = '';
      let at = start;
      for (; at < end; at++) {
        const byte = this.bytes[at]!;
        if (byte > 0x7f) break;
        text += String.fromCharCode(byte);
      }
      if (at === end) return text;
    }
    const text = this.bytes.toString('utf8', start, end);
    // Decoding puts U+FFFD for what is no UTF-8; a client may also have sent that character itself.
    if (text.includes('\ufffd') && !isUtf8(this.bytes.subarray(start, end)))
      throw invalid('a string is not UTF-8');
    return text;
  }

  private cstring(limit: number): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0 || end >= limit) throw invalid('a name or pattern is not terminated');
    const text = this.text(this.at, end);
    this.at = end + 1;
    return text;
  }

  private name(limit: number): string {
    const { bytes, at: start } = this;
    let hash = 0;
    let at = start;
    let byte = bytes[at]!;
    let ascii = true;
    while (byte !== 0) {
      if (byte > 0x7f) ascii = false;
      hash = (hash * 31 + byte) | 0;
      at += 1;
      if (at >= limit) throw invalid('a field name is not terminated');
      byte = bytes[at]!;
    }
    this.at = at + 1;
    if (this.at >= limit) throw invalid('an element runs over the end of its document');
    if (!ascii || at - start > 64) return this.text(start, at);
    const slot = (hash ^ (hash >>> 12)) & (NAME_SLOTS - 1);
    const known = knownNames[slot]!;
    if (this.matches(known, start, at)) return known;
    const name = bytes.toString('latin1', start, at);
    knownNames[slot] = name;
    return name;
  }

  private matches(text: string, start: number, end: number): boolean {
    if (text.length !== end - start) return false;
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== this.bytes[start + i]) return false;
    return true;
  }

  private binary(limit: number): Binary {
    const size = this.int32(limit);
    const subtype = this.bytes[this.take(1, limit)]!;
    if (size < 0) throw invalid(`binary data of ${size} bytes`);
    const end = this.take(size, limit) + size;
    let start = end - size;
    // The old subtype 2 holds its length once more.
    if (subtype === Binary.SUBTYPE_BYTE_ARRAY) {
      if (size < 4 || this.view.getInt32(start, true) !== size - 4)
        throw invalid('binary data of contradictory length');
      start += 4;
    }
    return new Binary(Uint8Array.prototype.slice.call(this.bytes, start, end), subtype);
  }

  private regex(limit: number): BSONRegExp {
    const pattern = this.cstring(limit);
    const options = this.cstring(limit);
    if (/[^ilmsux]/.test(options)) throw invalid(`unknown regular expression options '${options}'`);
    return new BSONRegExp(pattern, options);
  }

  private dbPointer(limit: number): DBRef {
    const namespace = this.string(limit);
    return new DBRef(namespace, this.objectId(limit));
  }

  private codeWithScope(limit: number, depth: number): Code {
    const start = this.at;
    const size = this.int32(limit);
    if (size < 14 || start + size > limit) throw invalid('code with a contradictory length');
    const end = start + size;
    const code = this.string(end);
    const scope = this.document(end, depth + 1);
    if (this.at !== end) throw invalid('code with a contradictory length');
    return new Code(code, scope);
  }
}
