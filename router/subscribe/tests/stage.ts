/** Subscriptions over a ticker behind a socket and two subgraphs of this process that its events are completed from. */
import { setTimeout as passes } from 'node:timers/promises';
import { signViewer, VIEWER_HEADER } from '@souk/kit/auth/viewer';
import { EMPTY_BODY, type Handler, jsonResponse, REQUEST_ID_HEADER } from '@souk/kit/http/handler';
import { silentLog } from '@souk/kit/observe/log';
import type { SubscribeHandler } from '@souk/kit/subscriptions/subscribe';
import { BREAKER_DEFAULTS } from '../../execute/breaker.ts';
import type { AnswerError } from '../../execute/executor.ts';
import { DEFAULT_LIMITS } from '../../operation/limits.ts';
import type { Holder } from '../../policy/claims.ts';
import { createServing, type Serving } from '../../serving.ts';
import { composeOnce } from '../../tests/toy/compose.ts';
import type { Subscribed, SubscriptionObserver } from '../calls.ts';
import { createSubscriptions, type Subscriptions } from '../subscriptions.ts';
import { VIEWER_KEY } from './keys.ts';
import { startTicker, TICKER_SDL, type Ticker } from './ticker.ts';

const ITEMS_SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { item: Item }
  type Item @key(fields: "id") { id: ID! name: String }`;
const PRICES_SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { free: Item }
  type Item @key(fields: "id") { id: ID! price(currency: String): Int }`;

export interface Change {
  ticker?: string;
}

export function composeStage(url: string, { ticker = TICKER_SDL }: Change = {}): string {
  return composeOnce({ ticker, items: ITEMS_SDL, prices: PRICES_SDL }, { ticker: url });
}

/** What one client got. */
export interface Client {
  /** Numbers of the events, in the order in which they came. */
  numbers: number[];
  frames: { data: Record<string, never> | null; errors?: AnswerError[]; extensions?: { cursor?: string } }[];
  texts: string[];
  /** Where each frame is in memory. */
  payloads: Buffer[];
  cursor: string | undefined;
  ended: readonly AnswerError[] | 'done' | undefined;
  /** Called with each event, while its frame is handed out. */
  onEvent?: (number: number) => void;
  outcome: Subscribed;
  leave(): void;
}

export interface Asking {
  variables?: Record<string, unknown>;
  after?: string;
  viewer?: Holder;
  headers?: Record<string, string>;
  operationName?: string;
}

export interface Stage {
  ticker: Ticker;
  serving: Serving;
  subscriptions: Subscriptions;
  counts: Record<keyof SubscriptionObserver, number>;
  /** How many milliseconds items take to be told, by their id; or what they wait for. */
  delays: Map<string, number | Promise<void>>;
  /** Requests to the subgraph of names. */
  named(): number;
  subscribe(query: string, asking?: Asking): Promise<Client>;
  stop(): Promise<void>;
}

export interface StageOptions {
  subscribeHandlers?: Record<string, SubscribeHandler>;
  unauthorized?: 'null' | 'refuse';
}

