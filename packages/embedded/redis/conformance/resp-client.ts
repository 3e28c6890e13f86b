/** A client of the tests alone: it sends arguments as they are, and shows replies with their exact RESP types. */
import { connect, type Socket } from 'node:net';

export type Shown =
  | string
  | number
  | bigint
  | null
  | Shown[]
  | { status: string }
  | { error: string }
  | { nullArray: true }
  | { resp3Null: true }
  | { double: string }
  | { map: [Shown, Shown][] }
  | { set: Shown[] }
  | { push: Shown[] }
  | { verbatim: string };

interface Decoded {
  value: Shown;
  end: number;
}

export class RespClient {
  readonly socket: Socket;
  #received = '';
  /** So much has to be there before it is worth another look: a large reply comes in many pieces. */
  #awaited = 0;
  #replies: Shown[] = [];
  #readers: { resolve(reply: Shown): void; reject(error: Error): void }[] = [];
  #closed: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk.toString('latin1')));
    socket.on('error', () => {}); // 'close' follows
    this.#closed = new Promise((resolve) => socket.on('close', () => resolve()));
    socket.on('close', () => {
      for (const { reject } of this.#readers.splice(0)) reject(new Error('the server closed the connection'));
    });
  }

  static async open(url: string): Promise<RespClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.setNoDelay(true);
    return new RespClient(socket);
  }

  /** Resolves once the server has closed the connection. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  write(bytes: string): void {
    this.socket.write(bytes, 'latin1');
  }

  send(...args: readonly string[]): void {
    this.write(`*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`);
  }

  /** The next reply, or push, whatever it answers. */
  read(): Promise<Shown> {
    const reply = this.#replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    if (this.socket.closed) return Promise.reject(new Error('the connection is closed'));
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  /** How many replies have come that no one has read. */
  get unread(): number {
    return this.#replies.length;
  }

  call(...args: readonly string[]): Promise<Shown> {
    this.send(...args);
    return this.read();
  }

  close(): void {
    this.socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    if (this.#received.length < this.#awaited) return;
    for (let decoded = decode(this.#received, 0); decoded; decoded = decode(this.#received, 0)) {
      this.#received = this.#received.slice(decoded.end);
      const reader = this.#readers.shift();
      if (reader) reader.resolve(decoded.value);
      else this.#replies.push(decoded.value);
    }
    this.#awaited = lengthOfBulk(this.#received);
  }
}

/** Of the bulk reply that begins here, with its head; 0 when it is not known yet, or something else. */
function lengthOfBulk(text: string): number {
  const lineEnd = text[0] === '$' ? text.indexOf('\r\n') : -1;
  return lineEnd < 0 ? 0 : lineEnd + 2 + Number(text.slice(1, lineEnd)) + 2;
}

/** Undefined when the reply is not there as a whole. */
function decode(text: string, at: number): Decoded | undefined {
  const lineEnd = text.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const line = text.slice(at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (text[at]) {
    case '+':
      return { value: { status: line }, end };
    case '-':
      return { value: { error: line }, end };
    case ':':
      return { value: Number.isSafeInteger(Number(line)) ? Number(line) : BigInt(line), end };
    case '_':
      return { value: { resp3Null: true }, end };
    case ',':
      return { value: { double: line }, end };
    case '$':
    case '=':
      return decodeBulk(text, text[at]!, Number(line), end);
    default:
      return decodeAggregate(text, text[at]!, Number(line), end);
  }
}

function decodeBulk(text: string, mark: string, length: number, start: number): Decoded | undefined {
  if (length < 0) return { value: null, end: start };
  if (start + length + 2 > text.length) return undefined;
  const body = text.slice(start, start + length);
  return { value: mark === '=' ? { verbatim: body } : body, end: start + length + 2 };
}

function decodeAggregate(text: string, mark: string, length: number, start: number): Decoded | undefined {
  if (length < 0) return { value: { nullArray: true }, end: start };
  const items: Shown[] = [];
  let end = start;
  for (let left = mark === '%' ? 2 * length : length; left > 0; left--) {
    const item = decode(text, end);
    if (!item) return undefined;
    items.push(item.value);
    end = item.end;
  }
  return { value: wrap(mark, items), end };
}

function wrap(mark: string, items: Shown[]): Shown {
  switch (mark) {
    case '*':
      return items;
    case '~':
      return { set: items };
    case '>':
      return { push: items };
    case '%':
      return {
        map: Array.from({ length: items.length / 2 }, (_, pair) => [items[2 * pair]!, items[2 * pair + 1]!]),
      };
    default:
      throw new Error(`a reply of unknown kind: ${mark}`);
  }
}
