/** A subgraph with subscriptions behind a real socket: its events are a log that a test writes, and it can be cut off. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { VIEWER_HEADER, type Viewer, verifyViewer } from '@souk/kit/auth/viewer';
import { REQUEST_ID_HEADER } from '@souk/kit/http/handler';
import { GraphQLError, parse } from 'graphql';
import { useServer as serveSocket } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { VIEWER_KEY } from './keys.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@tag", "@authenticated"])\n`;

export const TICKER_SDL = `${LINK}
  type Query { ready: Boolean }
  type Subscription {
    "The same for all."
    ticked(room: String!, after: String): Tick @tag(name: "shared")
    "Said to be the same for all, but guests are refused."
    hushed(after: String): Tick @tag(name: "shared")
    "Tells who asks."
    told(after: String): Tick
    "Cannot be resumed."
    beat: Tick
  }
  type Tick {
    cursor: String!
    number: Int!
    "Any JSON."
    exact: Exact
    "Of who asks."
    you: String
    secret: String @authenticated
    item: Item
    left: Item
  }
  scalar Exact
  type Item @key(fields: "id") { id: ID! }
`;

export interface Asked {
  query: string;
  after: string | undefined;
  viewer: Viewer;
}

export interface Ticker {
  url: string;
  /** Subscriptions that run. */
  running(): number;
  /** Every subscription that it was ever asked for. */
  asked: Asked[];
  sockets(): number;
  publish(number: number): void;
  /** How many events it sends once more to who resumes. */
  repeats: number;
  /** Forgets events up to this number. */
  trim(number: number): void;
  complete(): void;
  /** Cuts all sockets; who comes again is let in. */
  cut(): void;
  /** Refuses connections until it is started again. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface Context {
  viewer: Viewer;
}

type Args = { after?: string | null };

export async function startTicker(): Promise<Ticker> {
  let log: number[] = [];
  let trimmed = 0;
  let generation = 0;
  let running = 0;
  const asked: Asked[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const go of [...waiting]) go();
  };

  /** A generator that waits does not hear its return(), hence the wake-up and the look at `isLeft`. */
  function eventsFor(args: Args, context: Context) {
    const reader = { isLeft: false };
    const events = generate(args, context, reader);
    const end = events.return.bind(events);
    return Object.assign(events, {
      return: () => {
        reader.isLeft = true;
        wake();
        return end(undefined);
      },
    });
  }

  async function* generate({ after }: Args, { viewer }: Context, reader: { isLeft: boolean }) {
    const mine = generation;
    const from = after ? Number(after.slice(1)) - ticker.repeats : (log.at(-1) ?? trimmed);
    if (from < trimmed) {
      throw new GraphQLError('The cursor is too old', {
        extensions: { code: 'RESUME_EXPIRED', oldest: `c${trimmed + 1}` },
      });
    }
    running++;
    try {
      let last = from;
      while (mine === generation && !reader.isLeft) {
        for (const number of log.filter((candidate) => candidate > last)) {
          last = number;
          yield tick(number, viewer);
        }
        if (log.some((number) => number > last)) continue;
        await new Promise<void>((resolve) => {
          const go = () => {
            waiting.delete(go);
            resolve();
          };
          waiting.add(go);
        });
      }
    } finally {
      running--;
    }
  }

  const subscription = (field: string) => ({
    resolve: (event: unknown) => event,
    subscribe: async (_: unknown, args: Args, context: Context) => {
      if (field === 'hushed' && context.viewer.userId === undefined) {
        throw new GraphQLError('Sign in first', { extensions: { code: 'FORBIDDEN' } });
      }
      return eventsFor(args, context);
    },
  });
  const schema = buildSubgraphSchema({
    typeDefs: parse(TICKER_SDL),
    resolvers: {
      Subscription: Object.fromEntries(
        ['ticked', 'hushed', 'told', 'beat'].map((name) => [name, subscription(name)]),
      ),
    } as GraphQLResolverMap<unknown>,
  });

  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const wss = new WebSocketServer({ server });
  serveSocket<Record<string, unknown>, { viewer?: Viewer }>(
    {
      schema,
      onConnect: ({ connectionParams }) =>
        viewerIn((connectionParams?.headers ?? {}) as Record<string, string>) !== undefined,
      context: (_, __, { query, variables, extensions }) => {
        const headers = (extensions?.headers ?? {}) as Record<string, string>;
        const viewer = viewerIn(headers);
        if (!viewer || !headers[REQUEST_ID_HEADER]) throw new Error('Nobody has signed this');
        const after = Object.entries(variables ?? {}).find(([name]) => name.startsWith('after'))?.[1];
        asked.push({ query, after: after as string | undefined, viewer });
        return { viewer };
      },
    },
    wss,
  );
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;

  const ticker: Ticker = {
    url: `http://127.0.0.1:${port}/graphql`,
    running: () => running,
    asked,
    sockets: () => sockets.size,
    repeats: 0,
    publish: (number) => {
      log.push(number);
      wake();
    },
    trim: (number) => {
      trimmed = number;
      log = log.filter((kept) => kept > number);
    },
    complete: () => {
      generation++;
      wake();
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      ticker.cut();
      await closed;
    },
    start: () => listen(port),
  };
  return ticker;
}

function tick(number: number, viewer: Viewer) {
  return {
    cursor: `c${number}`,
    number,
    you: viewer.userId ?? 'guest',
    secret: 'secret',
    item: { id: `i${number}` },
    left: { id: `l${number}` },
  };
}

function viewerIn(headers: Record<string, string>): Viewer | undefined {
  const verified = verifyViewer(headers[VIEWER_HEADER], [VIEWER_KEY]);
  return verified.ok ? verified.viewer : undefined;
}
