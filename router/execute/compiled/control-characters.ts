/** JSON has no control characters in it but white space: looks for one, four bytes at a time. */

const BLANK = 32;
const BLANKS = 0x20202020;
const HIGH_BITS = 0x80808080;

export function hasControlCharacter(bytes: Buffer): boolean {
  const before = -bytes.byteOffset & 3;
  const count = (bytes.length - before) >> 2;
  if (count < 1) return hasOne(bytes, 0, bytes.length);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + before, count);
  let found = 0;
  // Less a blank, a byte below it has its highest bit set, which it had not before.
  for (let at = 0; at < count; at++) found |= (words[at]! - BLANKS) & ~words[at]!;
  if ((found & HIGH_BITS) !== 0) return true;
  return hasOne(bytes, 0, before) || hasOne(bytes, before + count * 4, bytes.length);
}

function hasOne(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! < BLANK) return true;
  return false;
}
