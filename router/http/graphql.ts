/** One GraphQL request: read, told who asks, run (operation/run.ts), answered. */
import type { HttpRequest, HttpResponse } from '@souk/kit/handler';
import { GRAPHQL_RESPONSE, JSON_TYPE, negotiate } from '@souk/kit/media-types';
import { type Outcome, type RunOptions, runOperation } from '../operation/run.ts';
import type { Tokens } from '../policy/tokens.ts';
import { viewerOf } from '../policy/viewer.ts';
import { methodNotAllowed, type Refusal, refuseRequest } from '../refusal.ts';
import type { Serving } from '../serving.ts';
import type { Trail } from '../trail.ts';
import { guardAgainstForgery } from './csrf.ts';
import { readParams } from './read-params.ts';
import { respondWithAnswer, respondWithRefusal } from './respond.ts';

export interface GraphqlOptions extends RunOptions {
  serving: Serving;
  tokens?: Tokens;
}

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
    runOperation(options, served, { request, params, viewer: known.viewer, trail }),
  );
}

function notAcceptable(): Refusal {
  return refuseRequest(
    'NOT_ACCEPTABLE',
    `Answers come as ${GRAPHQL_RESPONSE} or ${JSON_TYPE}; accept one of them`,
  );
}
