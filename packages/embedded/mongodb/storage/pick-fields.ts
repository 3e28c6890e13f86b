/** Decodes a few top-level fields of a stored document and steps over the others. */
import { decodeDoc } from '../values/codec.ts';
import type { Doc } from '../values/types.ts';

/** `names` are encoded; what is not there is not in the result. */
export function pickFields(bytes: Uint8Array, names: readonly Uint8Array[]): Doc {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const pieces: Buffer[] = [HEADER_SPACE];
  let wanted = names.length;
  let at = 4;
  while (wanted > 0 && source[at] !== 0) {
    const nameEnd = source.indexOf(0, at + 1);
    const end = nameEnd + 1 + valueBytes(source, source[at]!, nameEnd + 1);
    if (names.some((name) => isNamed(source, at + 1, nameEnd, name))) {
      pieces.push(source.subarray(at, end));
      wanted--;
    }
    at = end;
  }
  pieces.push(END);
  const alone = Buffer.concat(pieces);
  alone.writeInt32LE(alone.length, 0);
  return decodeDoc(alone);
}

const HEADER_SPACE = Buffer.alloc(4);
const END = Buffer.alloc(1);

function isNamed(source: Buffer, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (source[start + i] !== name[i]) return false;
  return true;
}

/** The bytes were checked when they were stored, so lengths are as they say. */
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
