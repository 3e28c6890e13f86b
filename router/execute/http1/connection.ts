/** One connection to a subgraph: requests go out together, their answers come back in the same order. */
import { type AnswerBody, type Budget, createAnswerBody, tooLarge } from './answer-body.ts';
import type { Ask } from './ask.ts';
import type { ReplyHead } from './reply-head.ts';
import { createReplyReader } from './reply-reader.ts';
import type { Opening } from './socket.ts';

export interface ConnectionEvents {
  /** It may be sent something: it has been opened. */
  opened(): void;
  /** It may be sent more: it has answered all that it was sent, in so many milliseconds. */
  answered(requests: number, milliseconds: number): void;
  /** It has ended; what it leaves behind may be sent on another one, or has an outcome already. */
  closed(left: Ask[], detail: string): void;
}

export interface Connection {
  /** All in one write. Only when it is free. */
  send(asks: Ask[]): void;
  /**
   * Of requests that were sent together before `since`, those that still wait behind the first. Their answers are
   * thrown away when they come.
   */
  takeHeldUp(since: number): Ask[];
  /** Whether requests wait behind another one. */
  isShared(): boolean;
  /** Ends it when the request is under way here. */
  giveUp(ask: Ask): boolean;
  /** By the clock of `performance`: until then the peer is believed to keep it. */
  keptUntil(): number;
  close(): void;
}

export interface ConnectionOptions extends Opening {
  budget: Budget;
}

const CONNECT_TIMEOUT_MS = 3_000;
/** Nothing said by the peer: servers keep idle connections for 5 s and more. */
const IDLE_MS = 4_000;
const MOST_IDLE_MS = 60_000;
/** A peer closes when its time is over; a request that crosses with that is lost. */
const IDLE_MARGIN_MS = 1_000;

export function createConnection(
  { socket, connectedEvent, budget }: ConnectionOptions,
  events: ConnectionEvents,
): Connection {
  /** In the order in which they were sent. */
  let underWay: Ask[] = [];
  /** Of the first of them. */
  let status = 0;
  let body: AnswerBody | undefined;
  /** It has answered before: when it now closes without a word, that is about its age and not about the request. */
  let hasServed = false;
  /** Of the last write: how many requests, and when. */
  let sent = 0;
  let sentAt = 0;
  let keptUntil = Number.POSITIVE_INFINITY;
  let isOver = false;

  const reader = createReplyReader({
    isAwaited: () => underWay.length > 0,
    head: (head) => {
      status = head.status;
      const announced = head.framing.kind === 'length' ? head.framing.bytes : 0;
      body = createAnswerBody(budget, announced);
      if (announced > budget.maxBytes) refuse(tooLarge(budget.maxBytes));
    },
    body: (piece) => {
      const fault = body?.add(piece);
      if (fault !== undefined) refuse(fault);
    },
    end: endReply,
  });

  function endReply(head: ReplyHead): void {
    const ask = underWay.shift()!;
    ask.settle({ ok: true, status, body: body!.whole() });
    forgetAnswer();
    hasServed = true;
    // An answer before the whole request has left: who knows what the peer makes of the rest.
    const isUnread = underWay.length === 0 && socket.writableLength > 0;
    if (!head.staysOpen || isUnread) {
      end('the subgraph closed the connection');
    } else if (underWay.length === 0) {
      const now = performance.now();
      keptUntil = now + idleMsOf(head);
      events.answered(sent, now - sentAt);
    }
  }

  function forgetAnswer(): void {
    body?.release();
    body = undefined;
  }

  function refuse(detail: string): void {
    underWay[0]?.settle({ ok: false, fault: 'too large', detail });
    end(detail);
  }

  /** Those behind the first have had no answer through no fault of theirs. */
  function end(detail: string, givenUp?: Ask): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(connecting);
    reader.stop();
    socket.destroy();
    const mayFirstRepeat = hasServed && !reader.hasBegun();
    forgetAnswer();
    const left = underWay.filter((ask, at) => {
      if (ask === givenUp) return false;
      if (ask.mayRepeat && !ask.isResent && (at > 0 || mayFirstRepeat)) return true;
      ask.settle({ ok: false, fault: 'unreachable', detail });
      return false;
    });
    underWay = [];
    events.closed(left, detail);
  }

  const connecting = setTimeout(() => {
    end(`no connection within ${CONNECT_TIMEOUT_MS / 1_000} s`);
  }, CONNECT_TIMEOUT_MS);
  socket.once(connectedEvent, () => {
    clearTimeout(connecting);
    events.opened();
  });
  socket.on('data', (bytes: Buffer) => {
    try {
      reader.read(bytes);
    } catch (error) {
      endBadly(error);
    }
  });
  socket.on('end', () => {
    try {
      reader.finish();
      end('the subgraph closed the connection');
    } catch (error) {
      endBadly(error);
    }
  });
  socket.on('error', (error) => end(error.message || error.name));
  socket.on('close', () => end('the connection was closed'));

  /** Whatever a peer's bytes do to their reader is the end of this connection, and of nothing else. */
  function endBadly(error: unknown): void {
    end((error as Error).message);
  }

  return {
    send: (asks) => {
      underWay = asks;
      sent = asks.length;
      sentAt = performance.now();
      socket.write(bytesOf(asks));
    },
    takeHeldUp: (since) => {
      if (underWay.length < 2 || sentAt > since) return [];
      const [first, ...behind] = underWay;
      const heldUp = behind.filter((ask) => ask !== NOBODY);
      underWay = [first!, ...behind.map(() => NOBODY)];
      return heldUp;
    },
    isShared: () => underWay.some((ask, at) => at > 0 && ask !== NOBODY),
    giveUp: (ask) => {
      if (!underWay.includes(ask)) return false;
      end('given up', ask);
      return true;
    },
    keptUntil: () => keptUntil,
    close: () => end('closed'),
  };
}

/** Whose answer is read and thrown away. */
const NOBODY: Ask = { head: '', body: Buffer.alloc(0), mayRepeat: false, isResent: true, settle: () => {} };

function bytesOf(asks: readonly Ask[]): Buffer {
  let size = 0;
  for (const { head, body } of asks) size += head.length + body.length;
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { head, body } of asks) {
    at += bytes.write(head, at, 'latin1');
    at += body.copy(bytes, at);
  }
  return bytes;
}

function idleMsOf({ idleMs }: ReplyHead): number {
  if (idleMs === undefined) return IDLE_MS;
  return Math.min(MOST_IDLE_MS, Math.max(idleMs / 2, idleMs - IDLE_MARGIN_MS));
}
