/**
 * The subscriptions of a subgraph, under its schema. Their source is made once, with a context of its own; each event is
 * answered with a context made anew, so that its loaders read how things stand now.
 */
import type { KeyObject } from 'node:crypto';
import {
  createSourceEventStream,
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  Kind,
} from 'graphql';
import { UNSIGNED, VIEWER_HEADER, verifyViewer } from '../auth/viewer.ts';
import { maskError } from '../errors/masking.ts';
import type { RequestContext } from '../graphql/request-context.ts';
import { REQUEST_ID_HEADER, TRACEPARENT_HEADER } from '../http/handler.ts';
import { requestIdOf } from '../http/request-id.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { newScope, runInScope } from '../observe/request-scope.ts';
import { noTraces, type Traces } from '../observe/traces.ts';
import { createSubscriptionDocuments, refusal } from './documents.ts';
import { createSubscriptionMetrics } from './metrics.ts';
import type { SubscribeHandler, SubscribeOutcome } from './subscribe.ts';

export interface SubscriptionsOptions {
  name: string;
  schema: GraphQLSchema;
  context(request: RequestContext): object;
  viewerKeys: readonly KeyObject[];
  log: Log;
  metrics?: Metrics;
  traces?: Traces;
}

export interface Subscriptions {
  subscribe: SubscribeHandler;
  /** Ends all of them. */
  stop(): Promise<void>;
}

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { name, schema, log, metrics, traces = noTraces } = options;
  const prepare = createSubscriptionDocuments(schema);
  const measured = metrics && createSubscriptionMetrics(metrics);
  const running = new Set<AsyncIterableIterator<string>>();

  const subscribe: SubscribeHandler = async ({ query, operationName, variables, headers }) => {
    const verified = verifyViewer(headers[VIEWER_HEADER], options.viewerKeys);
    if (!verified.ok) return refusal('UNSIGNED_REQUEST', UNSIGNED[verified.reason]);
    const prepared = prepare(query, operationName);
    if (!prepared.ok) return prepared;

    const requestId = requestIdOf(headers[REQUEST_ID_HEADER]);
    const gone = new AbortController();
    const { viewer } = verified;
    const args = (): ExecutionArgs => ({
      schema,
      document: prepared.document,
      operationName: operationName ?? null,
      variableValues: variables ?? null,
      contextValue: options.context({ viewer, requestId, log, signal: () => gone.signal }),
    });
    const tell = (error: unknown) =>
      maskError(formOf(error), error, {
        service: name,
        requestId,
        log,
        count: (code) => metrics?.countError(code),
      });
    const inScope = async <Value>(work: () => PromiseLike<Value>): Promise<Value> => {
      const span = traces.start(name, 'server', headers[TRACEPARENT_HEADER]);
      const scope = newScope(requestId, span);
      try {
        return await runInScope(scope, work);
      } finally {
        metrics?.observeRoundTrips(scope.roundTrips);
        span?.end();
      }
    };

    const source = await inScope(() => createSourceEventStream(args()));
    if (!(Symbol.asyncIterator in source)) return { ok: false, errors: (source.errors ?? []).map(tell) };
    const iterator = source[Symbol.asyncIterator]();
    const answer = async (event: unknown): Promise<string> => {
      const { data, errors } = await inScope(async () => execute({ ...args(), rootValue: event }));
      measured?.answered();
      return JSON.stringify({ data: data ?? null, ...(errors ? { errors: errors.map(tell) } : {}) });
    };
    const events = answersTo(iterator, {
      answer,
      fail: (error) => JSON.stringify({ errors: [tell(error)] }),
      over: () => {
        gone.abort();
        running.delete(events);
        measured?.closed();
      },
    });
    running.add(events);
    measured?.opened();
    return { ok: true, events } satisfies SubscribeOutcome;
  };

  return {
    subscribe,
    stop: async () => {
      await Promise.all([...running].map((events) => events.return!()));
    },
  };
}

function formOf(error: unknown): GraphQLFormattedError {
  // Masked: nothing of it is told.
  if (!(error instanceof GraphQLError)) return { message: '' };
  const isOfVariable = error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION && !error.originalError;
  // GraphQL gives these no code.
  return isOfVariable ? { ...error.toJSON(), extensions: { code: 'BAD_USER_INPUT' } } : error.toJSON();
}

interface Answering {
  answer(event: unknown): Promise<string>;
  /** The last thing to say when the source fails. */
  fail(error: unknown): string;
  /** Called once. */
  over(): void;
}

const DONE: IteratorResult<string> = { done: true, value: undefined };

function answersTo(source: AsyncIterator<unknown>, { answer, fail, over }: Answering) {
  let isOver = false;
  /** Lets go of whoever waits for the next one. */
  let release = () => {};
  const end = () => {
    if (isOver) return;
    isOver = true;
    over();
  };

  const step = async (): Promise<IteratorResult<string>> => {
    try {
      const { done, value } = await source.next();
      if (!done && !isOver) return { done: false, value: await answer(value) };
      end();
      return DONE;
    } catch (error) {
      if (isOver) return DONE;
      end();
      // An error is the last event: whoever reads learns of it in its place.
      return { done: false, value: fail(error) };
    }
  };

  const events: AsyncIterableIterator<string> = {
    next: () => {
      if (isOver) return Promise.resolve(DONE);
      return new Promise((resolve) => {
        release = () => resolve(DONE);
        step().then(resolve);
      });
    },
    return: async () => {
      end();
      release();
      // Not waited for; a fault on its way out concerns nobody any more.
      Promise.resolve(source.return?.()).catch(() => {});
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return events;
    },
  };
  return events;
}