export async function openStage({
  subscribeHandlers = {},
  unauthorized = 'null',
}: StageOptions = {}): Promise<Stage> {
  const ticker = await startTicker();
  const delays: Stage['delays'] = new Map();
  let named = 0;
  const entities =
    (fields: (id: string) => Record<string, unknown>): Handler =>
    async (request) => {
      const { variables } = JSON.parse(request.body.toString());
      const ids = (variables.representations as { id: string }[]).map(({ id }) => id);
      const waits = ids.map((id) => delays.get(id) ?? 0);
      await Promise.all(waits.map((wait) => (typeof wait === 'number' ? passes(wait) : wait)));
      return jsonResponse(200, {
        data: { _entities: ids.map((id) => ({ __typename: 'Item', ...fields(id) })) },
      });
    };
  const names = entities((id) => ({ name: `name of ${id}` }));
  const serving = createServing({
    sdl: composeStage(ticker.url),
    handlers: {
      items: (request) => {
        named++;
        return names(request);
      },
      prices: entities((id) => ({ price: Number(id.slice(1)) })),
    },
    urls: {},
    planner: 'auto',
    timeoutMs: 5_000,
    timeouts: {},
    breaker: BREAKER_DEFAULTS,
    onCircuit: () => {},
    onFallback: () => {},
    registered: [],
    maxAnswerBytes: 1_048_576,
    connections: 8,
    maskErrors: true,
    limits: DEFAULT_LIMITS,
    introspection: true,
    listSize: 10,
    documentCapacity: 100,
    log: silentLog,
  });
  const counts = {} as Stage['counts'];
  const counting = new Proxy({} as SubscriptionObserver, {
    ownKeys: () => NAMES,
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    get: (_, name: keyof SubscriptionObserver) => () => {
      counts[name] = (counts[name] ?? 0) + 1;
    },
  });
  const subscriptions = createSubscriptions({
    serving,
    unauthorized,
    introspection: true,
    maxCost: 1_000,
    maskErrors: true,
    maxAnswerBytes: 1_048_576,
    subgraphHeaders: (request, viewer, requestId) => ({
      ...(request.headers['accept-language']
        ? { 'accept-language': request.headers['accept-language'] }
        : {}),
      [REQUEST_ID_HEADER]: requestId,
      [VIEWER_HEADER]: signViewer(viewer, VIEWER_KEY),
    }),
    forwardHeaders: ['accept-language'],
    urls: {},
    subscribeHandlers,
    observer: counting,
    log: silentLog,
  });

  return {
    ticker,
    serving,
    subscriptions,
    counts,
    delays,
    named: () => named,
    subscribe: (query, asking = {}) => subscribeTo(subscriptions, query, asking),
    stop: async () => {
      await subscriptions.stop();
      await serving.stop();
      await ticker.stop();
    },
  };
}

const NAMES: (keyof SubscriptionObserver)[] = [
  'event',
  'rendered',
  'delivered',
  'fetched',
  'groupOpened',
  'groupClosed',
  'caughtUpAlone',
  'handedOver',
  'replayed',
  'expired',
  'reconnected',
  'paused',
];

let requests = 0;

async function subscribeTo(
  subscriptions: Subscriptions,
  query: string,
  { variables = {}, after, viewer = { scopes: [] }, headers = {}, operationName }: Asking,
): Promise<Client> {
  const client: Client = {
    numbers: [],
    frames: [],
    texts: [],
    payloads: [],
    cursor: undefined,
    ended: undefined,
    outcome: undefined as never,
    leave: () => {
      if (client.outcome.ok) client.outcome.leave();
    },
  };
  client.outcome = await subscriptions.subscribe({
    params: { query, variables, ...(operationName === undefined ? {} : { operationName }) },
    viewer,
    request: { method: 'POST', path: '/graphql', query: '', headers, body: EMPTY_BODY },
    requestId: `request-${++requests}`,
    ...(after === undefined ? {} : { after }),
    sink: {
      next: (payload, cursor) => {
        if (client.ended) throw new Error('A frame came after the end');
        const frame = JSON.parse(payload.toString());
        client.frames.push(frame);
        client.texts.push(payload.toString());
        client.payloads.push(payload);
        if (cursor !== frame.extensions?.cursor) throw new Error('The cursor is not the one in the frame');
        client.cursor = cursor;
        const [event] = Object.values(frame.data ?? {}) as { number: number }[];
        if (!event) return;
        client.numbers.push(event.number);
        client.onEvent?.(event.number);
      },
      end: (errors) => {
        if (client.ended) throw new Error('It ended twice');
        client.ended = errors ?? 'done';
      },
    },
  });
  return client;
}

export const user = (userId: string, scopes: readonly string[] = []): Holder => ({ userId, scopes });

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
