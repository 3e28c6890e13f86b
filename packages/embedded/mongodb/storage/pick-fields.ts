/** Decodes a few top-level fields of a stored document and steps over the others: a fraction of the whole's cost. */
import { MongoError } from '../errors.ts';
import { decodeDoc } from '../values/codec.ts';
import type { Doc } from '../values/types.ts';

export const encodeNames = (names: Iterable<string>): Uint8Array[] =>
  [...names].map((name) => Buffer.from(name));

/** `names` are encoded; what is not there is not in the result. */
export function pickFields(bytes: Uint8Array, names: readonly Uint8Array[]): Doc {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const alone = Buffer.allocUnsafe(source.length);
  let size = 4;
  let wanted = names.length;
  let at = 4;
  while (wanted > 0 && source[at] !== 0) {
    let nameEnd = at + 1;
    while (source[nameEnd] !== 0 && nameEnd < source.length) nameEnd++;
    const end = nameEnd + 1 + valueBytes(source, source[at]!, nameEnd + 1);
    if (!(end > at && end < source.length))
      throw new MongoError(22, 'InvalidBSON', 'Invalid BSON: a broken document');
    if (isWanted(source, at + 1, nameEnd, names)) {
      size += source.copy(alone, size, at, end);
      wanted--;
    }
    at = end;
  }
  alone[size] = 0;
  alone.writeInt32LE(size + 1, 0);
  return decodeDoc(alone.subarray(0, size + 1));
}

function isWanted(source: Buffer, start: number, end: number, names: readonly Uint8Array[]): boolean {
  for (const name of names) {
    if (end - start !== name.length) continue;
    let same = 0;
    while (same < name.length && source[start + same] === name[same]) same++;
    if (same === name.length) return true;
  }
  return false;
}

/** Lengths are as they say: the bytes were checked when they were stored. */
function valueBytes(source: Buffer, type: number, at: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return 8;
    case 0x02:
    case 0x0d:
    case 0x0e:
      return 4 + source.readInt32LE(at);
    case 0x03:
    case 0x04:
    case 0x0f:
      return source.readInt32LE(at);
    case 0x05:
      return 5 + source.readInt32LE(at);
    case 0x07:
      return 12;
    case 0x08:
      return 1;
    case 0x0b: {
      const patternEnd = source.indexOf(0, at);
      return source.indexOf(0, patternEnd + 1) + 1 - at;
    }
    case 0x0c:
      return 4 + source.readInt32LE(at) + 12;
    case 0x10:
      return 4;
    case 0x13:
      return 16;
    default:
      // Null, the old undefined, MinKey and MaxKey have no value.
      return 0;
  }
}
