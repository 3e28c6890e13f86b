/** A request that is not executed, and what its client is told instead. */
import { ERRORS, type ErrorCode } from '@souk/kit/errors/errors';
import type { GraphQLError } from 'graphql';
import type { AnswerError } from './execute/executor.ts';

/** Told for each withheld field; with `refuse`, of the whole operation. */
export const UNAUTHORIZED: ErrorCode = 'UNAUTHORIZED_FIELD_OR_TYPE';

export interface Refusal {
  ok: false;
  status: number;
  /**
   * `http`: the request itself is at fault, and the status says so in every media type. `graphql`: it was a good
   * request for a bad operation, which `application/json` answers with 200.
   */
  level: 'http' | 'graphql';
  code: ErrorCode;
  errors: RefusalError[];
  headers: Record<string, string>;
}

export interface RefusalError extends AnswerError {
  locations?: readonly { line: number; column: number }[];
}

export interface RefusalDetails {
  headers?: Record<string, string>;
  extensions?: Record<string, unknown>;
}

export function refuseRequest(code: ErrorCode, message: string, details: RefusalDetails = {}): Refusal {
  const errors = [{ message, extensions: { ...details.extensions, code } }];
  return {
    ok: false,
    level: 'http',
    code,
    status: ERRORS[code].status,
    errors,
    headers: details.headers ?? {},
  };
}

export function refuseOperation(code: ErrorCode, message: string): Refusal {
  return { ...refuseRequest(code, message), level: 'graphql' };
}

/** What graphql-js found: its messages name types and fields of the schema, places and values of the client. */
export function refuseDocument(code: ErrorCode, found: readonly GraphQLError[]): Refusal {
  const errors = found.map(({ message, locations }) => ({
    message,
    ...(locations ? { locations } : {}),
    extensions: { code },
  }));
  return { ok: false, level: 'graphql', code, status: ERRORS[code].status, errors, headers: {} };
}

export function methodNotAllowed(message: string, allow: string): Refusal {
  return refuseRequest('METHOD_NOT_ALLOWED', message, { headers: { allow } });
}
