/** One GraphQL request: read, told who asks, run (operation/run.ts), answered. */

import type { Viewer } from '@souk/kit/auth/viewer';
import type { HttpRequest, HttpResponse } from '@souk/kit/http/handler';
import { GRAPHQL_RESPONSE, JSON_TYPE, negotiate } from '@souk/kit/http/media-types';
import type { FindText } from '../operation/document-texts.ts';
import { type Outcome, type RunOptions, runOperation } from '../operation/run.ts';
import type { Admission, Guard } from '../policy/guard.ts';
import { methodNotAllowed, type Refusal, refuseRequest } from '../refusal.ts';
import type { Serving } from '../serving.ts';
import type { Trail } from '../trail.ts';
import { type Asked, answerBatch } from './batch.ts';
import { guardAgainstForgery } from './csrf.ts';
import { EVENT_STREAM, type StreamEvents } from './event-stream.ts';
import { type Batch, type Params, readParams } from './read-params.ts';
import { type AnswerType, respondWithAnswer, respondWithRefusal } from './respond.ts';

export interface GraphqlOptions extends RunOptions {
  streamEvents: StreamEvents;
  serving: Serving;
  findText: FindText;
  /** Operations in one request; 0 takes no batches. */
  maxBatch: number;
  guard: Pick<Guard, 'admit'>;
}

export function createGraphql(options: GraphqlOptions) {
  return async (request: HttpRequest, trail: Trail): Promise<HttpResponse> => {
    const accepted = negotiate(request.headers.accept, [JSON_TYPE, GRAPHQL_RESPONSE, EVENT_STREAM]);
    // What is refused before it runs is told by its status.
    const type = accepted === EVENT_STREAM ? JSON_TYPE : accepted;
    if (!type) return respond(notAcceptable(), JSON_TYPE, trail);
    const read = readRequest(request, options.maxBatch);
    // What cannot be read counts as well: somebody sent it.
    const admitted = await options.guard.admit(request, 'batch' in read ? read.batch.length : 1);
    if (!admitted.ok) return respond(admitted, type, trail);
    const { viewer, headers } = admitted;
    trail.viewer = viewer;
    const response = await (accepted === EVENT_STREAM && read.ok
      ? streamOne(options, request, read, admitted, trail)
      : answerAll(options, request, read, viewer, type, trail));
    Object.assign(response.headers, headers);
    return response;
  };
}

async function answerAll(
  options: GraphqlOptions,
  request: HttpRequest,
  read: Params | Batch | Refusal,
  viewer: Viewer,
  type: AnswerType,
  trail: Trail,
): Promise<HttpResponse> {
  if (!read.ok) return respond(read, type, trail);
  if (!('batch' in read)) return respond(await answer(options, request, read, viewer, trail), type, trail);
  const ask: Asked = async (params, own) =>
    respond(params.ok ? await answer(options, request, params, viewer, own) : params, type, own);
  return answerBatch(read.batch, type, trail, ask);
}

async function streamOne(
  { streamEvents }: GraphqlOptions,
  request: HttpRequest,
  read: Params | Batch,
  admitted: Admission & { ok: true },
  trail: Trail,
): Promise<HttpResponse> {
  if (!('batch' in read)) return streamEvents(request, read, admitted, trail);
  return respond(
    refuseRequest('BAD_REQUEST', 'A batch is not streamed; ask for one at a time'),
    JSON_TYPE,
    trail,
  );
}

function readRequest(request: HttpRequest, maxBatch: number): Params | Batch | Refusal {
  if (request.method !== 'GET' && request.method !== 'POST') {
    return methodNotAllowed(`GraphQL is served by GET and POST, not ${request.method}`, 'GET, POST');
  }
  return guardAgainstForgery(request) ?? readParams(request, maxBatch);
}

async function answer(
  options: GraphqlOptions,
  request: HttpRequest,
  { document, operationName, variables }: Params,
  viewer: Viewer,
  trail: Trail,
): Promise<Outcome> {
  const found = options.findText(document);
  if (!found.ok) return found;
  const params = { query: found.query, operationName, variables };
  return options.serving.use((served) => runOperation(options, served, { request, params, viewer, trail }));
}

function respond(outcome: Outcome, type: AnswerType, trail: Trail): HttpResponse {
  for (const { extensions } of outcome.errors) trail.errors.push(extensions.code);
  if (!outcome.ok) return respondWithRefusal(outcome, type);
  return respondWithAnswer(outcome.data, outcome.errors, type, outcome.extensions);
}

function notAcceptable(): Refusal {
  return refuseRequest(
    'NOT_ACCEPTABLE',
    `Answers come as ${GRAPHQL_RESPONSE}, ${JSON_TYPE} or ${EVENT_STREAM}; accept one of them`,
  );
}
