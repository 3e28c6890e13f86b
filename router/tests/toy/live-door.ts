/** A router over the news behind a real socket, and clients that speak graphql-transport-ws word by word. */
import { once } from 'node:events';
import { randomViewerKey } from '@souk/kit/auth/viewer';
import { type Served, serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import { type ClientOptions, WebSocket } from 'ws';
import { createRouter, type Router, type RouterOptions } from '../../create.ts';
import type { ToldError } from './ask.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import { createNews, type News } from './news.ts';
import { until } from './until.ts';

export interface LiveDoor {
  news: News;
  issuer: Issuer;
  router: Router;
  served: Served;
  url: string;
  wsUrl: string;
  /** Opened, and not initialised. */
  open(options?: ClientOptions, protocol?: string): Promise<Client>;
  /** Initialised, with this payload. */
  connect(payload?: Record<string, unknown>): Promise<Client>;
  metric(name: string, labels?: Record<string, string>): Promise<number>;
  close(): Promise<void>;
}

export interface Said {
  type: string;
  id?: string;
  payload?: Record<string, unknown> | ToldError[];
}

export interface Client {
  ws: WebSocket;
  /** All that was heard. */
  heard: Said[];
  say(message: unknown): void;
  subscribe(id: string, query: string, more?: Record<string, unknown>): void;
  /** The next message of this kind that was not taken yet. */
  next(type: string, id?: string): Promise<Said>;
  /** Code and reason. */
  closed: Promise<{ code: number; reason: string }>;
}

export async function openLiveDoor(options: Partial<RouterOptions> = {}): Promise<LiveDoor> {
  const issuer = await createIssuer();
  const news = createNews();
  const router = await createRouter({
    supergraph: { sdl: news.supergraph },
    handlers: news.handlers,
    subscribeHandlers: news.subscribeHandlers,
    tokens: issuer.options,
    viewerKey: randomViewerKey(),
    log: silentLog,
    ...options,
  });
  const served = await serve({ handler: router.handler, log: silentLog });
  router.attach(served.server);
  const url = `${served.url}/graphql`;
  const wsUrl = url.replace('http:', 'ws:');
  const clients = new Set<WebSocket>();

  const open = async (wsOptions: ClientOptions = {}, protocol = 'graphql-transport-ws') => {
    const ws = new WebSocket(wsUrl, protocol === '' ? [] : [protocol], wsOptions);
    clients.add(ws);
    const client = clientOf(ws);
    await once(ws, 'open');
    return client;
  };
  return {
    news,
    issuer,
    router,
    served,
    url,
    wsUrl,
    open,
    connect: async (payload) => {
      const client = await open();
      client.say({ type: 'connection_init', payload });
      await client.next('connection_ack');
      return client;
    },
    metric: async (name, labels = {}) => {
      const found = await router.metrics.registry.getSingleMetric(name)!.get();
      const fits = (own: object) =>
        Object.entries(labels).every(([label, value]) => (own as Record<string, unknown>)[label] === value);
      return found.values.filter((entry) => fits(entry.labels)).reduce((sum, { value }) => sum + value, 0);
    },
    close: async () => {
      for (const ws of clients) ws.terminate();
      const stopped = served.stop();
      await router.disconnect();
      await stopped;
      await router.stop();
    },
  };
}

function clientOf(ws: WebSocket): Client {
  const heard: Said[] = [];
  const taken = new Set<Said>();
  ws.on('message', (data) => heard.push(JSON.parse(data.toString())));
  // What is wrong is told by the close.
  ws.on('error', () => {});
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const say = (message: unknown) =>
    ws.send(typeof message === 'string' || message instanceof Buffer ? message : JSON.stringify(message));
  return {
    ws,
    heard,
    say,
    subscribe: (id, query, more = {}) => say({ id, type: 'subscribe', payload: { query, ...more } }),
    next: async (type, id) => {
      let found: Said | undefined;
      const look = () => {
        found = heard.find(
          (said) => !taken.has(said) && said.type === type && (id === undefined || said.id === id),
        );
        return found !== undefined;
      };
      await until(look).catch(() => {
        throw new Error(`no "${type}" among ${JSON.stringify(heard)}`);
      });
      taken.add(found!);
      return found!;
    },
    closed,
  };
}
