/** Strings as rows of bits. */
import { CommandError, type Reply } from '../protocol/reply.ts';
import { MAX_BULK_BYTES } from '../protocol/request-reader.ts';
import { integer, integerWithin, isWord, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST } from './command.ts';

const BAD_OFFSET = 'ERR bit offset is not an integer or out of range';
const BAD_BIT = 'ERR bit is not an integer or out of range';

const bitOffset = (text: string) => integerWithin(text, 0, MAX_BULK_BYTES * 8 - 1, BAD_OFFSET);
const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const textOf = (bytes: Buffer) => bytes.toString('latin1');
/** The first bit is the highest of the first byte. */
const bitAt = (byte: number, offset: number) => (byte >> (7 - (offset % 8))) & 1;
/** How many bits are set in each of the 256 bytes. */
const BITS_SET = Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

function getBit({ args, db }: Call): Reply {
  const offset = bitOffset(args[2]!);
  const value = db.get(args[1]!, 'string') ?? '';
  const place = Math.floor(offset / 8);
  return place < value.length ? bitAt(value.charCodeAt(place), offset) : 0;
}

function setBit({ args, db }: Call): Reply {
  const key = args[1]!;
  const offset = bitOffset(args[2]!);
  const bit = integerWithin(args[3]!, 0, 1, BAD_BIT);
  const place = Math.floor(offset / 8);
  const old = db.get(key, 'string') ?? '';
  const value = old.padEnd(place + 1, '\0');
  const byte = value.charCodeAt(place);
  if (value === old && bitAt(byte, offset) === bit) return bit;
  const mask = 0x80 >> (offset % 8);
  const changed = String.fromCharCode(bit ? byte | mask : byte & ~mask);
  db.replace(key, value.slice(0, place) + changed + value.slice(place + 1));
  db.changed(key, '$', 'setbit');
  return bitAt(byte, offset);
}

interface BitRange {
  first: number;
  last: number;
}

function checkUnit(unit: string | undefined): void {
  if (unit !== undefined && !isWord(unit, 'BIT') && !isWord(unit, 'BYTE')) throw syntaxError();
}

/** From start to end in bits, both included; undefined when there is nothing between them. */
function bitRange(start: number, end: number, unit: string | undefined, bytes: number): BitRange | undefined {
  checkUnit(unit);
  const byBit = isWord(unit, 'BIT');
  const length = byBit ? bytes * 8 : bytes;
  if (start < 0 && end < 0 && start > end) return undefined;
  const from = Math.max(0, start < 0 ? length + start : start);
  const to = Math.min(length - 1, Math.max(0, end < 0 ? length + end : end));
  if (from > to) return undefined;
  return byBit ? { first: from, last: to } : { first: from * 8, last: to * 8 + 7 };
}

function bitCount({ args, db }: Call): Reply {
  const value = db.get(args[1]!, 'string');
  if (value === undefined) return 0;
  if (args.length !== 2 && args.length !== 4 && args.length !== 5) throw syntaxError();
  const start = integer(args[2] ?? '0');
  const end = integer(args[3] ?? '-1');
  const bytes = bytesOf(value);
  const range = bitRange(start, end, args[4], bytes.length);
  if (!range) return 0;
  let count = 0;
  for (let at = range.first; at <= range.last; ) {
    const wholeByte = at % 8 === 0 && at + 7 <= range.last;
    count += wholeByte ? BITS_SET[bytes[at >> 3]!]! : bitAt(bytes[at >> 3]!, at);
    at += wholeByte ? 8 : 1;
  }
  return count;
}

function bitPos({ args, db }: Call): Reply {
  const bit = integer(args[2]!);
  if (bit !== 0 && bit !== 1) throw new CommandError('ERR The bit argument must be 1 or 0.');
  const value = db.get(args[1]!, 'string');
  if (value === undefined) return bit === 1 ? -1 : 0;
  if (args.length > 6) throw syntaxError();
  const start = integer(args[3] ?? '0');
  checkUnit(args[5]);
  const end = integer(args[4] ?? '-1');
  const bytes = bytesOf(value);
  const range = bitRange(start, end, args[5], bytes.length);
  if (!range) return -1;
  for (let at = range.first; at <= range.last; at++) if (bitAt(bytes[at >> 3]!, at) === bit) return at;
  // Without an end, the string is seen as followed by zeros.
  return bit === 0 && args[4] === undefined ? bytes.length * 8 : -1;
}

type Combine = (sources: readonly Buffer[], place: number) => number;

const OPERATIONS: Readonly<Record<string, Combine>> = {
  AND: (sources, place) => sources.reduce((all, source) => all & (source[place] ?? 0), 0xff),
  OR: (sources, place) => sources.reduce((all, source) => all | (source[place] ?? 0), 0),
  XOR: (sources, place) => sources.reduce((all, source) => all ^ (source[place] ?? 0), 0),
  NOT: ([source], place) => ~source![place]! & 0xff,
};

function bitOp({ args, db }: Call): Reply {
  const name = args[1]!.toUpperCase();
  const combine = OPERATIONS[name];
  if (!combine) throw syntaxError();
  const target = args[2]!;
  const keys = args.slice(3);
  if (name === 'NOT' && keys.length !== 1) {
    throw new CommandError('ERR BITOP NOT must be called with a single source key.');
  }
  const sources = keys.map((key) => bytesOf(db.get(key, 'string') ?? ''));
  const result = Buffer.alloc(Math.max(...sources.map(({ length }) => length)));
  for (let place = 0; place < result.length; place++) result[place] = combine(sources, place);
  if (result.length > 0) {
    db.set(target, textOf(result));
    db.changed(target, '$', 'set');
  } else if (db.delete(target)) {
    db.changed(target, 'g', 'del');
  }
  return result.length;
}

export const bitmapCommands: readonly Command[] = [
  { name: 'getbit', arity: 3, flags: 'readonly fast', keys: FIRST, run: getBit },
  { name: 'setbit', arity: 4, flags: 'write denyoom', keys: FIRST, run: setBit },
  { name: 'bitcount', arity: -2, flags: 'readonly', keys: FIRST, run: bitCount },
  { name: 'bitpos', arity: -3, flags: 'readonly', keys: FIRST, run: bitPos },
  { name: 'bitop', arity: -4, flags: 'write denyoom', keys: [2, -1, 1], run: bitOp },
];
