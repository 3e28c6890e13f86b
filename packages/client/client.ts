/** Subscriptions that outlive their sockets: after any pause they go on where they were, each event once. */
import { type DocumentNode, GraphQLError, print } from 'graphql';
import { createClient, type FormattedExecutionResult } from 'graphql-ws';

export interface LiveOptions {
  url: string;
  /** Asked at every connection, and whenever the server says that the last token is about to expire. */
  token?: () => Promise<string | undefined>;
  /** For Node before 22, which has none: the `WebSocket` of the package `ws`. */
  webSocketImpl?: unknown;
  onState?: (state: 'live' | 'paused') => void;
}
export interface LiveRequest<Data, Variables> {
  /** What code generation made, as text or as a tree, or a text of your own. */
  document: string | { __apiType?: (variables: Variables) => Data };
  variables?: Variables;
  /** Cursor of the last event that is known from elsewhere; without it events come from now on. */
  after?: string | undefined;
}
type Result<Data> = FormattedExecutionResult<Data, { cursor?: string }>;
export type LiveEvent<Data> = Pick<Result<Data>, 'data' | 'errors'> & { cursor: string | undefined };
export interface LiveSink<Data> {
  next(event: LiveEvent<Data>): void;
  error(error: LiveError): void;
  complete(): void;
}

/** Why a subscription will not go on, by a `code` of docs/errors.md. */
export class LiveError extends GraphQLError {
  override name = 'LiveError';
  code = String(this.extensions.code ?? 'INTERNAL_SERVER_ERROR');
}
function errorIn(fault: unknown): LiveError {
  if (Array.isArray(fault)) return new LiveError(fault[0].message, { extensions: fault[0].extensions });
  // Most closes pass, such as 1006 of a line that broke, and what has no code, such as that nobody listens.
  const { code = 0, reason } = Object(fault) as { code?: number; reason?: string };
  return new LiveError(reason ?? '', { extensions: { code: CLOSES[code] ?? 'SERVICE_UNAVAILABLE' } });
}
/** Somebody is away or busy; they come back. */
const PASSING = /^(RATE_LIMITED|SERVICE_UNAVAILABLE|SUBGRAPH_\w+)$/;
/** Better with a new token, or with less to catch up with; if not at the third try in a row, never. */
const CURABLE = /^(UNAUTHENTICATED|SLOW_CONSUMER)$/;
const CLOSES: Record<number, string> = { 4401: 'UNAUTHENTICATED', 4403: 'FORBIDDEN', 4413: 'SLOW_CONSUMER' };
/** A subscription that lasted so long was well: the next fault is a first one again. */
const WELL_AFTER_MS = 20_000;
/** Held for a busy reader, and recognised when they come twice. */
const EVENTS_KEPT = 1_000;

export function createLiveClient(options: LiveOptions) {
  const client = connect(options);
  const running = new Set<() => void>();

  /** For `for await`. It begins with the call; `return()` ends it. */
  function events<Data, Variables>(request: LiveRequest<Data, Variables>) {
    const { document, variables, after } = request;
    const isTree = typeof document === 'object' && 'kind' in document;
    const query = isTree ? print(document as unknown as DocumentNode) : String(document);
    const payload = { query, variables: variables as Record<string, unknown>, extensions: { after } };
    const held: LiveEvent<Data>[] = [];
    const seen = new Set<string>();
    let [openedAt, pauses, refusals, isFull] = [0, 0, 0, false];
    let [leave, wake] = [() => {}, () => {}];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let final: LiveError | undefined;

    function open() {
      [openedAt, isFull] = [Date.now(), false];
      leave = client.subscribe(payload, { next, error, complete: () => isFull || end() });
    }
    function next({ data, errors, extensions }: Result<Data>) {
      // What is under way when it has been left.
      if (isFull || !running.has(end)) return;
      const cursor = extensions?.cursor;
      if (cursor !== undefined) {
        if (seen.has(cursor)) return;
        if (seen.add(cursor).size > EVENTS_KEPT) seen.delete(seen.values().next().value!);
        payload.extensions.after = cursor;
      }
      isFull = held.push({ data, errors, cursor }) >= EVENTS_KEPT;
      // The server remembers what comes, and the cursor finds it.
      if (isFull) leave();
      wake();
    }
    function error(fault: unknown) {
      // Else graphql-ws would keep the socket open for it.
      leave();
      if (Date.now() - openedAt > WELL_AFTER_MS) pauses = refusals = 0;
      const told = errorIn(fault);
      if (!PASSING.test(told.code) && !(CURABLE.test(told.code) && ++refusals < 3)) end(told);
      // At random, since a server that comes back is met by everybody at once.
      const pause = Math.random() * Math.min(15_000, 200 * 2 ** pauses++);
      if (running.has(end) && !isFull) timer = setTimeout(open, pause);
    }
    function end(reason?: LiveError) {
      if (running.delete(end)) final = reason;
      clearTimeout(timer);
      leave();
      wake();
    }
    async function* read() {
      while (held.length > 0 || running.has(end)) {
        if (isFull && held.length === 1 && running.has(end)) open();
        if (held.length > 0) yield held.shift()!;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      if (final) throw final;
    }
    async function finish() {
      end();
      held.length = 0;
      return { done: true as const, value: undefined };
    }
    running.add(end);
    open();
    // At once, also while somebody waits for the next event.
    return Object.assign(read(), { return: finish });
  }

  /** The same by callbacks. Returns what ends it. */
  function subscribe<Data, Variables>(request: LiveRequest<Data, Variables>, sink: LiveSink<Data>) {
    const told = events(request);
    const tell = async () => {
      // In a turn of its own: what it throws is the caller's to see.
      for await (const event of told) queueMicrotask(() => sink.next(event));
      sink.complete();
    };
    tell().catch((error: LiveError) => sink.error(error));
    return () => void told.return();
  }

  async function stop() {
    for (const end of running) end();
    // Where there was no connection there is none to close.
    await Promise.resolve(client.dispose()).catch(() => {});
  }
  return { events, subscribe, stop };
}

/** One socket for all: signs in, renews its token while it is open, notices a line that is dead. */
function connect({ url, token, webSocketImpl, onState }: LiveOptions) {
  let socket: Pick<WebSocket, 'send'> | undefined;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  let offered: string | undefined;

  async function signIn() {
    offered = await token?.();
    return offered === undefined ? {} : { authorization: `Bearer ${offered}` };
  }
  async function renew() {
    const before = offered;
    const payload = await signIn();
    if (offered !== before) socket?.send(JSON.stringify({ type: 'ping', payload }));
  }
  const client = createClient({
    url,
    webSocketImpl,
    connectionAckWaitTimeout: 10_000,
    keepAlive: 12_000,
    // Each subscription comes back by itself, also where graphql-ws would give up.
    retryAttempts: 0,
    connectionParams: signIn,
    on: {
      connected: (opened) => {
        socket = opened as WebSocket;
        onState?.('live');
      },
      closed: () => {
        clearTimeout(pongTimer);
        if (socket) onState?.('paused');
        socket = undefined;
      },
      ping: (isReceived, payload) => {
        // Where no token is to be had the server closes the socket in time, and the next one asks again.
        if (payload?.tokenExpiresAt) renew().catch(() => {});
        // A line that is dead without having been closed would stay so for minutes.
        if (!isReceived) pongTimer = setTimeout(() => client.terminate(), 6_000);
      },
      pong: (isReceived) => isReceived && clearTimeout(pongTimer),
    },
  });
  return client;
}
