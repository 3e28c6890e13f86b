/**
 * Begins what a client asks for over a connection that stays: a subscription goes on until either side ends it, a query
 * or a mutation is answered once. Where the frames go is the transport's affair.
 */
import type { HttpRequest } from '@souk/kit/http/handler';
import type { Params } from '../http/read-params.ts';
import { answerBytes } from '../http/respond.ts';
import type { FindText } from '../operation/document-texts.ts';
import type { PreparedOperation } from '../operation/documents.ts';
import { type RunOptions, runOperation } from '../operation/run.ts';
import type { Served } from '../operation/served.ts';
import type { Holder } from '../policy/claims.ts';
import { type Refusal, refuseOperation, refuseRequest } from '../refusal.ts';
import type { Serving } from '../serving.ts';
import type { Sink, SubscribeParams, Subscriptions } from '../subscribe/subscriptions.ts';
import type { Trail } from '../trail.ts';

export interface Ask {
  params: Params;
  viewer: Holder;
  request: HttpRequest;
  sink: Sink;
  trail: Trail;
}

/** A subscription that runs, with what is needed to begin it anew for a viewer whose permissions have changed. */
export interface Begun {
  ok: true;
  /** Absent for what was answered once, and is over. */
  subscription?: { operation: PreparedOperation; params: SubscribeParams };
  /** Ends it; its sink is not told. */
  leave(): void;
}

export interface OperationsOptions {
  run: RunOptions;
  serving: Serving;
  findText: FindText;
  subscriptions: Subscriptions;
  maxSubscriptions: number;
}

export interface Operations {
  begin(ask: Ask): Promise<Begun | Refusal>;
  /** A subscription that has begun before, from where it is. */
  subscribe(ask: SubscribeAsk): Promise<Begun | Refusal>;
  /** Subscriptions that run. */
  running(): number;
}

export interface SubscribeAsk extends Omit<Ask, 'params'> {
  operation: PreparedOperation;
  params: SubscribeParams;
  after: string | undefined;
}

export function createOperations(options: OperationsOptions): Operations {
  const { serving, subscriptions, maxSubscriptions } = options;
  let running = 0;

  const subscribe = async (ask: SubscribeAsk): Promise<Begun | Refusal> => {
    const { operation, params, viewer, request, sink, trail, after } = ask;
    trail.operation = { name: operation.definition.name?.value, kind: 'subscription', hash: operation.hash };
    if (running >= maxSubscriptions) return refuseRequest('SERVICE_UNAVAILABLE', NO_ROOM);
    running++;
    let isOver = false;
    const over = () => {
      if (!isOver) running--;
      isOver = true;
    };
    const told: Sink = {
      next: sink.next,
      end: (errors) => {
        over();
        sink.end(errors);
      },
    };
    try {
      const { requestId } = trail;
      const begun = await subscriptions.subscribe({ params, viewer, request, requestId, after, sink: told });
      if (!begun.ok) {
        over();
        return begun;
      }
      const leave = () => {
        if (isOver) return;
        over();
        begun.leave();
      };
      return { ok: true, subscription: { operation, params }, leave };
    } catch (error) {
      over();
      throw error;
    }
  };

  const begin = (served: Served, ask: Ask, query: string): Promise<Begun | Refusal> | Refusal => {
    const { operationName, variables, after } = ask.params;
    const found = served.documents.operation(query, operationName);
    if (!found.ok) return found;
    const { operation } = found;
    if (operation.definition.operation !== 'subscription') {
      return answerOnce(options.run, served, ask, { query, operationName, variables });
    }
    // The same text for all: each client's own would be kept as long as its subscription.
    const text = operation.document.loc?.source.body ?? query;
    return subscribe({ ...ask, operation, after, params: { query: text, operationName, variables } });
  };

  return {
    begin: async (ask) => {
      const found = options.findText(ask.params.document);
      if (!found.ok) return found;
      return serving.use(async (served) => begin(served, ask, found.query));
    },
    subscribe,
    running: () => running,
  };
}

const NO_ROOM =
  'There are more subscriptions than can be served; try again in a moment (ROUTER_SUBSCRIPTIONS)';

async function answerOnce(
  run: RunOptions,
  served: Served,
  { request, viewer, trail, sink }: Ask,
  params: SubscribeParams,
): Promise<Begun | Refusal> {
  const outcome = await runOperation(run, served, { request, params, viewer, trail });
  if (!outcome.ok) return outcome;
  for (const { extensions } of outcome.errors) trail.errors.push(extensions.code);
  sink.next(answerBytes(outcome.data, outcome.errors, outcome.extensions), undefined);
  sink.end();
  return { ok: true, leave: () => {} };
}

export function tooManyOperations(most: number): Refusal {
  return refuseOperation(
    'RATE_LIMITED',
    `${most} operations run on this socket; complete one of them first (ROUTER_SOCKET_OPERATIONS)`,
  );
}
