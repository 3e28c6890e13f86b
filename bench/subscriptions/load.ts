/** Thousands of clients in one process; `measure.ts` forks it and tells it by messages what to do. */

import { createLiveClient } from '@souk/client';
import WebSocket from 'ws';
import { type BareSocket, openBareSocket } from './bare-socket.ts';
import { nowUs } from './clock.ts';
import { type Counts, createTally, type Tally } from './tally.ts';

export type Order =
  | { kind: 'connect'; url: string; clients: number; query: string; resume: boolean }
  | { kind: 'window'; from: number }
  | { kind: 'count'; from: number; to: number };
export interface Report extends Counts {
  hearing: number;
  /** Frames that told of an error, whichever. */
  failed: number;
  /** Times that a client connected again. */
  resumed: number;
  /** The first few, for people. */
  faults: string[];
}

/** Connecting at once; a backlog is shorter than a crowd. */
const CONNECTING = 100;
/** Ports of one address last for some 28,000 connections. */
const CLIENTS_PER_ADDRESS = 20_000;
/** Of those that resume, every tenth is a client of `@souk/client`; the others do the least that resumes. */
const HELPED_EACH = 10;
const INIT = '{"type":"connection_init"}';
const SEQ = Buffer.from('"seq":');
const AT = Buffer.from('"at":');
const ERRORS = Buffer.from('"errors":');
const CURSOR = Buffer.from('"cursor":"');
const QUOTE = 34;
const [ZERO, NINE] = [48, 57];

let tally: Tally = createTally(0);
let [failed, resumed] = [0, 0];
const faults: string[] = [];

// Whoever gives the orders is gone.
process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  if (order.kind === 'connect') void connectAll(order);
  else if (order.kind === 'window') tally.window(order.from);
  else {
    const counts = tally.counts(order.from, order.to);
    process.send!({ ...counts, hearing: tally.hearing(), failed, resumed, faults } satisfies Report);
  }
});

async function connectAll({ url, clients, query, resume }: Order & { kind: 'connect' }): Promise<void> {
  tally = createTally(clients);
  let next = 0;
  const at = new URL(url.replace('http', 'ws'));
  const open = async () => {
    for (let client = next++; client < clients; client = next++) {
      if (resume && client % HELPED_EACH === 0) openHelped(client, at, query);
      else await keepOpen(client, at, query, resume);
    }
  };
  await Promise.all(Array.from({ length: CONNECTING }, open));
  process.send!('subscribed');
}

/** As an application does it. */
function openHelped(client: number, url: URL, query: string): void {
  interface Told {
    orderMoved: { seq: number; at: number };
  }
  const live = createLiveClient({ url: url.href, webSocketImpl: WebSocket });
  live.subscribe<Told, unknown>(
    { document: query },
    {
      next: ({ data, errors }) => {
        if (errors) failed++;
        if (data) tally.heard(client, data.orderMoved.seq, nowUs() - data.orderMoved.at);
      },
      error: ({ message }) => faults.push(`@souk/client: ${message}`),
      complete: () => faults.push('@souk/client: completed'),
    },
  );
}

/** Settles once it has subscribed, or never will; comes back with its cursor when it is to resume. */
function keepOpen(client: number, url: URL, query: string, resume: boolean): Promise<void> {
  let cursor: string | undefined;
  let tries = 0;
  return new Promise((settled) => {
    connect();
    function connect(): void {
      openBareSocket({
        url,
        localAddress: `127.0.0.${2 + Math.floor(client / CLIENTS_PER_ADDRESS)}`,
        onOpen: (socket) => socket.send(INIT),
        onText: (socket, message) => {
          if (take(client, message)) {
            tries = 0;
            if (resume) cursor = cursorIn(message);
          } else answer(socket, message.toString());
        },
        onClose: (reason) => {
          if (faults.length < 5) faults.push(reason);
          if (!resume) return settled();
          const pause = Math.random() * Math.min(2_000, 100 * 2 ** tries++);
          setTimeout(connect, pause);
        },
      });
    }
    function answer(socket: BareSocket, text: string): void {
      const { type, payload } = JSON.parse(text) as { type: string; payload?: unknown };
      if (type === 'connection_ack') {
        if (cursor !== undefined) resumed++;
        const extensions = cursor === undefined ? {} : { after: cursor };
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, extensions } }));
        settled();
      } else if (type === 'ping') socket.send('{"type":"pong"}');
      else if (type !== 'pong') {
        if (faults.length < 5) faults.push(`${type} ${JSON.stringify(payload)}`);
        // Whoever resumes asks again; the others have lost what comes.
        socket.close();
      }
    }
  });
}

/** Whether it was an event. */
function take(client: number, message: Buffer): boolean {
  const seqAt = message.indexOf(SEQ);
  if (seqAt < 0) return false;
  const at = numberAt(message, message.indexOf(AT) + AT.length);
  tally.heard(client, numberAt(message, seqAt + SEQ.length), nowUs() - at);
  if (message.indexOf(ERRORS) >= 0) failed++;
  return true;
}

function numberAt(message: Buffer, from: number): number {
  let value = 0;
  for (let at = from; message[at]! >= ZERO && message[at]! <= NINE; at++) {
    value = value * 10 + message[at]! - ZERO;
  }
  return value;
}

function cursorIn(message: Buffer): string {
  const start = message.indexOf(CURSOR) + CURSOR.length;
  return message.toString('latin1', start, message.indexOf(QUOTE, start));
}
