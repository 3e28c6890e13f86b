/** Answers in the media type that was agreed on, with the status that GraphQL over HTTP gives it there. */
import type { HttpResponse } from '@souk/kit/http/handler';
import { GRAPHQL_RESPONSE, type JSON_TYPE } from '@souk/kit/http/media-types';
import { type Answer, type AnswerError, RenderedData } from '../execute/executor.ts';
import { joinedBytes, wireJson } from '../execute/wire-text.ts';
import type { Refusal } from '../refusal.ts';

export type AnswerType = typeof GRAPHQL_RESPONSE | typeof JSON_TYPE;

/** Answers differ by viewer, and by what is accepted. */
const PRIVATE = { 'cache-control': 'no-store', vary: 'accept', 'x-content-type-options': 'nosniff' };

export function respondWithRefusal(refusal: Refusal, type: AnswerType): HttpResponse {
  const { level, status, errors, headers } = refusal;
  const told = level === 'graphql' && type !== GRAPHQL_RESPONSE ? 200 : status;
  return respond(told, { errors }, type, headers);
}

/** Errors beside data leave the status at 200: what is there is there. */
export function respondWithAnswer(
  data: NonNullable<Answer['data']> | null,
  errors: readonly AnswerError[],
  type: AnswerType,
  extensions?: Record<string, unknown>,
): HttpResponse {
  return respondWithBody(200, answerBytes(data, errors, extensions), type, {});
}

/** JSON of an execution result. */
export function answerBytes(
  data: NonNullable<Answer['data']> | null,
  errors: readonly AnswerError[],
  extensions?: Record<string, unknown>,
): Buffer {
  // Data that is text already is not made an object again.
  const dataText = data instanceof RenderedData ? data.wireText : wireJson(data);
  const errorsText = errors.length > 0 ? `"errors":${wireJson(errors)},` : '';
  const extensionsText = extensions ? `,"extensions":${wireJson(extensions)}` : '';
  return joinedBytes(`{${errorsText}"data":`, dataText, `${extensionsText}}`);
}

function respond(
  status: number,
  body: unknown,
  type: AnswerType,
  headers: Record<string, string>,
): HttpResponse {
  return respondWithBody(status, JSON.stringify(body), type, headers);
}

function respondWithBody(
  status: number,
  body: Buffer | string,
  type: AnswerType,
  headers: Record<string, string>,
): HttpResponse {
  const contentType = `${type}; charset=utf-8`;
  return {
    status,
    headers: { 'content-type': contentType, ...PRIVATE, ...headers },
    body,
  };
}
