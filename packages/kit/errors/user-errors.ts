/**
 * Refusals that a mutation answers as data. A domain function returns a `Result`; a resolver puts its errors into the
 * payload. `Code` is the enum of the domain's own codes.
 */

/** The list is closed: a new reason becomes a code of a domain, not a new kind. */
export type UserErrorKind = 'INVALID' | 'NOT_FOUND' | 'CONFLICT' | 'FORBIDDEN' | 'EXHAUSTED';

export interface UserError<Code extends string = string> {
  kind: UserErrorKind;
  code: Code;
  /** A sentence to show to a person. */
  message: string;
  /** Path to the input field at fault (`['lines', '0', 'quantity']`); null when no single field is. */
  field: string[] | null;
}

export interface Ok<Value> {
  ok: true;
  value: Value;
}

export interface Refused<Code extends string = string> {
  ok: false;
  errors: UserError<Code>[];
}

export type Result<Value, Code extends string = string> = Ok<Value> | Refused<Code>;

export function ok<Value>(value: Value): Ok<Value> {
  return { ok: true, value };
}

export function refused<Code extends string>(...errors: UserError<Code>[]): Refused<Code> {
  return { ok: false, errors };
}

/** `lines.0.quantity` or its steps. */
export type FieldPath = string | readonly (string | number)[];

type MakeUserError = <Code extends string>(code: Code, message: string, field?: FieldPath) => UserError<Code>;

const ofKind =
  (kind: UserErrorKind): MakeUserError =>
  (code, message, field) => ({ kind, code, message, field: stepsOf(field) });

/** The input breaks a rule; correcting the field helps. */
export const invalid: MakeUserError = ofKind('INVALID');
/** Something the input names does not exist, or is hidden from the caller. */
export const notFound: MakeUserError = ofKind('NOT_FOUND');
/** The thing has changed or is in another state than the caller believed. */
export const conflict: MakeUserError = ofKind('CONFLICT');
/** The caller may not do this to this object. */
export const forbidden: MakeUserError = ofKind('FORBIDDEN');
/** A quota, a limit or a stock is used up. */
export const exhausted: MakeUserError = ofKind('EXHAUSTED');

function stepsOf(field: FieldPath | undefined): string[] | null {
  if (field === undefined) return null;
  return typeof field === 'string' ? field.split('.') : field.map(String);
}
