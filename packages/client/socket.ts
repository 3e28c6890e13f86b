/** One socket for all subscriptions: signs in, renews its token while it is open, notices a line that is dead. */
import { type Client, createClient } from 'graphql-ws';
import { LiveError } from './faults.ts';

export interface SocketOptions {
  /** The router's, such as `wss://shop.example/graphql`. */
  url: string;
  /** Asked at every connection, and whenever the server says that the last token is about to expire. */
  token?: () => Promise<string | undefined>;
  /** For Node before 22, which has none: the `WebSocket` of the package `ws`. */
  webSocketImpl?: unknown;
  /** For a lamp in the corner of the page. */
  onState?: (state: 'live' | 'paused') => void;
}

const ACK_WITHIN_MS = 10_000;
const PING_EVERY_MS = 12_000;
const PONG_WITHIN_MS = 6_000;
const UNAUTHORIZED = 4401;

export function createSocket({ url, token, webSocketImpl, onState }: SocketOptions): Client {
  let socket: Pick<WebSocket, 'send'> | undefined;
  let offered: string | undefined;
  /** What ended the last socket: only another token is worth trying. */
  let refused: { token: string | undefined; reason: string } | undefined;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;

  const client = createClient({
    url,
    webSocketImpl,
    connectionAckWaitTimeout: ACK_WITHIN_MS,
    keepAlive: PING_EVERY_MS,
    // Each subscription comes back by itself, also where graphql-ws would give up.
    retryAttempts: 0,
    connectionParams: async () => {
      const fresh = await token?.();
      if (refused && fresh === refused.token) throw new LiveError('UNAUTHENTICATED', refused.reason);
      offered = fresh;
      return fresh === undefined ? {} : { authorization: `Bearer ${fresh}` };
    },
    on: {
      connected: (opened) => {
        socket = opened as WebSocket;
        refused = undefined;
        onState?.('live');
      },
      closed: (event) => {
        clearTimeout(pongTimer);
        const { code, reason } = event as { code: number; reason: string };
        if (code === UNAUTHORIZED) refused = { token: offered, reason };
        if (socket) onState?.('paused');
        socket = undefined;
      },
      ping: (isReceived, payload) => {
        if (isReceived && payload?.tokenExpiresAt) void renew();
        // A line that is dead without having been closed would stay so for minutes.
        if (!isReceived) pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(pongTimer);
      },
    },
  });
  return client;

  async function renew(): Promise<void> {
    try {
      const fresh = await token?.();
      if (fresh === undefined || fresh === offered) return;
      offered = fresh;
      socket?.send(JSON.stringify({ type: 'ping', payload: { authorization: `Bearer ${fresh}` } }));
    } catch {
      // Whoever gives tokens is away: the server closes the socket in time, and the next one asks again.
    }
  }
}
