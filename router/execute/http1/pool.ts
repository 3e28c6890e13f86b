/** The connections to one origin, and the line of requests that wait for one. */
import type { TransportOutcome } from '../transport.ts';
import type { Budget } from './answer-body.ts';
import type { Ask } from './ask.ts';
import { type Connection, createConnection } from './connection.ts';
import { createPace, type Pace } from './pace.ts';
import { openSocket, type Trust } from './socket.ts';

export interface PoolOptions {
  /** Of http: or https:. */
  origin: URL;
  /** At most so many. */
  connections: number;
  budget: Budget;
  trust?: Trust;
  /** As measured when not given. */
  pace?: Pace;
}

export interface Pool {
  send(ask: Ask): void;
  /** Its outcome is settled already: it is not sent, or its connection ends. */
  giveUp(ask: Ask): void;
  /** Those under way come to their end. */
  close(): Promise<void>;
}

/** Far more than the router runs at once: see ROUTER_MAX_RUNNING. */
const MOST_WAITING = 10_000;
const LOOK_EVERY_MS = 1_000;

export function createPool({
  origin,
  connections,
  budget,
  trust = {},
  pace = createPace(),
}: PoolOptions): Pool {
  const all = new Set<Connection>();
  /** The one that was used last is the last, and the first to be used again: the others may grow old and go. */
  const idle: Connection[] = [];
  let connecting = 0;
  const line: Ask[] = [];
  let tellClosed = () => {};
  let isClosed = false;
  let isPumping = false;
  let isLooking = false;

  const look = setInterval(() => {
    const now = performance.now();
    while (idle.length > 0 && idle[0]!.keptUntil() < now) idle.shift()!.close();
  }, LOOK_EVERY_MS).unref();

  /** At the end of the turn: what comes in during one is sent together. */
  function pumpSoon(): void {
    if (isPumping) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      pump();
    });
  }

  function pump(): void {
    while (line.length > 0) {
      const connection = takeIdle();
      if (!connection) break;
      const asks = nextAsks(pace.most());
      connection.send(asks);
      if (asks.length > 1) lookAfterShared();
    }
    while (connecting < line.length && all.size < connections) openOne();
  }

  /** From the head of the line: one, or several that may be sent again. */
  function nextAsks(most: number): Ask[] {
    let count = 0;
    while (count < most && count < line.length && mayShare(line[count]!)) count++;
    return line.splice(0, Math.max(1, count));
  }

  function lookAfterShared(): void {
    if (isLooking) return;
    isLooking = true;
    const look = () => {
      isLooking = false;
      sendHeldUpAgain();
    };
    // In a turn that began late, answers may be there that have not been read yet.
    setTimeout(() => setImmediate(look), pace.patienceMs).unref();
  }

  function sendHeldUpAgain(): void {
    const since = performance.now() - pace.patienceMs;
    for (const connection of all) {
      const heldUp = connection.takeHeldUp(since);
      if (heldUp.length > 0) pace.stumble();
      resend(heldUp);
      if (connection.isShared()) lookAfterShared();
    }
    pump();
  }

  function resend(asks: Ask[]): void {
    for (const ask of asks) ask.isResent = true;
    line.unshift(...asks);
  }

  function takeIdle(): Connection | undefined {
    const now = performance.now();
    for (;;) {
      const connection = idle.pop();
      if (!connection || connection.keptUntil() > now) return connection;
      connection.close();
    }
  }

  function openOne(): void {
    let isConnecting = true;
    const connected = (): void => {
      if (isConnecting) connecting--;
      isConnecting = false;
    };
    connecting++;
    const options = { ...openSocket(origin, trust), budget };
    const connection = createConnection(options, {
      opened: () => {
        connected();
        release(connection);
      },
      answered: (requests, milliseconds) => {
        pace.observe(requests, milliseconds);
        release(connection);
      },
      closed: (left, detail) => {
        all.delete(connection);
        const at = idle.indexOf(connection);
        if (at >= 0) idle.splice(at, 1);
        resend(left);
        if (isConnecting) {
          // Whoever waited for it learns why; without that, a subgraph that is away would be waited for forever.
          connected();
          line.shift()?.settle(unreachable(detail));
        }
        pumpSoon();
        if (isClosed && all.size === 0) tellClosed();
      },
    });
    all.add(connection);
  }

  function release(connection: Connection): void {
    if (isClosed && line.length === 0) {
      connection.close();
      return;
    }
    idle.push(connection);
    if (line.length > 0) pumpSoon();
  }

  return {
    send: (ask) => {
      if (isClosed) return ask.settle(unreachable('the connections to the subgraph are closed'));
      if (line.length >= MOST_WAITING) {
        return ask.settle(unreachable(`${MOST_WAITING} requests wait for a connection already`));
      }
      line.push(ask);
      pumpSoon();
    },
    giveUp: (ask) => {
      const at = line.indexOf(ask);
      if (at >= 0) line.splice(at, 1);
      else for (const connection of all) if (connection.giveUp(ask)) return;
    },
    close: () => {
      isClosed = true;
      clearInterval(look);
      for (const connection of [...idle]) connection.close();
      return new Promise((resolve) => {
        tellClosed = resolve;
        if (all.size === 0) resolve();
      });
    },
  };
}

function mayShare({ mayRepeat, isResent }: Ask): boolean {
  return mayRepeat && !isResent;
}

function unreachable(detail: string): TransportOutcome {
  return { ok: false, fault: 'unreachable', detail };
}
