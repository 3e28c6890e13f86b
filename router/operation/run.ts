/** Runs one operation for one viewer: prepared, cut to what the viewer may read, executed, nulls put back. */

import type { Viewer } from '@souk/kit/auth/viewer';
import type { HttpRequest } from '@souk/kit/http/handler';
import {
  type Answer,
  type AnswerError,
  type Caller,
  type Operation,
  RenderedData,
} from '../execute/executor.ts';
import { type Restored, restore } from '../policy/restore.ts';
import { type Permissions, refusalOf } from '../policy/rules.ts';
import { permissionsOf } from '../policy/viewer.ts';
import type { Withheld } from '../policy/withhold.ts';
import { methodNotAllowed, type Refusal, refuseOperation, UNAUTHORIZED } from '../refusal.ts';
import type { Trail } from '../trail.ts';
import { type Charge, chargeFor } from './charge.ts';
import type { PermittedOperation, PreparedOperation } from './documents.ts';
import { planReport, wantsPlan } from './explain.ts';
import { coerceVariables } from './prepare.ts';
import type { Served } from './served.ts';

export interface RunOptions {
  /** `null` answers the rest of the operation; `refuse` answers nothing of it. */
  unauthorized: 'null' | 'refuse';
  /** Whether clients may read the schema. */
  introspection: boolean;
  maxCost: number;
  /** Whether clients may ask how their operations are run. */
  development: boolean;
  /** What goes with each request to a subgraph. */
  subgraphHeaders(request: HttpRequest, viewer: Viewer): Record<string, string>;
}

const HOW_TO_SUBSCRIBE =
  'A subscription needs a connection that stays open: a WebSocket with the subprotocol graphql-transport-ws at this ' +
  'address, or a request with accept: text/event-stream';

type Data = NonNullable<Answer['data']>;
/** What the client gets. */
export interface Answered {
  ok: true;
  data: Data | null;
  errors: AnswerError[];
  extensions?: Record<string, unknown>;
}
export type Outcome = Answered | Refusal;

export interface Run {
  request: HttpRequest;
  params: { query: string; operationName?: string | undefined; variables: Record<string, unknown> };
  viewer: Viewer;
  trail: Trail;
}

export async function runOperation(
  options: RunOptions,
  served: Served,
  { request, params, viewer, trail }: Run,
): Promise<Outcome> {
  const found = served.documents.operation(params.query, params.operationName);
  if (!found.ok) return found;
  const { definition, hash } = found.operation;
  trail.operation = { name: definition.name?.value, kind: definition.operation, hash };
  const refusal = refuseKind(found.operation, request.method);
  if (refusal) return refusal;
  const allowed = allow(options, served, found.operation, { request, params, viewer, trail });
  if (!allowed.ok) return allowed;
  const { permitted, permissions, charge } = allowed;
  const caller: Caller = {
    requestId: trail.requestId,
    headers: keptFor(SIGNED_FOR_MS, () => options.subgraphHeaders(request, viewer)),
    // Not before it is asked: a signal costs a listener on the socket.
    hasLeft: () => request.signal?.aborted ?? false,
    observe: (fetch) => trail.fetches.push(fetch),
    planned: (isKept, seconds) => {
      trail.plan ??= { isKept, seconds };
    },
  };
  const { document, definition: permittedDefinition } = permitted;
  const operation: Operation = {
    document,
    definition: permittedDefinition,
    withheld: permitted.withheld,
    variables: params.variables,
    caller,
  };
  const executed = await served.executor.execute(operation);
  if (executed.data === undefined) return notExecuted(executed.errors);
  const outcome = withCost(charge, withRestored(executed, permitted, permissions));
  if (!options.development || !wantsPlan(request)) return outcome;
  trail.isExplained = true;
  return withPlan(outcome, served, operation, trail);
}

/** What of an operation its viewer may run, and with which variables. */
export interface Allowed {
  ok: true;
  permitted: PermittedOperation;
  permissions: Permissions;
  /** With their defaults. */
  variables: Record<string, unknown>;
  charge: Charge;
}

