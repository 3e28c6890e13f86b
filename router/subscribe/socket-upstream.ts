/**
 * Events of a subgraph behind a URL. One socket carries all subscriptions; it is opened for the first of them, opened
 * again for as long as there are any, and closed a while after the last.
 */
import type { Log } from '@souk/kit/observe/log';
import { WebSocket } from 'ws';
import { createBackOff } from './back-off.ts';
import { PROTOCOL, readMessage } from './socket-messages.ts';
import type { Upstream, UpstreamCall, UpstreamListener } from './upstream.ts';

export interface SocketUpstreamOptions {
  subgraph: string;
  /** `ws:` or `wss:`. */
  url: string;
  /** Who opens the socket, signed anew each time. */
  connectionHeaders(): Record<string, string>;
  /** Of one event. */
  maxBytes: number;
  /** How long it is kept without subscriptions. */
  idleMs?: number;
  onReconnected(): void;
  log: Log;
}

interface Subscription {
  call: UpstreamCall;
  listener: UpstreamListener;
  isSent: boolean;
}

const HANDSHAKE_MS = 10_000;
const HEARTBEAT_MS = 10_000;
const IDLE_MS = 10_000;
/** One that closes sooner has not been well yet. */
const WELL_MS = 1_000;
/** Subscriptions that are asked for before others get a turn: each is signed. */
const SENT_AT_ONCE = 100;
const NORMAL_CLOSURE = 1000;
const WAY = { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS } as const;

export function createSocketUpstream(options: SocketUpstreamOptions): Upstream {
  const { url, subgraph, log, maxBytes } = options;
  const subscriptions = new Map<string, Subscription>();
  const backOff = createBackOff();
  let socket: WebSocket | undefined;
  let isReady = false;
  let isClosed = false;
  let wasReady = false;
  let lastId = 0;
  let waiting: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;

  const connect = (): void => {
    if (socket || waiting || isClosed || subscriptions.size === 0) return;
    const opened = new WebSocket(url, PROTOCOL, { ...WAY, maxPayload: maxBytes });
    socket = opened;
    let readySince = 0;
    let fault: string | undefined;
    let isHeard = true;
    const heartbeat = setInterval(() => {
      // Neither an acknowledgement nor a pong: the line is dead, and nobody would tell.
      if (!isHeard || readySince === 0) return opened.terminate();
      isHeard = false;
      opened.ping();
    }, HEARTBEAT_MS);
    const hear = (): void => {
      isHeard = true;
    };
    opened.on('open', () => {
      send(opened, { type: 'connection_init', payload: { headers: options.connectionHeaders() } });
    });
    opened.on('pong', hear);
    opened.on('message', (data: Buffer) => {
      hear();
      if (receive(opened, data) !== 'ready') return;
      isReady = true;
      readySince = performance.now();
      if (wasReady) options.onReconnected();
      wasReady = true;
      void sendWaiting(opened);
    });
    // `close` follows, and tells it.
    opened.on('error', (error) => {
      fault = error.message;
    });
    opened.on('close', (code, reason) => {
      clearInterval(heartbeat);
      // Closed for idleness; another one may be open.
      if (socket !== opened) return;
      detach();
      if (readySince > 0 && performance.now() - readySince > WELL_MS) backOff.succeeded();
      if (subscriptions.size > 0 && !isClosed) {
        const detail = { subgraph, code, reason: reason.toString() || fault };
        if (backOff.failures() === 0) log.warn(detail, 'The socket to a subgraph closed; it is opened again');
        again();
      }
      lose();
    });
  };

  const detach = (): void => {
    socket = undefined;
    isReady = false;
  };

  const again = (): void => {
    waiting = setTimeout(() => {
      waiting = undefined;
      connect();
    }, backOff.nextMs());
  };

  /** Who has not been asked for yet has lost nothing, and waits on. */
  const lose = (): void => {
    const lost = [...subscriptions].filter(([, { isSent }]) => isSent);
    for (const [id] of lost) subscriptions.delete(id);
    for (const [, { listener }] of lost) listener.lost();
  };

  const receive = (from: WebSocket, data: Buffer): 'ready' | undefined => {
    const message = readMessage(data);
    if (message?.type === 'connection_ack') return 'ready';
    if (message?.type === 'ping') send(from, { type: 'pong' });
    if (!message || !('id' in message)) return undefined;
    const listener = subscriptions.get(message.id)?.listener;
    if (message.type === 'next') {
      listener?.next(message.payload);
      return undefined;
    }
    subscriptions.delete(message.id);
    if (message.type === 'error') listener?.fail(message.payload);
    else listener?.complete();
    closeWhenIdle();
    return undefined;
  };

  const sendWaiting = async (to: WebSocket): Promise<void> => {
    let sent = 0;
    for (const [id, subscription] of subscriptions) {
      if (socket !== to) return;
      if (subscription.isSent) continue;
      subscribe(to, id, subscription);
      if (++sent % SENT_AT_ONCE === 0) await new Promise(setImmediate);
    }
  };

  const subscribe = (to: WebSocket, id: string, subscription: Subscription): void => {
    // One that is closing: it is asked for on the next.
    if (to.readyState !== WebSocket.OPEN) return;
    subscription.isSent = true;
    const { headers, ...request } = subscription.call;
    send(to, { id, type: 'subscribe', payload: { ...request, extensions: { headers: headers() } } });
  };

  const closeWhenIdle = (): void => {
    if (subscriptions.size > 0) return;
    clearTimeout(idle);
    idle = setTimeout(() => {
      if (subscriptions.size > 0) return;
      wasReady = false;
      const unused = socket;
      detach();
      unused?.close(NORMAL_CLOSURE);
    }, options.idleMs ?? IDLE_MS);
    idle.unref();
  };

  return {
    open: (call, listener) => {
      const id = String(++lastId);
      const subscription = { call, listener, isSent: false };
      subscriptions.set(id, subscription);
      if (socket && isReady) subscribe(socket, id, subscription);
      else connect();
      return () => {
        if (!subscriptions.delete(id)) return;
        if (subscription.isSent && socket) send(socket, { id, type: 'complete' });
        closeWhenIdle();
      };
    },
    close: () => {
      isClosed = true;
      clearTimeout(waiting);
      clearTimeout(idle);
      subscriptions.clear();
      socket?.terminate();
    },
  };
}

function send(to: WebSocket, message: unknown): void {
  // Nobody on the other side of one that is closing wants to know.
  if (to.readyState === WebSocket.OPEN) to.send(JSON.stringify(message));
}
