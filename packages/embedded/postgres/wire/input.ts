/** Cuts a socket's bytes into messages, and refuses those that no client of good faith sends. */
import { MAX_MESSAGE, MAX_SMALL_MESSAGE } from '../limits.ts';
import { HEAD } from './messages.ts';

/** What the client sent is not the protocol: it is told, and the connection ends. */
export class ProtocolViolation extends Error {
  readonly code: string;

  constructor(message: string, code = '08P01') {
    super(message);
    this.code = code;
  }
}

export interface Input {
  readonly length: number;
  push(chunk: Buffer): void;
  /** The first bytes, still there afterwards; undefined while fewer have come. */
  peek(size: number): Buffer | undefined;
  take(size: number): Buffer | undefined;
}

/** Chunks are joined only once all of a message has come: each byte of it is copied once. */
export function createInput(): Input {
  let chunks: Buffer[] = [];
  let length = 0;

  const join = (size: number): Buffer => {
    const [first] = chunks;
    if (first && first.length >= size) return first;
    const joined = Buffer.concat(chunks, length);
    chunks = [joined];
    return joined;
  };

  return {
    get length() {
      return length;
    },
    push(chunk) {
      if (chunk.length === 0) return;
      chunks.push(chunk);
      length += chunk.length;
    },
    peek: (size) => (length < size ? undefined : join(size).subarray(0, size)),
    take(size) {
      if (length < size) return undefined;
      const first = join(size);
      if (first.length === size) chunks.shift();
      else chunks[0] = first.subarray(size);
      length -= size;
      return first.subarray(0, size);
    },
  };
}

/** Start-up packets have no type; their length comes first. */
export function nextStartupPacket(input: Input): Buffer | undefined {
  const size = input.peek(4)?.readInt32BE(0);
  if (size === undefined) return undefined;
  if (size < 8 || size > MAX_SMALL_MESSAGE) throw new ProtocolViolation('invalid length of startup packet');
  return input.take(size);
}

/** Messages that carry statements or data may be long, all others are short. */
const LONG = new Set([...'QPBFd'].map(charCode));
const SHORT = new Set([...'EDCSHXcf'].map(charCode));

export function nextMessage(input: Input): Buffer | undefined {
  const head = input.peek(HEAD);
  if (!head) return undefined;
  const type = head[0] as number;
  const size = head.readInt32BE(1);
  if (!LONG.has(type) && !SHORT.has(type))
    throw new ProtocolViolation(`invalid frontend message type ${type}`);
  if (size < 4 || (SHORT.has(type) && size > MAX_SMALL_MESSAGE))
    throw new ProtocolViolation('invalid message length');
  if (size > MAX_MESSAGE)
    throw new ProtocolViolation(
      `message of ${size} bytes is longer than the embedded server takes (${MAX_MESSAGE})`,
      '54000',
    );
  return input.take(size + 1);
}

function charCode(character: string): number {
  return character.charCodeAt(0);
}
