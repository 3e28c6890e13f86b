/** One GraphQL request: read, told who asks, prepared, cut to what the viewer may read, executed, answered. */
import type { HttpRequest, HttpResponse } from '@souk/kit/handler';
import type { Viewer } from '@souk/kit/viewer';
import type { AnswerError, Caller } from '../execute/executor.ts';
import type { PermittedOperation, PreparedOperation } from '../operation/documents.ts';
import { checkVariables } from '../operation/prepare.ts';
import { restore } from '../policy/restore.ts';
import { type Permissions, refusalOf } from '../policy/rules.ts';
import type { Tokens } from '../policy/tokens.ts';
import { permissionsOf, viewerOf } from '../policy/viewer.ts';
import type { Withheld } from '../policy/withhold.ts';
import { type Refusal, refuseOperation, refuseRequest, UNAUTHORIZED } from '../refusal.ts';
import type { Served, Serving } from '../serving.ts';
import type { Trail } from '../trail.ts';
import { guardAgainstForgery } from './csrf.ts';
import { GRAPHQL_RESPONSE, JSON_TYPE, negotiate } from './media-types.ts';
import { type Params, readParams } from './read-params.ts';
import { respondWithAnswer, respondWithRefusal } from './respond.ts';

export interface GraphqlOptions {
  serving: Serving;
  tokens?: Tokens;
  /** `null` answers the rest of the operation; `refuse` answers nothing of it. */
  unauthorized: 'null' | 'refuse';
  /** What goes with each request to a subgraph. */
  subgraphHeaders(request: HttpRequest, viewer: Viewer): Record<string, string>;
}

type Data = Record<string, unknown>;
type Outcome = { ok: true; data: Data | null; errors: AnswerError[] } | Refusal;

export function createGraphql(options: GraphqlOptions) {
  return async (request: HttpRequest, trail: Trail): Promise<HttpResponse> => {
    const type = negotiate(request.headers.accept, [JSON_TYPE, GRAPHQL_RESPONSE]);
    const outcome = type ? await answer(options, request, trail) : notAcceptable();
    for (const { extensions } of outcome.errors) trail.errors.push(extensions.code);
    if (!outcome.ok) return respondWithRefusal(outcome, type ?? JSON_TYPE);
    return respondWithAnswer(outcome.data, outcome.errors, type!);
  };
}

async function answer(options: GraphqlOptions, request: HttpRequest, trail: Trail): Promise<Outcome> {
  if (request.method !== 'GET' && request.method !== 'POST') {
    return methodNotAllowed(`GraphQL is served by GET and POST, not ${request.method}`, 'GET, POST');
  }
  const forged = guardAgainstForgery(request);
  if (forged) return forged;
  const params = readParams(request);
  if (!params.ok) return params;
  const known = await viewerOf(request, options.tokens);
  if (!known.ok) return known;
  trail.viewer = known.viewer;
  return options.serving.use((served) =>
    run(options, served, { request, params, viewer: known.viewer, trail }),
  );
}

interface Run {
  request: HttpRequest;
  params: Params;
  viewer: Viewer;
  trail: Trail;
}

async function run(
  options: GraphqlOptions,
  served: Served,
  { request, params, viewer, trail }: Run,
): Promise<Outcome> {
  const found = served.documents.operation(params.query, params.operationName);
  if (!found.ok) return found;
  const { definition, hash } = found.operation;
  trail.operation = { name: definition.name?.value, kind: definition.operation, hash };
  const refusal =
    refuseKind(found.operation, request.method) ??
    checkVariables(served.supergraph.apiSchema, definition, params.variables);
  if (refusal) return refusal;

  const permissions = permissionsOf(viewer);
  const permitted = found.operation.forViewer(permissions);
  trail.withheld = permitted.withheld.size;
  if (permitted.withheld.size > 0 && options.unauthorized === 'refuse') {
    return refuseUnauthorized(permitted.withheld, permissions);
  }
  const caller: Caller = {
    requestId: trail.requestId,
    headers: () => options.subgraphHeaders(request, viewer),
    // Not before it is asked: a signal costs a listener on the socket.
    hasLeft: () => request.signal?.aborted ?? false,
    observe: (fetch) => trail.fetches.push(fetch),
  };
  const { document, definition: permittedDefinition } = permitted;
  const executed = await served.executor.execute({
    document,
    definition: permittedDefinition,
    variables: params.variables,
    caller,
  });
  if (executed.data === undefined) return notExecuted(executed.errors);
  return withRestored(executed.data, executed.errors, permitted, permissions);
}

function refuseKind({ definition }: PreparedOperation, method: string): Refusal | undefined {
  if (definition.operation === 'subscription') {
    return refuseOperation('BAD_REQUEST', 'Subscriptions are not served over plain HTTP');
  }
  if (definition.operation === 'mutation' && method === 'GET') {
    return methodNotAllowed('Mutations are served by POST only', 'POST');
  }
  return undefined;
}

function withRestored(
  data: Data | null,
  errors: AnswerError[],
  { shape }: PermittedOperation,
  permissions: Permissions,
): Outcome {
  if (!shape || data === null) return { ok: true, data, errors };
  const restored = restore(data, shape);
  const told = restored.places.map(({ withheld, path }) => unauthorizedError(withheld, permissions, path));
  if (restored.unlisted > 0) {
    told.push({
      message: `${restored.unlisted} more places were withheld`,
      extensions: { code: UNAUTHORIZED },
    });
  }
  return { ok: true, data: restored.data, errors: [...errors, ...told] };
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

function notAcceptable(): Refusal {
  return refuseRequest(
    'NOT_ACCEPTABLE',
    `Answers come as ${GRAPHQL_RESPONSE} or ${JSON_TYPE}; accept one of them`,
  );
}

function methodNotAllowed(message: string, allow: string): Refusal {
  return refuseRequest('METHOD_NOT_ALLOWED', message, { headers: { allow } });
}
