/** Cuts a byte stream into MongoDB messages. */

export const HEADER_BYTES = 16;
/** What a real server announces as maxMessageSizeBytes and accepts. */
export const MAX_MESSAGE_BYTES = 48_000_000;

export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_COMPRESSED = 2012;
export const OP_MSG = 2013;

export interface Message {
  requestId: number;
  opCode: number;
  /** The whole message, header included. */
  bytes: Buffer;
}

/** The stream can not be understood from here on: the connection has to be closed. */
export class BrokenStream extends Error {}

export class FrameReader {
  private chunks: Buffer[] = [];
  private buffered = 0;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
  }

  get isMidMessage(): boolean {
    return this.buffered > 0;
  }

  get bufferedBytes(): number {
    return this.buffered;
  }

  /** The next whole message. A length that no message may have is refused before its body arrives. */
  next(): Message | undefined {
    if (this.buffered < HEADER_BYTES) return undefined;
    const header = this.front(HEADER_BYTES);
    const length = header.readInt32LE(0);
    if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
      throw new BrokenStream(`a message of ${length} bytes`);
    }
    if (this.buffered < length) return undefined;
    const bytes = this.front(length).subarray(0, length);
    this.drop(length);
    return { requestId: bytes.readInt32LE(4), opCode: bytes.readInt32LE(12), bytes };
  }

  /** At least so many bytes in one piece. A long message is joined once, when all of it is there. */
  private front(length: number): Buffer {
    if (this.chunks[0]!.length < length) {
      let count = 0;
      for (let have = 0; have < length; count++) have += this.chunks[count]!.length;
      this.chunks.splice(0, count, Buffer.concat(this.chunks.slice(0, count)));
    }
    return this.chunks[0]!;
  }

  private drop(length: number): void {
    const first = this.chunks[0]!;
    if (first.length === length) this.chunks.shift();
    else this.chunks[0] = first.subarray(length);
    this.buffered -= length;
  }
}