export function allow(
  options: Pick<RunOptions, 'unauthorized' | 'introspection' | 'maxCost'>,
  { supergraph, pricing }: Served,
  operation: PreparedOperation,
  { request, params, viewer, trail }: Run,
): Allowed | Refusal {
  const { apiSchema } = supergraph;
  const coerced = coerceVariables(apiSchema, operation.definition, params.variables, options.introspection);
  if (!coerced.ok) return coerced;
  const permissions = permissionsOf(viewer);
  const permitted = operation.forViewer(permissions);
  trail.withheld = permitted.withheld.size;
  if (permitted.withheld.size > 0 && options.unauthorized === 'refuse') {
    return refuseUnauthorized(permitted.withheld, permissions);
  }
  const { variables } = coerced;
  const charge = chargeFor(pricing, options.maxCost, permitted, variables, request);
  if (!charge.ok) return charge;
  trail.cost = charge.estimated;
  return { ok: true, permitted, permissions, variables, charge };
}

function withPlan(outcome: Outcome, { executor }: Served, operation: Operation, trail: Trail): Outcome {
  if (!outcome.ok) return outcome;
  const plan = planReport(executor.explain?.(operation) ?? [], trail);
  return { ...outcome, extensions: { ...outcome.extensions, plan } };
}

/** Counted in what the client gets: what was withheld cost nothing. */
function withCost(charge: Charge, outcome: Outcome): Outcome {
  if (!outcome.ok) return outcome;
  const extensions = charge.report(outcome.data);
  return extensions ? { ...outcome, extensions } : outcome;
}

/** What is signed holds for a minute; the fetches of one operation mostly leave within the same moment. */
export const SIGNED_FOR_MS = 1_000;

/** The headers of `make`, made anew when they are older than a moment. */
export function keptFor(
  milliseconds: number,
  make: () => Record<string, string>,
): () => Record<string, string> {
  let made: Record<string, string> | undefined;
  let at = 0;
  return () => {
    const now = performance.now();
    if (!made || now - at > milliseconds) [made, at] = [make(), now];
    return { ...made };
  };
}

function refuseKind({ definition }: PreparedOperation, method: string): Refusal | undefined {
  if (definition.operation === 'subscription') {
    return refuseOperation('BAD_REQUEST', HOW_TO_SUBSCRIBE);
  }
  if (definition.operation === 'mutation' && method === 'GET') {
    return methodNotAllowed('Mutations are served by POST only', 'POST');
  }
  return undefined;
}

export function withRestored(
  { data = null, errors, withheld }: Answer,
  { shape }: PermittedOperation,
  permissions: Permissions,
): Answered {
  const restored = withheld ? { data, ...withheld } : restoredBy(data, shape);
  const told = restored.places.map(({ withheld, path }) => unauthorizedError(withheld, permissions, path));
  if (restored.unlisted > 0) {
    told.push({
      message: `${restored.unlisted} more places were withheld`,
      extensions: { code: UNAUTHORIZED },
    });
  }
  return { ok: true, data: restored.data, errors: [...errors, ...told] };
}

/** For an executor that has not put the nulls there itself. */
function restoredBy(
  data: Data | null,
  shape: PermittedOperation['shape'],
): Omit<Restored, 'data'> & { data: Data | null } {
  if (!shape || data === null || data instanceof RenderedData) return { data, places: [], unlisted: 0 };
  return restore(data, shape);
}

function refuseUnauthorized(withheld: ReadonlyMap<string, Withheld>, permissions: Permissions): Refusal {
  const byRule = new Map([...withheld.values()].map((place) => [place.rule.coordinate, place]));
  const errors = [...byRule.values()].map((place) => unauthorizedError(place, permissions));
  return { ok: false, level: 'graphql', status: 403, code: UNAUTHORIZED, errors, headers: {} };
}

function unauthorizedError(
  { rule }: Withheld,
  permissions: Permissions,
  path?: readonly (string | number)[],
): AnswerError {
  const error: AnswerError = { message: refusalOf(rule, permissions), extensions: { code: UNAUTHORIZED } };
  if (path) error.path = path;
  return error;
}

function notExecuted(errors: AnswerError[]): Refusal {
  return { ok: false, level: 'http', status: 500, code: 'INTERNAL_SERVER_ERROR', errors, headers: {} };
}
