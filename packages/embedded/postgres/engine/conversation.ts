/** Gives Postgres one job's messages, each as its connection means it, and sends on what Postgres answers. */
import { closeStatement, copyFail, joinExactly } from '../wire/messages.ts';
import type { Backend, Conversation } from './backend.ts';
import type { Cancel } from './cancel.ts';
import type { Inbox } from './inbox.ts';
import { type OutputFilter, outputFilter, type Reports } from './output-filter.ts';
import type { Session } from './session.ts';
import { renameStatement } from './statement-names.ts';

/** Output beyond this goes out while the statement still runs. */
const SEND_AT = 256 * 1024;

/** Data, its end either way, and Flush and Sync, which change nothing there. */
const COPY_MESSAGES = new Set([...'dcfHS'].map((type) => type.charCodeAt(0)));

/** Whose unnamed prepared statement the engine holds at the moment. */
export interface UnnamedOwner {
  session: Session | undefined;
}

export interface SessionConversation extends Conversation {
  filter: OutputFilter;
  /** The client broke the protocol in a way that ends its connection. */
  violation(): string | undefined;
  /** Bytes of whole units that are not run: the client is to read first. */
  left(): number;
  /** What has not been sent yet, for the client. */
  takeOutput(): Uint8Array<ArrayBuffer>;
}

export interface ConversationParts {
  session: Session;
  bytes: Uint8Array;
  backend: Backend;
  reports: Reports;
  unnamed: UnnamedOwner;
  inbox: Inbox;
  cancel: Cancel;
}

export function sessionConversation(parts: ConversationParts): SessionConversation {
  const { session, backend, unnamed, inbox } = parts;
  const filter = outputFilter(session, parts.reports);
  let input = asBuffer(parts.bytes);
  /** A client's message that waits behind one put before it. */
  let held: Buffer | undefined;
  /** A Parse of the unnamed statement that Postgres works on. */
  let parsing: Buffer | undefined;
  let violation: string | undefined;
  /** Pieces as Postgres wrote them, and pieces as the client gets them. */
  let written: Buffer[] = [];
  let filtered: Buffer[] = [];
  let size = 0;

  const filterWritten = () => {
    if (written.length === 0) return;
    filtered.push(filter.pass(joined(written)));
    written = [];
  };

  const takeOutput = () => {
    filterWritten();
    const output = joinExactly(filtered);
    filtered = [];
    size = 0;
    return output;
  };

  const sendOutput = () => {
    const output = takeOutput();
    if (output.length) inbox.sendOutput(session.id, output);
  };

  /** Only a COPY reads beyond its job's messages: its data comes as the client sends it. */
  const waitForInput = (): Buffer => {
    sendOutput();
    inbox.tell({ type: 'needs-input', session: session.id });
    const message = inbox.wait();
    if (message?.type !== 'input') throw new Error(`expected COPY data, got ${message?.type}`);
    return asBuffer(message.bytes);
  };

  const takeMessage = (): Buffer => {
    const end = 1 + input.readInt32BE(1);
    const message = input.subarray(0, end);
    input = input.subarray(end);
    return message;
  };

  /** Postgres has done with all messages so far, or it would not ask for the next one: did the last one fail? */
  const isSkipping = (): boolean => {
    backend.flush();
    filterWritten();
    return filter.isSkipping();
  };

  const settleParse = () => {
    if (parsing) session.unnamed = isSkipping() ? undefined : parsing;
    parsing = undefined;
  };

  /** The unnamed statement in the engine is another connection's: ours takes its place, or none. Unseen by the client. */
  const replaceUnnamed = (message: Buffer): Buffer => {
    held = message;
    if (!session.unnamed) {
      unnamed.session = undefined;
      filter.injected('close-complete');
      return closeStatement('');
    }
    unnamed.session = session;
    filter.injected('parse-complete');
    return session.unnamed;
  };

  const giveUpCopy = (type: number): Buffer => {
    violation = `unexpected message type 0x${type.toString(16).toUpperCase()} during COPY from stdin`;
    input = input.subarray(input.length);
    return copyFail(violation);
  };

  const next = (): Buffer => {
    if (held) {
      const message = held;
      held = undefined;
      return message;
    }
    if (input.length === 0) input = waitForInput();
    filterWritten();
    if (filter.isCopyingIn() && !COPY_MESSAGES.has(input[0] as number)) return giveUpCopy(input[0] as number);
    settleParse();
    const { message, use } = renameStatement(session.names, takeMessage());
    if (use === 'other' || isSkipping()) return message;
    switch (use) {
      case 'query':
        session.unnamed = undefined;
        unnamed.session = undefined;
        break;
      case 'parse-unnamed':
        parsing = Buffer.from(message);
        unnamed.session = session;
        break;
      case 'close-unnamed':
        session.unnamed = undefined;
        break;
      case 'use-unnamed':
        if (unnamed.session !== session) return replaceUnnamed(message);
        break;
    }
    return message;
  };

  /** Statements of a client that does not read would fill the window, and whoever is next would wait for it. */
  const isToReadFirst = (): boolean => {
    if (!inbox.isBehind()) return false;
    backend.settle();
    filterWritten();
    return filter.state() === 'idle';
  };

  return {
    filter,
    violation: () => violation,
    next,
    left: () => input.length,
    more: () => held !== undefined || (input.length > 0 && !isToReadFirst()),
    answer(bytes) {
      // How the given-up COPY fails is nothing to the client.
      if (violation) return;
      // The bytes lie in Postgres' memory, where it writes the next ones.
      written.push(Buffer.from(bytes));
      size += bytes.length;
      if (size < SEND_AT) return;
      sendOutput();
      parts.cancel.check();
    },
    takeOutput() {
      settleParse();
      return takeOutput();
    },
  };
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const joined = (pieces: Buffer[]): Buffer =>
  pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
