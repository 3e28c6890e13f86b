/** Cuts what a subgraph sends on one connection into answers, wherever the network has cut it. */
import { checkTrailer, malformed, parseReplyHead, type ReplyHead } from './reply-head.ts';

export interface ReplyEvents {
  /** Whether a request is under way that the next bytes may answer. */
  isAwaited(): boolean;
  head(head: ReplyHead): void;
  /** A piece of the body. It shares memory with all that came in the same read. */
  body(piece: Buffer): void;
  /** The answer is whole. */
  end(head: ReplyHead): void;
}

export interface ReplyReader {
  /** Throws a MalformedReply; the connection is of no use then. */
  read(bytes: Buffer): void;
  /** Whether anything has come of an answer that is not whole yet. */
  hasBegun(): boolean;
  /** The peer sends no more. Throws when an answer is not whole. */
  finish(): void;
  /** Nothing more is read, not even of the bytes at hand. */
  stop(): void;
}

/** Of an answer's head, with the interim answers before it, and of its trailers. */
export const MAX_HEAD_BYTES = 16_384;
/** The size of a chunk, and extensions that nobody uses. */
const MAX_LINE_BYTES = 256;

const HEAD_END = Buffer.from('\r\n\r\n');
const LF = 10;
const CHUNK_LINE = /^([\da-f]{1,8})[ \t]*(?:;[^\r\n\0]*)?$/i;

/** Reads from there on, and says how far it came. */
type State = (bytes: Buffer, at: number) => number;

export function createReplyReader(events: ReplyEvents): ReplyReader {
  let state: State = readHead;
  let head: ReplyHead | undefined;
  /** Of a head that came in pieces. */
  let held: Buffer | undefined;
  let heldBytes = 0;
  /** Of a line that came in pieces. */
  let line = '';
  /** Of heads or trailers, since the last whole answer or the last chunk. */
  let headBytes = 0;
  /** Of the body, or of the chunk. */
  let bytesLeft = 0;
  let isStopped = false;

  function readHead(bytes: Buffer, at: number): number {
    if (!events.isAwaited()) malformed('nobody asked for it');
    const end = held ? -1 : bytes.indexOf(HEAD_END, at);
    if (end < 0) return readHeldHead(bytes, at);
    takeHead(bytes.toString('latin1', at, end));
    return end + HEAD_END.length;
  }

  function readHeldHead(bytes: Buffer, at: number): number {
    held ??= Buffer.allocUnsafe(MAX_HEAD_BYTES);
    const copied = bytes.copy(held, heldBytes, at);
    // The end itself may have come in pieces.
    const from = Math.max(0, heldBytes - HEAD_END.length + 1);
    const end = held.subarray(0, heldBytes + copied).indexOf(HEAD_END, from);
    if (end < 0) {
      heldBytes += copied;
      if (heldBytes === MAX_HEAD_BYTES) tooLong();
      return at + copied;
    }
    const taken = end + HEAD_END.length - heldBytes;
    const text = held.toString('latin1', 0, end);
    held = undefined;
    heldBytes = 0;
    takeHead(text);
    return at + taken;
  }

  function takeHead(text: string): void {
    headBytes += text.length;
    if (headBytes > MAX_HEAD_BYTES) tooLong();
    const read = parseReplyHead(text);
    if (read.status === 101) malformed('nobody asked for another protocol');
    // An interim answer: the true one follows.
    if (read.status < 200) return;
    head = read;
    headBytes = 0;
    events.head(read);
    const { framing } = read;
    if (framing.kind === 'chunked') {
      state = readChunkSize;
    } else if (framing.kind === 'until closed') {
      state = readUntilClosed;
    } else if (framing.bytes === 0) {
      endReply();
    } else {
      bytesLeft = framing.bytes;
      state = readBody;
    }
  }

  function readBody(bytes: Buffer, at: number): number {
    const end = tellBody(bytes, at);
    if (bytesLeft === 0) endReply();
    return end;
  }

  function readUntilClosed(bytes: Buffer, at: number): number {
    events.body(at === 0 ? bytes : bytes.subarray(at));
    return bytes.length;
  }

  function readChunkSize(bytes: Buffer, at: number): number {
    return readLine(bytes, at, (text) => {
      const [, size] = CHUNK_LINE.exec(text) ?? malformed('a chunk has no size');
      bytesLeft = Number.parseInt(size!, 16);
      state = bytesLeft === 0 ? readTrailers : readChunk;
    });
  }

  function readChunk(bytes: Buffer, at: number): number {
    const end = tellBody(bytes, at);
    if (bytesLeft === 0) state = readChunkEnd;
    return end;
  }

  function readChunkEnd(bytes: Buffer, at: number): number {
    return readLine(bytes, at, (text) => {
      if (text !== '') malformed('a chunk is longer than it says');
      state = readChunkSize;
    });
  }

  function readTrailers(bytes: Buffer, at: number): number {
    return readLine(bytes, at, (text) => {
      if (text === '') {
        headBytes = 0;
        endReply();
        return;
      }
      checkTrailer(text);
      headBytes += text.length;
      if (headBytes > MAX_HEAD_BYTES) tooLong();
    });
  }

  function readLine(bytes: Buffer, at: number, take: (line: string) => void): number {
    const found = bytes.indexOf(LF, at);
    const end = found < 0 ? bytes.length : found;
    if (line.length + end - at > MAX_LINE_BYTES) malformed('a line of a chunk is too long');
    line += bytes.toString('latin1', at, end);
    if (found < 0) return end;
    if (!line.endsWith('\r')) malformed('a line of a chunk ends without CR');
    const whole = line.slice(0, -1);
    line = '';
    take(whole);
    return end + 1;
  }

  function tellBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + bytesLeft);
    bytesLeft -= end - at;
    events.body(bytes.subarray(at, end));
    return end;
  }

  function hasBegun(): boolean {
    return state !== readHead || heldBytes > 0 || headBytes > 0;
  }

  function endReply(): void {
    state = readHead;
    events.end(head!);
  }

  return {
    read: (bytes) => {
      for (let at = 0; at < bytes.length && !isStopped; ) at = state(bytes, at);
    },
    hasBegun,
    finish: () => {
      if (state === readUntilClosed) endReply();
      else if (hasBegun()) malformed('it broke off');
    },
    stop: () => {
      isStopped = true;
    },
  };
}

function tooLong(): never {
  malformed(`its headers are larger than ${MAX_HEAD_BYTES / 1_024} KB`);
}
