/** Cuts a file into lines as its bytes come in. Lines of CSV may hold line breaks between quotation marks. */

export interface Position {
  byte: number;
  /** From 1. */
  line: number;
}

export interface RawLine {
  line: number;
  /** Without the line break; null when it is longer than may be. */
  bytes: Buffer | null;
  /** Where the next one begins. */
  next: Position;
}

export interface LineSplitter {
  /** One by one: a piece that is all line breaks has a great many. */
  push(chunk: Buffer): Iterable<RawLine>;
  /** What stands after the last line break. */
  end(): Iterable<RawLine>;
}

export const MAX_LINE_BYTES = 1_048_576;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;

export function createLineSplitter(
  start: Position,
  isQuoted: boolean,
  maxBytes = MAX_LINE_BYTES,
): LineSplitter {
  let pieces: Buffer[] = [];
  let length = 0;
  let line = start.line;
  let breaksInside = 0;
  let byte = start.byte;
  let insideQuotes = false;

  const keep = (piece: Buffer) => {
    length += piece.length;
    if (length <= maxBytes) pieces.push(piece);
    else pieces = [];
  };
  const finish = (): RawLine => {
    const bytes =
      length > maxBytes ? null : withoutReturn(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
    const first = line;
    line += breaksInside + 1;
    pieces = [];
    length = 0;
    breaksInside = 0;
    return { line: first, bytes, next: { byte, line } };
  };

  /** Index of the line break that ends the line, or -1. */
  const endOf = (chunk: Buffer, from: number): number => {
    if (!isQuoted) return chunk.indexOf(NEWLINE, from);
    for (let index = from; index < chunk.length; index++) {
      const sign = chunk[index];
      if (sign === QUOTE) insideQuotes = !insideQuotes;
      else if (sign === NEWLINE) {
        if (!insideQuotes) return index;
        breaksInside += 1;
      }
    }
    return -1;
  };

  return {
    *push(chunk) {
      let from = 0;
      for (let end = endOf(chunk, 0); end >= 0; end = endOf(chunk, from)) {
        keep(chunk.subarray(from, end));
        byte += end + 1 - from;
        from = end + 1;
        yield finish();
      }
      keep(chunk.subarray(from));
      byte += chunk.length - from;
    },
    end: () => (length > 0 ? [finish()] : []),
  };
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes;
}

/** Blank lines are no rows. */
export function isBlank({ bytes }: RawLine): boolean {
  if (bytes === null) return false;
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === RETURN);
}
