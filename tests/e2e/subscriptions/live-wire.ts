/** A subscription as a browser has it: the real `graphql-ws` client on a socket of its own, read one frame at a time. */
import { createClient, type ExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Client } from '../client.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not.
export type Frame = ExecutionResult<any, { cursor: string }>;

export interface LiveWire {
  next(): Promise<Frame>;
  /** The socket is gone, without a word of farewell. */
  cut(): void;
}

export interface Subscribing {
  query: string;
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
}

export function openWire(url: string, { authorization }: Client, asked: Subscribing): LiveWire {
  let socket: WebSocket | undefined;
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    ...(authorization() === undefined ? {} : { connectionParams: { authorization: authorization() } }),
    on: {
      connected: (opened) => {
        socket = opened as WebSocket;
      },
    },
  });
  const frames = client.iterate(asked) as AsyncIterableIterator<Frame>;
  return {
    next: async () => {
      const { value, done } = await frames.next();
      if (done) throw new Error('the subscription is over');
      return value;
    },
    cut: () => {
      // Nobody reads on; what is left of the client ends with its socket.
      frames.next().catch(() => {});
      socket?.terminate();
    },
  };
}

export async function take(wire: LiveWire, count: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  while (frames.length < count) frames.push(await wire.next());
  return frames;
}
