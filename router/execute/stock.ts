/** The stock executor of @apollo/gateway: runs Apollo's query plans, merges and completes their results. */
import { executeQueryPlan } from '@apollo/gateway/dist/executeQueryPlan.js';
import { buildOperationContext, type OperationContext } from '@apollo/gateway/dist/operationContext.js';
import type { QueryPlan } from '@apollo/query-planner';
import { maskedMessage } from '@souk/kit/errors/errors';
import type { Log } from '@souk/kit/observe/log';
import type { GraphQLError, OperationDefinitionNode } from 'graphql';
import type { Supergraph } from '../supergraph/load.ts';
import type { AskSubgraph } from './ask-subgraph.ts';
import { withoutIdleConditions } from './conditions.ts';
import type { Answer, AnswerError, Caller, Executor, Operation } from './executor.ts';

export interface StockOptions {
  supergraph: Supergraph;
  /** By name; one for each of the supergraph. */
  subgraphs: ReadonlyMap<string, AskSubgraph>;
  close(): Promise<void>;
  log: Log;
}

/** An operation as the executor takes it; made once, and kept as long as the operation is. */
interface Ready {
  plan: QueryPlan;
  context: OperationContext;
}

type ServiceMap = Parameters<typeof executeQueryPlan>[1];
type Service = ServiceMap[string];
type RequestContext = Parameters<typeof executeQueryPlan>[2];
type Result = Awaited<ReturnType<typeof executeQueryPlan>>;

export function createStockExecutor({ supergraph, subgraphs, close, log }: StockOptions): Executor {
  const services: ServiceMap = Object.create(null);
  for (const [name, ask] of subgraphs) services[name] = serviceOf(ask);
  const ready = new WeakMap<OperationDefinitionNode, Ready>();
  const { apiSchema, stock } = supergraph;

  const readyOf = ({ document, definition }: Operation): Ready => {
    const known = ready.get(definition);
    if (known) return known;
    const plain = withoutIdleConditions(document, apiSchema);
    const name = definition.name?.value;
    const made = {
      plan: supergraph.plan(plain, name),
      context: buildOperationContext({
        schema: apiSchema,
        operationDocument: plain,
        ...(name === undefined ? {} : { operationName: name }),
      }),
    };
    ready.set(definition, made);
    return made;
  };

  return {
    execute: async (operation) => {
      const { variables, caller } = operation;
      const { plan, context } = readyOf(operation);
      const request = {
        request: { variables },
        context: { caller },
        // The executor writes into it, and says so on the console where there is no logger.
        metrics: {},
        logger: log,
      } as unknown as RequestContext;
      try {
        const result = await executeQueryPlan(
          plan,
          services,
          request,
          context,
          supergraph.schema,
          stock.apiSchema,
        );
        return answerOf(result, caller, log);
      } catch (error) {
        // It asserts that subgraphs keep to their schema: a list where an object belongs makes it throw.
        return { errors: [tellFault(error, caller, log)] };
      }
    },
    close,
  };
}

function serviceOf(ask: AskSubgraph): Service {
  return {
    process: async (options) => {
      const { query, variables, operationName } = options.request;
      const { caller } = options.context as { caller: Caller };
      const answer = await ask(
        {
          query: query!,
          ...(variables ? { variables } : {}),
          ...(operationName ? { operationName } : {}),
        },
        caller,
      );
      const below = 'pathInIncomingRequest' in options ? (options.pathInIncomingRequest ?? []) : [];
      const errors = answer.errors?.map((error) => (error.path ? error : withPlace(error, below)));
      return { ...answer, ...(errors ? { errors } : {}) } as Awaited<ReturnType<Service['process']>>;
    },
  };
}

/** Kept out of the error's path, which the executor would take for one inside the subgraph's answer. */
const PLACE = 'souk-place';

/** A fetch that fails as a whole says below which field; beyond the first list that would be many. */
function withPlace(error: AnswerError, below: readonly (string | number)[]): AnswerError {
  const list = below.indexOf('@');
  const place = list < 0 ? below : below.slice(0, list);
  return place.length === 0 ? error : { ...error, extensions: { ...error.extensions, [PLACE]: place } };
}

function answerOf({ data, errors, extensions }: Result, caller: Caller, log: Log): Answer {
  // Where a subgraph broke its own schema the executor nulls the field and tells so beside the errors.
  const broken = (extensions?.valueCompletion as GraphQLError[] | undefined) ?? [];
  const told = [
    ...(errors ?? []).map((error) => tell(error as GraphQLError, caller, log)),
    ...broken.map((error) => tellBroken(error)),
  ];
  return data === undefined ? { errors: told } : { data, errors: told };
}

/** Errors of subgraphs come through as ask-subgraph.ts made them; any other is a fault of the executor. */
function tell(error: GraphQLError, caller: Caller, log: Log): AnswerError {
  const { code, service, serviceName: _, [PLACE]: place, ...rest } = error.extensions ?? {};
  if (typeof service === 'string' && typeof code === 'string') {
    const told: AnswerError = { message: error.message, extensions: { ...rest, code, service } };
    const path = error.path ?? (place as AnswerError['path']);
    if (path) told.path = path;
    return told;
  }
  return tellFault(error, caller, log);
}

function tellFault(error: unknown, caller: Caller, log: Log): AnswerError {
  log.error({ err: error }, 'The executor failed');
  return { message: maskedMessage(caller.requestId), extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

function tellBroken(error: GraphQLError): AnswerError {
  const told: AnswerError = { message: error.message, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  if (error.path) told.path = error.path;
  return told;
}
