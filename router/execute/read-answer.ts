/** Reads what a subgraph sent back. Nothing in it is taken for granted, and nothing internal gets past it. */
import { maskedMessage } from '@souk/kit/errors/errors';
import type { AnswerError } from './executor.ts';

export interface SubgraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: AnswerError[];
}

export interface ReadContext {
  subgraph: string;
  /** Response keys of the entities that were asked for, and how many of them. */
  entities: ReadonlyMap<string, number> | undefined;
  maskErrors: boolean;
  requestId: string;
}

export interface ReadAnswer {
  answer: SubgraphAnswer;
  outcome: 'ok' | 'errors' | 'invalid';
  /** What was kept from the client, for the log. */
  hidden: { message: string; code?: string }[];
}

/** Of the subgraph's own extensions, these would tell how it is built. */
const INTERNAL_EXTENSIONS = ['stacktrace', 'exception', 'serviceName', 'service', 'code'];

export function readAnswer(body: Buffer | string, status: number, context: ReadContext): ReadAnswer {
  const answer = parseObject(body);
  if (!answer) return invalid(`HTTP ${status} without a JSON object in it`, context);
  const { data, errors } = answer;
  if (data !== undefined && data !== null && !isObject(data)) return invalid('data is no object', context);
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) {
    return invalid('errors is no list', context);
  }
  const list = (errors as unknown[] | null | undefined) ?? [];
  if (!isObject(data) && list.length === 0) {
    return invalid(`HTTP ${status} with neither data nor errors`, context);
  }
  for (const [key, count] of context.entities ?? []) {
    if (!isObject(data)) break;
    const entities = data[key];
    if (entities !== null && (!Array.isArray(entities) || entities.length !== count)) {
      return invalid(`${key} is no list of ${count}`, context);
    }
  }
  const { shown, hidden } = readErrors(list, context);
  const read: SubgraphAnswer = data === undefined ? {} : { data: usable(data, context) };
  if (shown.length > 0) read.errors = shown;
  return { answer: read, outcome: shown.length > 0 ? 'errors' : 'ok', hidden };
}

export function readErrors(
  errors: readonly unknown[],
  context: ReadContext,
): { shown: AnswerError[]; hidden: ReadAnswer['hidden'] } {
  const hidden: ReadAnswer['hidden'] = [];
  return { shown: errors.map((error) => readError(error, context, hidden)), hidden };
}

/** Failed entities come as null for the whole list; there is nothing to merge then. */
function usable(data: unknown, { entities }: ReadContext): Record<string, unknown> | null {
  if (!isObject(data)) return null;
  return entities && [...entities.keys()].every((key) => data[key] === null) ? null : data;
}

function readError(error: unknown, context: ReadContext, hidden: ReadAnswer['hidden']): AnswerError {
  const { message, path, extensions } = isObject(error) ? error : {};
  const given = isObject(extensions) ? extensions : {};
  const code = typeof given.code === 'string' ? given.code : undefined;
  const text = typeof message === 'string' ? message : 'an error without a message';
  const internal = code === undefined || code === 'INTERNAL_SERVER_ERROR';
  if (internal) hidden.push(code === undefined ? { message: text } : { message: text, code });
  const shown = Object.fromEntries(
    Object.entries(given).filter(([name]) => !INTERNAL_EXTENSIONS.includes(name)),
  );
  const masked = internal && context.maskErrors;
  const read: AnswerError = {
    message: masked ? maskedMessage(context.requestId) : text,
    extensions: {
      ...(masked ? {} : shown),
      code: code ?? 'INTERNAL_SERVER_ERROR',
      service: context.subgraph,
    },
  };
  if (Array.isArray(path) && path.every((part) => typeof part === 'string' || typeof part === 'number')) {
    read.path = path;
  }
  return read;
}

function invalid(reason: string, { subgraph }: ReadContext): ReadAnswer {
  const error: AnswerError = {
    message: `The subgraph "${subgraph}" gave an answer that is not GraphQL; try again later`,
    extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: subgraph },
  };
  return { answer: { errors: [error] }, outcome: 'invalid', hidden: [{ message: reason }] };
}

function parseObject(body: Buffer | string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(typeof body === 'string' ? body : body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    // An HTML error page of a proxy, or half an answer.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
