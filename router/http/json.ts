/** Parses JSON of a stranger: UTF-8 to the letter, and no deeper than the code behind it can walk. */
import { isUtf8 } from 'node:buffer';

export type ParsedJson = { ok: true; value: unknown } | { ok: false; reason: string };

const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

export function parseJson(bytes: Buffer): ParsedJson {
  if (!isUtf8(bytes)) return { ok: false, reason: 'it is not valid UTF-8' };
  if (isDeeperThan(bytes, MAX_DEPTH)) {
    return { ok: false, reason: `it is nested more than ${MAX_DEPTH} levels deep` };
  }
  try {
    return { ok: true, value: JSON.parse(bytes.toString('utf8')) };
  } catch (error) {
    // V8 names the place, and at most a few characters of what the client itself sent.
    return { ok: false, reason: (error as Error).message };
  }
}

/** Before parsing: the parser itself takes any depth, what works on its result does not. */
function isDeeperThan(bytes: Buffer, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    if (inString) {
      if (byte === BACKSLASH) index++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPENING.has(byte)) {
      if (++depth > max) return true;
    } else if (CLOSING.has(byte)) depth--;
  }
  return false;
}
