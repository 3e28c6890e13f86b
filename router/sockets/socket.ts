/** One WebSocket: what runs on it, how it is written to within bounds, and how it ends. What is said on it: protocol.ts. */
import type { Duplex } from 'node:stream';
import type { HttpRequest } from '@souk/kit/http/handler';
import { MessageType } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { RefusalError } from '../refusal.ts';
import type { Sink } from '../subscribe/subscriptions.ts';
import type { Connection, Connections } from './connections.ts';
import { type Departure, departureOf, FAREWELLS, type Farewell, reasonOf } from './farewells.ts';
import { nextFrame, nextPrefix, textFrame } from './frames.ts';
import { completeMessage, errorMessage, plainMessage } from './messages.ts';
import type { SocketMetrics } from './metrics.ts';
import type { Begun } from './operations.ts';
import type { SocketOptions } from './options.ts';
import { slowConsumer } from './refusals.ts';

export type Subscription = NonNullable<Begun['subscription']>;

/** One operation of a socket, by the id that its client gave it. */
export interface Running {
  readonly id: string;
  /** What each of its results begins with. */
  readonly prefix: Buffer;
  /** The last one that was sent. */
  cursor: string | undefined;
  isOver: boolean;
  /** Absent while it begins, and for what is answered once. */
  subscription?: Subscription | undefined;
  leave(): void;
}

export interface Socket extends Connection {
  readonly transport: 'websocket';
  /** As it came in, with the headers alone that count later; who is asking is put in by `connection_init`. */
  request: HttpRequest;
  /** `connection_init` came, and was answered. */
  stage: 'new' | 'initialising' | 'ready' | 'ending';
  running: Map<string, Running>;
  /** Messages in the second that runs. */
  messages: { second: number; count: number };
  heardAt: number;
  pingedAt: number;
  isDeparting: boolean;
  send(text: string): void;
  /** Why it ends, told in more words than the reason alone where they fit. */
  close(farewell: Farewell, more?: string): void;
  start(id: string): Running;
  sinkOf(running: Running): Sink;
  /** Takes it off the socket; nobody is told. */
  forget(running: Running): void;
  /** Ends it with errors for the client, unless it is over. */
  fail(running: Running, errors: readonly RefusalError[]): void;
}

export interface SocketContext {
  connections: Connections;
  limits: SocketOptions;
  metrics: SocketMetrics;
}

interface Opened {
  ws: WebSocket;
  /** The connection below it. */
  wire: Duplex;
  request: HttpRequest;
  requestId: string;
  network: string | undefined;
}

export function createSocket(
  { ws, wire, request, requestId, network }: Opened,
  { connections, limits, metrics }: SocketContext,
): Socket {
  const now = performance.now();
  let why: Farewell | undefined;
  let endedAt = 0;

  /** A frame more than the bound may stand in the buffer: how large a frame may be is bounded elsewhere. */
  const write = (frame: Buffer): void => {
    if (ws.readyState !== ws.OPEN) return;
    if (wire.writableLength > limits.maxBufferedBytes) {
      cutOff();
      return;
    }
    wire.write(frame);
    socket.sent.frames++;
    socket.sent.bytes += frame.length;
    metrics.sent('websocket', frame.length);
  };

  /** Who reads on is told for each subscription where to go on; who does not is gone when the close timer of `ws` has run out. */
  const cutOff = (): void => {
    let last: string | undefined;
    for (const running of socket.running.values()) {
      last = running.cursor ?? last;
      wire.write(textFrame(errorMessage(running.id, [slowConsumer(running.cursor)])));
    }
    socket.close('slow consumer', last === undefined ? undefined : `go on after ${last}`);
  };

  const leaveAll = (): void => {
    for (const running of [...socket.running.values()]) socket.forget(running);
  };

  const socket: Socket = {
    transport: 'websocket',
    requestId,
    since: now,
    network,
    isWarned: false,
    sent: { frames: 0, bytes: 0 },
    operations: 0,
    request,
    stage: 'new',
    running: new Map(),
    messages: { second: 0, count: 0 },
    heardAt: now,
    pingedAt: now,
    isDeparting: false,
    send: (text) => write(textFrame(text)),
    close: (farewell, more) => {
      if (socket.stage === 'ending') return;
      socket.stage = 'ending';
      why = farewell;
      endedAt = performance.now();
      leaveAll();
      if (farewell === 'silent') ws.terminate();
      else ws.close(FAREWELLS[farewell].code, reasonOf(farewell, more));
    },
    end: (farewell) => socket.close(farewell),
    warn: (until) =>
      socket.send(plainMessage(MessageType.Ping, { tokenExpiresAt: new Date(until).toISOString() })),
    look: (time) => {
      if (socket.stage === 'ending') {
        if (time - endedAt > limits.closeWithinMs) ws.terminate();
      } else if (socket.stage === 'new' || socket.stage === 'initialising') {
        if (time - socket.since > limits.initWithinMs) socket.close('no init');
      } else if (time - socket.heardAt > 2 * limits.pingEveryMs) {
        socket.close('silent');
      } else if (time - Math.max(socket.heardAt, socket.pingedAt) > limits.pingEveryMs) {
        socket.pingedAt = time;
        ws.ping();
      }
    },
    depart: () => {
      socket.isDeparting = true;
      if (![...socket.running.values()].some(isAnsweredOnce)) socket.close('stopping');
    },
    start: (id) => {
      const running: Running = {
        id,
        prefix: nextPrefix(id),
        cursor: undefined,
        isOver: false,
        leave: () => {},
      };
      socket.running.set(id, running);
      socket.operations++;
      return running;
    },
    sinkOf: (running) => ({
      next: (payload, cursor) => {
        if (running.isOver) return;
        write(nextFrame(running.prefix, payload));
        if (!running.isOver && cursor !== undefined) running.cursor = cursor;
      },
      end: (errors) => {
        if (running.isOver) return;
        if (errors) socket.fail(running, errors);
        else {
          remove(running);
          socket.send(completeMessage(running.id));
        }
      },
    }),
    forget: (running) => {
      if (running.isOver) return;
      remove(running);
      running.leave();
    },
    fail: (running, errors) => {
      if (running.isOver) return;
      remove(running);
      socket.send(errorMessage(running.id, errors));
    },
  };

  const remove = (running: Running): void => {
    running.isOver = true;
    // Its id may be somebody else's by now.
    if (socket.running.get(running.id) === running) socket.running.delete(running.id);
    if (socket.isDeparting) setImmediate(socket.depart);
  };

  ws.on('pong', () => {
    socket.heardAt = performance.now();
  });
  // It closes after an error, and `close` tells the code.
  ws.on('error', () => {});
  ws.on('close', (code, reason) => {
    socket.stage = 'ending';
    leaveAll();
    const left: Farewell | Departure = why ?? departureOf(code);
    connections.remove(socket, left, { code: why ? FAREWELLS[why].code : code, reason: wordsOf(reason) });
  });
  return socket;
}

/** Subscriptions are resumed elsewhere; an answer would be lost. */
function isAnsweredOnce({ subscription }: Running): boolean {
  return subscription === undefined;
}

/** Of a client's own close; anyone may write anything there. */
function wordsOf(reason: Buffer): string | undefined {
  return reason.length === 0 ? undefined : reason.toString('utf8').slice(0, 123);
}
