/**
 * One client's socket: messages are answered one after the other, in the order they came. Reading stops while replies
 * wait to be taken, so that a client which asks faster than it reads costs no memory.
 */
import type { Socket } from 'node:net';
import type { Reply } from '../commands/reply.ts';
import { MongoError } from '../errors.ts';
import { getField } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { BrokenStream, FrameReader, type Message, OP_MSG, OP_QUERY } from './frames.ts';
import { readOpMsg, wantsReply } from './op-msg.ts';
import { readGreeting } from './op-query.ts';
import { opMsgReply, opReply } from './replies.ts';

export interface Request {
  database: string;
  body: Doc;
  /** Documents sent beside the body, by field, still encoded. */
  sequences: Map<string, Uint8Array[]>;
}

/** Never throws: what goes wrong is in the reply. */
export type Answer = (request: Request) => Reply | Promise<Reply>;

export interface ConnectionOptions {
  answer: Answer;
  /** Turns any failure into the reply that tells it. */
  failure(error: unknown): Reply;
  /** A message of which no further byte arrives for so long is given up, and its connection with it. */
  stallMs: number;
  /** Bytes of unfinished messages, of all connections together. */
  unfinished: { bytes: number };
  warn(message: string): void;
}

const WAITING_REPLY_BYTES = 1024 * 1024;
/** Of unfinished messages no more than this is held; the connection that would exceed it is closed. */
const MAX_UNFINISHED_BYTES = 512 * 1024 * 1024;
/** After so long the other connections get their turn. */
const TURN_MS = 10;
/** After these errors the rest of the stream can not be trusted. */
const FATAL_CODES = new Set([223, 233, 288]);

export function serveConnection(socket: Socket, options: ConnectionOptions): void {
  const reader = new FrameReader();
  const { unfinished, warn } = options;
  let busy = false;
  let counted = 0;

  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk);
    work();
    count(reader.bufferedBytes);
    if (unfinished.bytes > MAX_UNFINISHED_BYTES) socket.destroy();
  });
  socket.on('close', () => count(0));
  socket.on('drain', work);
  socket.setTimeout(options.stallMs, () => {
    // While it is paused it is we who do not read: the client may be slow, but it is not silent.
    if (reader.isMidMessage && !socket.isPaused()) socket.destroy();
  });

  function count(bytes: number): void {
    unfinished.bytes += bytes - counted;
    counted = bytes;
  }

  function work(): void {
    if (busy || socket.destroyed) return;
    const turnEnds = performance.now() + TURN_MS;
    try {
      for (;;) {
        if (socket.writableLength > WAITING_REPLY_BYTES) {
          socket.pause();
          return;
        }
        const message = reader.next();
        if (!message) break;
        const pending = handle(message);
        if (socket.destroyed) return;
        if (pending || performance.now() > turnEnds) {
          pauseUntil(pending ?? new Promise((resolve) => setImmediate(resolve)));
          return;
        }
      }
    } catch (error) {
      // There is no next message to be found, or the fault is ours: either way this connection can not go on.
      if (!(error instanceof BrokenStream)) warn(`a connection was closed: ${(error as Error).stack}`);
      socket.destroy();
      return;
    }
    socket.resume();
  }

  function pauseUntil(done: Promise<unknown>): void {
    busy = true;
    socket.pause();
    void done.then(() => {
      busy = false;
      work();
    });
  }

  function handle(message: Message): Promise<void> | undefined {
    if (message.opCode === OP_MSG) return handleOpMsg(message);
    if (message.opCode === OP_QUERY) return handleGreeting(message);
    // Opcodes that 5.1 removed, OP_COMPRESSED which was never agreed on, and nonsense.
    socket.destroy();
    return undefined;
  }

  function handleOpMsg({ requestId, bytes }: Message): Promise<void> | undefined {
    const silent = !wantsReply(bytes);
    const send = (reply: Reply) => {
      if (!silent && !socket.destroyed) socket.write(encodeReply(requestId, reply));
    };
    let request: Request;
    try {
      const { body, sequences } = readOpMsg(bytes);
      request = { database: databaseOf(body), body, sequences };
    } catch (error) {
      // Whatever could not be read is told to its sender.
      send(options.failure(error));
      if (error instanceof MongoError && FATAL_CODES.has(error.code)) socket.destroySoon();
      return undefined;
    }
    return whenAnswered(options.answer(request), send);
  }

  function encodeReply(requestId: number, reply: Reply): Buffer {
    try {
      return opMsgReply(requestId, reply);
    } catch (error) {
      // A result that BSON cannot hold, such as a field name with a NUL in it.
      return opMsgReply(requestId, options.failure(error));
    }
  }

  function handleGreeting({ requestId, bytes }: Message): Promise<void> | undefined {
    let request: Request;
    try {
      const { database, command } = readGreeting(bytes);
      request = { database, body: command, sequences: new Map() };
    } catch (error) {
      // Told in the legacy way, which puts the message into `$err`.
      const { fields } = options.failure(error);
      socket.write(opReply(requestId, { fields: { $err: fields.errmsg!, ...fields } }, true));
      return undefined;
    }
    return whenAnswered(options.answer(request), (reply) => {
      if (!socket.destroyed) socket.write(opReply(requestId, reply, false));
    });
  }
}

function whenAnswered(
  reply: Reply | Promise<Reply>,
  send: (reply: Reply) => void,
): Promise<void> | undefined {
  if (reply instanceof Promise) return reply.then(send);
  send(reply);
  return undefined;
}

function databaseOf(body: Doc): string {
  const database = getField(body, '$db');
  if (typeof database === 'string') return database;
  throw new MongoError(40571, 'Location40571', 'OP_MSG requests require a $db argument');
}
