/** A client that sends any bytes whatever. */
import { connect, type Socket } from 'node:net';
import { type Document, deserialize, serialize } from 'bson';
import { FrameReader } from '../frames.ts';

export interface RawReply {
  responseTo: number;
  opCode: number;
  /** Read when it is asked for: some tests only count replies of megabytes. */
  readonly body: Document;
  bytes: Buffer;
}

const OP_MSG = 2013;
const OP_REPLY = 1;

export class RawClient {
  readonly socket: Socket;
  readonly replies: RawReply[] = [];
  closed = false;
  private readonly reader = new FrameReader();
  private waiting: (() => void)[] = [];

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk: Buffer) => {
      this.reader.push(chunk);
      for (let message = this.reader.next(); message; message = this.reader.next()) {
        const { bytes, opCode } = message;
        this.replies.push({
          responseTo: bytes.readInt32LE(8),
          opCode,
          bytes,
          get body() {
            return deserialize(bytes.subarray(opCode === OP_REPLY ? 36 : 21));
          },
        });
      }
      this.wake();
    });
    // Being cut off is what many tests are about.
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.closed = true;
      this.wake();
    });
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Waits until the condition holds after some event of the socket. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  async reply(): Promise<RawReply> {
    await this.until(() => this.replies.length > 0 || this.closed);
    const reply = this.replies.shift();
    if (!reply) throw new Error('the connection was closed');
    return reply;
  }

  async command(body: Document): Promise<Document> {
    this.send(opMsg([bodySection(body)]));
    return (await this.reply()).body;
  }

  end(): void {
    this.socket.destroy();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

let nextId = 1;

export function message(opCode: number, content: Uint8Array, length = 16 + content.length): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(length, 0);
  header.writeInt32LE(nextId++, 4);
  header.writeInt32LE(opCode, 12);
  return Buffer.concat([header, content]);
}

export function opMsg(sections: Uint8Array[], flags = 0): Buffer {
  const flagBytes = Buffer.alloc(4);
  flagBytes.writeUInt32LE(flags);
  return message(OP_MSG, Buffer.concat([flagBytes, ...sections]));
}

export function bodySection(body: Document): Buffer {
  return Buffer.concat([Buffer.of(0), serialize({ ...body, $db: body.$db ?? 'shop' })]);
}

export function sequenceSection(name: string, documents: Document[]): Buffer {
  const content = Buffer.concat([
    Buffer.from(`${name}\0`),
    ...documents.map((document) => serialize(document)),
  ]);
  const size = Buffer.alloc(4);
  size.writeInt32LE(content.length + 4);
  return Buffer.concat([Buffer.of(1), size, content]);
}
