/** `graphql-transport-ws` as a room speaks it, by graphql-ws: what is asked is answered by the room's own handler. */
import type { KeyObject } from 'node:crypto';
import { type GraphQLFormattedError, GraphQLSchema, parse } from 'graphql';
import { CloseCode, makeServer, type SubscribePayload } from 'graphql-ws';
import { UNSIGNED, VIEWER_HEADER, verifyViewer } from '../auth/viewer.ts';
import type { Log } from '../observe/log.ts';
import { refusal } from '../subscriptions/documents.ts';
import type { SubscribeHandler, SubscribeRequest } from '../subscriptions/subscribe.ts';

export interface SocketProtocolOptions {
  subscribe: SubscribeHandler;
  viewerKeys: readonly KeyObject[];
  /** On one socket. */
  maxSubscriptions: number;
  log: Log;
}

export interface Wire {
  protocol: string;
  /** Answers when the message has left. */
  send(text: string): Promise<void>;
  close(code: number, reason: string): void;
}

export interface Conversation {
  receive(text: string): Promise<void>;
  closed(code: number, reason: string): Promise<void>;
}

interface Extra {
  wire: Wire;
  open: number;
}

/** The room reads the document itself; graphql-ws wants to see one that is a subscription. */
const ANY_SUBSCRIPTION = parse('subscription { any }');
const NO_SCHEMA = new GraphQLSchema({});

const DONE = { done: true, value: undefined } as const;

/** Carries errors through graphql-ws, which knows but messages. */
class Told extends Error {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('errors of a subscription');
    this.errors = errors;
  }
}

export function createSocketProtocol(options: SocketProtocolOptions): (wire: Wire) => Conversation {
  const { subscribe, viewerKeys, maxSubscriptions, log } = options;

  const server = makeServer<Record<string, unknown>, Extra>({
    onConnect: ({ connectionParams, extra }) => {
      const verified = verifyViewer(headersOf(connectionParams)[VIEWER_HEADER], viewerKeys);
      if (verified.ok) return true;
      const code = verified.reason === 'missing' ? CloseCode.Unauthorized : CloseCode.Forbidden;
      extra.wire.close(code, UNSIGNED[verified.reason]);
      return false;
    },
    onSubscribe: ({ extra }, _, payload) => ({
      schema: NO_SCHEMA,
      document: ANY_SUBSCRIPTION,
      contextValue: { request: requestOf(payload), extra },
    }),
    subscribe: ({ contextValue }) => {
      const { request, extra } = contextValue as { request: SubscribeRequest; extra: Extra };
      const isTooMuch = extra.open >= maxSubscriptions;
      extra.open += 1;
      const outcome = isTooMuch
        ? Promise.resolve(
            refusal('SERVICE_UNAVAILABLE', `A socket holds at most ${maxSubscriptions} subscriptions`),
          )
        : subscribe(request);
      return resultsOf(outcome, () => {
        extra.open -= 1;
      });
    },
    // Its errors are written as they are to be read already.
    onNext: (_, __, ___, ____, result) => result,
    onError: (_, __, ___, [error]) => {
      const cause = error?.originalError;
      if (cause instanceof Told) return [...cause.errors];
      log.error({ err: cause ?? error }, 'A subscription broke off');
      return [...refusal('INTERNAL_SERVER_ERROR', 'Something went wrong on our side').errors];
    },
  });

  return (wire) => {
    let receive: (text: string) => Promise<void> = async () => {};
    const closed = server.opened(
      {
        protocol: wire.protocol,
        send: wire.send,
        close: wire.close,
        onMessage: (listener) => {
          receive = listener;
        },
      },
      { wire, open: 0 },
    );
    return {
      receive: (text) =>
        receive(text).catch((err: unknown) => {
          // Such as a message that clients do not send.
          log.warn({ err }, 'A socket of a router is closed: it sent what was not expected');
          wire.close(CloseCode.BadRequest, 'Unexpected message');
        }),
      closed: async (code, reason) => {
        await closed(code, reason);
      },
    };
  };
}

/** Ends at once when it is told to, also while the room is still deciding. */
function resultsOf(outcome: ReturnType<SubscribeHandler>, over: () => void) {
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    over();
    // A room that fails to decide has nothing to end.
    outcome.then((decided) => (decided.ok ? decided.events.return?.() : undefined)).catch(() => {});
  };
  const step = async (): Promise<IteratorResult<Record<string, unknown>>> => {
    const decided = await outcome;
    if (!decided.ok) throw new Told(decided.errors);
    const { done, value } = await decided.events.next();
    if (done || isOver) return DONE;
    const result = JSON.parse(value) as { data?: unknown; errors?: readonly GraphQLFormattedError[] };
    if (result.data === undefined) throw new Told(result.errors ?? []);
    return { done: false, value: result };
  };
  const results = {
    next: async () => {
      try {
        const result = await step();
        if (result.done) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    return: async () => {
      end();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return results;
    },
  };
  return results;
}

function requestOf({ query, operationName, variables, extensions }: SubscribePayload): SubscribeRequest {
  return {
    query,
    ...(operationName ? { operationName } : {}),
    ...(variables ? { variables } : {}),
    headers: headersOf(extensions),
  };
}

/** `{"headers": {…}}`, as routers send it with a socket and with each subscription. */
function headersOf(holder: Record<string, unknown> | null | undefined): Record<string, string | undefined> {
  const { headers } = holder ?? {};
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => typeof value === 'string'));
}
