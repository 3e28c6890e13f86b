/** One connection's state, and the replies that wait for the end of the turn. */
import type { Socket } from 'node:net';
import { encodeReply, type Protocol } from './protocol/encode.ts';
import type { Reply } from './protocol/reply.ts';
import { RequestReader } from './protocol/request-reader.ts';

const LONGEST_WRITE = 256 * 1024 * 1024;

export interface Transaction {
  readonly queued: (readonly string[])[];
  /** A command was refused while queueing: EXEC will refuse all. */
  broken: boolean;
  queuedBytes: number;
}

export interface WatchedKey {
  readonly database: number;
  readonly key: string;
}

/** `skip next` leaves out the reply to the next command, `skip this` the one to the command that runs. */
export type ReplyMode = 'on' | 'off' | 'skip next' | 'skip this';

export class Client {
  readonly id: number;
  /** None for the client in whose name a log is replayed. */
  readonly socket: Socket | undefined;
  readonly address: string;
  readonly localAddress: string;
  readonly connectedAt: number;
  readonly reader = new RequestReader();
  protocol: Protocol = 2;
  database = 0;
  name = '';
  libraryName = '';
  libraryVersion = '';
  lastCommand = 'NULL';
  lastActiveAt: number;
  noEvict = false;
  replyMode: ReplyMode = 'on';

  transaction: Transaction | undefined;
  readonly watched: WatchedKey[] = [];
  /** A watched key was changed: EXEC will do nothing. */
  watchBroken = false;
  /** EXEC is running its commands: none of them may block. */
  executing = false;

  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();

  /** It waits for a key, and none of its commands is run meanwhile. */
  blocked = false;
  /** It gets what is already waiting for it, and then is cut off. */
  closing = false;
  closed = false;
  /** Its replies pile up: none of its commands is run until it has read some. */
  throttled = false;
  /** Since when a subscriber's output is over the soft limit. */
  slowSince: number | undefined;
  /** How much of the budget for all clients is counted as this one's. */
  accountedBytes = 0;

  #replies: string[] = [];
  #queuedBytes = 0;
  /** Places in #replies of those that tell of a change. */
  #unsaved: number[] = [];

  constructor(id: number, socket: Socket | undefined, now: number) {
    this.id = id;
    this.socket = socket;
    this.address = `${socket?.remoteAddress}:${socket?.remotePort}`;
    this.localAddress = `${socket?.localAddress}:${socket?.localPort}`;
    this.connectedAt = now;
    this.lastActiveAt = now;
  }

  get subscriptions(): number {
    return this.channels.size + this.patterns.size;
  }

  get isSubscriber(): boolean {
    return this.subscriptions + this.shardChannels.size > 0;
  }

  /** Replies that the peer has not taken yet. */
  get outputBytes(): number {
    return this.#queuedBytes + (this.socket?.writableLength ?? 0);
  }

  get hasOutput(): boolean {
    return this.#replies.length > 0;
  }

  get heldBytes(): number {
    return this.reader.heldBytes + this.outputBytes + (this.transaction?.queuedBytes ?? 0);
  }

  /** A reply that tells of a change becomes an error when the change cannot be written to disk. */
  reply(reply: Reply, tellsOfChange = false): void {
    if (this.replyMode === 'off' || this.replyMode === 'skip this') return;
    if (tellsOfChange) this.#unsaved.push(this.#replies.length);
    this.send(encodeReply(reply, this.protocol));
  }

  send(encoded: string): void {
    if (this.closed || encoded === '') return;
    this.#replies.push(encoded);
    this.#queuedBytes += encoded.length;
  }

  /** Hands the replies to the socket; those that tell of a change as this error, if there is one. */
  flush(diskError: string | undefined): void {
    if (diskError !== undefined) for (const place of this.#unsaved) this.#replies[place] = diskError;
    // One write for all, save where the text would come near the longest that a string can be.
    const texts = this.#queuedBytes > LONGEST_WRITE ? this.#replies : [this.#replies.join('')];
    this.#replies = [];
    this.#unsaved = [];
    this.#queuedBytes = 0;
    if (this.closed) return;
    for (const text of texts) if (text !== '') this.socket?.write(text, 'latin1');
    if (this.closing) this.socket?.destroySoon();
  }

  /** Cuts it off, whatever it still had to get. */
  kill(): void {
    this.closed = true;
    this.socket?.destroy();
  }
}
