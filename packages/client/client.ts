/**
 * Subscriptions that outlive their sockets: after whatever pause they go on where they were, each event once. The
 * `graphql-ws` client beneath carries all of them over one socket, in browsers and in Node.
 */
import { type DocumentNode, print } from 'graphql';
import type { FormattedExecutionResult } from 'graphql-ws';
import { iterate, type LiveEvents, type LiveSink } from './events.ts';
import { verdictOn } from './faults.ts';
import { createSocket, type SocketOptions } from './socket.ts';

export type { LiveEvent, LiveEvents, LiveSink } from './events.ts';
export { LiveError } from './faults.ts';

export type LiveOptions = SocketOptions;

export interface LiveRequest<Data, Variables> {
  /** What code generation made, as text or as a tree, or a text of your own. */
  document: string | { __apiType?: (variables: Variables) => Data };
  variables?: Variables;
  /** Cursor of the last event that is known from elsewhere; without it events come from now on. */
  after?: string | undefined;
}

export interface LiveClient {
  /** Returns what ends it. */
  subscribe<Data, Variables>(request: LiveRequest<Data, Variables>, sink: LiveSink<Data>): () => void;
  /** The same for `for await`. It begins with the call; `return()` ends it. */
  events<Data, Variables>(request: LiveRequest<Data, Variables>): LiveEvents<Data>;
  /** Completes all subscriptions and closes the socket. */
  stop(): Promise<void>;
}

/** A subscription that lasted so long was well: the next fault is a first one again. */
const WELL_AFTER_MS = 10_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 15_000;
/** How far back an event is recognised that comes twice. */
const CURSORS_KEPT = 256;

export function createLiveClient(options: LiveOptions): LiveClient {
  const client = createSocket(options);
  /** What ends each of them. */
  const running = new Set<() => void>();

  function subscribe<Data, Variables>(
    { document, variables, after }: LiveRequest<Data, Variables>,
    sink: LiveSink<Data>,
  ): () => void {
    const isTree = typeof document === 'object' && 'kind' in document;
    const query = isTree ? print(document as unknown as DocumentNode) : String(document);
    const judge = verdictOn();
    const seen = new Set<string>();
    let [openedAt, faults] = [0, 0];
    let [leave, timer]: [() => void, ReturnType<typeof setTimeout> | undefined] = [() => {}, undefined];

    function open(): void {
      openedAt = Date.now();
      const payload = { query, variables: variables as Record<string, unknown>, extensions: { after } };
      leave = client.subscribe<Data>(payload, { next, error, complete: () => end(() => sink.complete()) });
    }
    function next({ data, errors, extensions }: FormattedExecutionResult<Data, unknown>): void {
      // What is under way when somebody leaves is not theirs any more.
      if (!running.has(stop)) return;
      const cursor = (extensions as { cursor?: string } | undefined)?.cursor;
      if (cursor !== undefined) {
        if (seen.has(cursor)) return;
        if (seen.size === CURSORS_KEPT) seen.delete(seen.values().next().value!);
        seen.add(cursor);
        after = cursor;
      }
      try {
        sink.next({ data: data ?? null, errors, cursor });
      } catch (fault) {
        // The caller's own, and told as such: it must not close the socket that others share.
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
    function error(fault: unknown): void {
      const final = judge(fault);
      if (final) {
        end(() => sink.error(final));
        return;
      }
      faults = Date.now() - openedAt > WELL_AFTER_MS ? 0 : faults + 1;
      // At random, since a server that comes back is met by everybody at once.
      const pause = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** faults);
      if (running.has(stop)) timer = setTimeout(open, Math.random() * pause);
    }
    function end(tell: () => void): void {
      clearTimeout(timer);
      if (running.delete(stop)) tell();
    }
    const stop = () => end(() => sink.complete());

    running.add(stop);
    open();
    return () => {
      running.delete(stop);
      clearTimeout(timer);
      leave();
    };
  }

  return {
    subscribe,
    events: (request) => iterate((after, sink) => subscribe({ ...request, after }, sink), request.after),
    stop: async () => {
      for (const end of running) end();
      // Where there was no connection there is none to close.
      await Promise.resolve(client.dispose()).catch(() => {});
    },
  };
}
