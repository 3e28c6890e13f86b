/**
 * Wire text: a string whose every character is one byte of UTF-8. Cutting answers of subgraphs into pieces and joining
 * the pieces to an answer of ours needs no decoding that way, and none of V8's two-byte strings.
 */

const MAX_ASCII = 127;

export function toWire(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

export function fromWire(wire: string): string {
  return isAscii(wire) ? wire : Buffer.from(wire, 'latin1').toString('utf8');
}

export function toBytes(wire: string): Buffer {
  return Buffer.from(wire, 'latin1');
}

/** As one, without a string of all of them in between. */
export function joinedBytes(...pieces: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) at += bytes.write(piece, at, 'latin1');
  return bytes;
}

/**
 * The same text for keeping, in one piece: what was cut out of an answer would keep all of the answer in memory, and
 * what was put together would be put together again each time it is written somewhere.
 */
export function detached<Value>(value: Value): Value {
  return typeof value === 'string' ? (toBytes(value).toString('latin1') as Value) : value;
}

/** JSON as wire text. */
export function wireJson(value: unknown): string {
  return toWire(JSON.stringify(value));
}

export function parseWire(wire: string): unknown {
  return JSON.parse(fromWire(wire));
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > MAX_ASCII) return false;
  return true;
}
