/** One question to a subgraph, and an answer that is safe to merge and to show. */
import { createExchange, type Exchanged, type ExchangeOptions } from './exchange.ts';
import type { AnswerError, Caller } from './executor.ts';
import {
  type ReadAnswer,
  type ReadContext,
  readAnswer,
  readErrors,
  type SubgraphAnswer,
} from './read-answer.ts';

export interface SubgraphRequest {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

export interface AskOptions extends ExchangeOptions {
  /** Off shows every message of a subgraph as it is: for development. */
  maskErrors: boolean;
}

export type AskSubgraph = (request: SubgraphRequest, caller: Caller) => Promise<SubgraphAnswer>;

/** A request whose text is ready, for who reads the answer's bytes. */
export interface RawRequest {
  body: Buffer;
  /** The operation in it, to find the fetch in the plan by. */
  operation: string;
  isMutation: boolean;
  /** Response keys of the entities that are asked for, and how many of them. */
  entities?: ReadonlyMap<string, number>;
}

/** What came back. Its reader says how it went by calling one of the two, once. */
export interface Reply {
  body: Buffer;
  /** The body was understood, with these errors in it; answers with them as clients are told. */
  finish(errors: readonly unknown[]): AnswerError[];
  /** The body was not understood: it is read as a whole, checked and logged. */
  parse(): SubgraphAnswer;
}

export type SendToSubgraph = (
  request: RawRequest,
  caller: Caller,
) => Promise<Reply | { body?: undefined; errors: AnswerError[] }>;

export interface SubgraphClient {
  ask: AskSubgraph;
  send: SendToSubgraph;
  /** An answer that came without a request of its own: one event of a subscription. */
  received(body: Buffer, caller: Caller): Reply;
}

type Arrived = Omit<Extract<Exchanged, { ok: true }>, 'ok'>;
type Entities = RawRequest['entities'];

export function createAskSubgraph(options: AskOptions): AskSubgraph {
  return createSubgraphClient(options).ask;
}

export function createSubgraphClient(options: AskOptions): SubgraphClient {
  const { subgraph, log, maskErrors } = options;
  const exchange = createExchange(options);

  const replyOf = ({ status, body, settle }: Arrived, requestId: string, entities?: Entities): Reply => {
    const context: ReadContext = { subgraph, entities, maskErrors, requestId };
    const tell = (hidden: ReadAnswer['hidden']) => {
      for (const fault of hidden) log.warn({ subgraph, ...fault }, 'A subgraph answered with an error');
    };
    return {
      body: typeof body === 'string' ? Buffer.from(body) : body,
      finish: (errors) => {
        settle(errors.length > 0 ? 'errors' : 'ok');
        if (errors.length === 0) return [];
        const { shown, hidden } = readErrors(errors, context);
        tell(hidden);
        return shown;
      },
      parse: () => {
        const read = readAnswer(body, status, context);
        tell(read.hidden);
        settle(read.outcome);
        return read.answer;
      },
    };
  };

  const send: SendToSubgraph = async ({ entities, ...request }, caller) => {
    const reply = await exchange(request, caller);
    return reply.ok ? replyOf(reply, caller.requestId, entities) : { errors: [reply.error] };
  };

  const ask: AskSubgraph = async (request, caller) => {
    const entities = entitiesOf(request);
    const isMutation = /^\s*mutation\b/.test(request.query);
    const body = Buffer.from(JSON.stringify(request));
    const operation = request.query;
    const reply = await send({ body, operation, isMutation, ...(entities ? { entities } : {}) }, caller);
    return reply.body ? reply.parse() : { errors: reply.errors };
  };
  const received: SubgraphClient['received'] = (body, { requestId }) =>
    replyOf({ status: 200, body, settle: () => {} }, requestId);
  return { ask, send, received };
}

/** How many entities the answer must have; nothing when it was not asked for entities. */
function entitiesOf({ variables }: SubgraphRequest): ReadonlyMap<string, number> | undefined {
  const representations = variables?.representations;
  return Array.isArray(representations) ? new Map([['_entities', representations.length]]) : undefined;
}
