/**
 * Takes the bytes of one connection and gives its commands.
 *
 * Keys and values are latin1 strings everywhere in this server: one character for each byte, so that they are exact
 * for any bytes, compare in byte order, and serve as keys of a Map.
 */
import { parseInt64 } from '../numbers/int64.ts';
import { splitInline } from './inline.ts';

export class ProtocolError extends Error {}

export const MAX_BULK_BYTES = 64 * 1024 * 1024;
const MAX_LINE_BYTES = 64 * 1024;
const MAX_ARGUMENTS = 2 ** 31 - 1;
/** What an argument costs beside its bytes. */
const ARGUMENT_OVERHEAD = 16;
const ASTERISK = 0x2a;
const DOLLAR = 0x24;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const NO_BYTES = Buffer.alloc(0);

export class RequestReader {
  #bytes: Buffer = NO_BYTES;
  #at = 0;
  /** Chunks not yet joined to #bytes: joining waits until there is enough to go on. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #needed = 0;
  #args: string[] = [];
  #argBytes = 0;
  #missingArgs = 0;
  /** Of the argument being read; -1 while its length is not known. */
  #bulkLength = -1;

  /** What is held of commands that are not complete. */
  get heldBytes(): number {
    return this.#bytes.length - this.#at + this.#waitingBytes + this.#argBytes;
  }

  push(chunk: Buffer): void {
    if (this.#at === this.#bytes.length) {
      this.#bytes = chunk;
      this.#at = 0;
    } else {
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
    }
  }

  /** The next command; undefined until more bytes come. Throws a ProtocolError, after which nothing can be read. */
  next(): string[] | undefined {
    for (;;) {
      const command = this.#read();
      if (command === undefined) {
        if (!this.#joinWaiting()) return undefined;
      } else if (command.length > 0) {
        return command;
      }
    }
  }

  #joinWaiting(): boolean {
    const rest = this.#bytes.length - this.#at;
    if (this.#waiting.length === 0 || rest + this.#waitingBytes < this.#needed) return false;
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), ...this.#waiting]);
    this.#at = 0;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return true;
  }

  /** An empty command is one to pass over. */
  #read(): string[] | undefined {
    if (this.#missingArgs === 0) {
      if (this.#at === this.#bytes.length) return undefined;
      if (this.#bytes[this.#at] !== ASTERISK) return this.#readInline();
      if (!this.#readCount()) return undefined;
    }
    while (this.#missingArgs > 0) {
      const arg = this.#readBulk();
      if (arg === undefined) return undefined;
      this.#args.push(arg);
      this.#argBytes += arg.length + ARGUMENT_OVERHEAD;
      this.#missingArgs--;
    }
    const command = this.#args;
    this.#args = [];
    this.#argBytes = 0;
    return command;
  }

  #readInline(): string[] | undefined {
    const end = this.#bytes.indexOf(LINE_FEED, this.#at);
    if (end < 0) return this.#awaitLine('too big inline request');
    const cut = this.#bytes[end - 1] === CARRIAGE_RETURN && end > this.#at ? end - 1 : end;
    const args = splitInline(this.#bytes.toString('latin1', this.#at, cut));
    if (!args) throw new ProtocolError('unbalanced quotes in request');
    this.#at = end + 1;
    return args;
  }

  #readCount(): boolean {
    const line = this.#readLine('too big mbulk count string');
    if (line === undefined) return false;
    const count = parseInt64(line.slice(1));
    if (count === undefined || count > MAX_ARGUMENTS) throw new ProtocolError('invalid multibulk length');
    this.#missingArgs = Math.max(0, Number(count));
    return true;
  }

  #readBulk(): string | undefined {
    if (this.#bulkLength < 0 && !this.#readBulkLength()) return undefined;
    const end = this.#at + this.#bulkLength;
    if (end + 2 > this.#bytes.length) {
      this.#needed = this.#bulkLength + 2;
      return undefined;
    }
    const arg = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end + 2;
    this.#bulkLength = -1;
    return arg;
  }

  #readBulkLength(): boolean {
    if (this.#at < this.#bytes.length && this.#bytes[this.#at] !== DOLLAR) {
      throw new ProtocolError(`expected '$', got '${String.fromCharCode(this.#bytes[this.#at]!)}'`);
    }
    const line = this.#readLine('too big bulk count string');
    if (line === undefined) return false;
    const length = parseInt64(line.slice(1));
    if (length === undefined || length < 0 || length > MAX_BULK_BYTES) {
      throw new ProtocolError('invalid bulk length');
    }
    this.#bulkLength = Number(length);
    return true;
  }

  /** A line that ends in CR LF, without them. */
  #readLine(tooBig: string): string | undefined {
    const bytes = this.#bytes;
    let end = this.#at;
    while (end < bytes.length && bytes[end] !== CARRIAGE_RETURN) end++;
    if (end + 1 >= bytes.length) return this.#awaitLine(tooBig);
    const line = bytes.toString('latin1', this.#at, end);
    this.#at = end + 2;
    return line;
  }

  #awaitLine(tooBig: string): undefined {
    const length = this.#bytes.length - this.#at;
    if (length > MAX_LINE_BYTES) throw new ProtocolError(tooBig);
    this.#needed = length + 1;
    return undefined;
  }
}
