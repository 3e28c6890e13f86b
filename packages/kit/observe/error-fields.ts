/**
 * What of an error goes into the log. Drivers put values into their errors (Drizzle the parameters of the statement,
 * PostgreSQL and MongoDB the duplicate key), and values may be secrets or personal: only what is named here is written.
 */

export interface ErrorFields {
  type: string;
  message: string;
  stack?: string;
  code?: string | number;
  constraint?: string;
  cause?: ErrorFields | undefined;
}

const MAX_CAUSES = 5;

export function errorFields(error: unknown, causesLeft: number = MAX_CAUSES): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutValues(String(error)) };
  const { code, constraint, cause } = error as Error & { code?: unknown; constraint?: unknown };
  const fields: ErrorFields = { type: error.name, message: withoutValues(error.message) };
  if (error.stack) fields.stack = withoutValues(error.stack);
  if (typeof code === 'string' || typeof code === 'number') fields.code = code;
  if (typeof constraint === 'string') fields.constraint = constraint;
  if (cause !== undefined && causesLeft > 0) fields.cause = errorFields(cause, causesLeft - 1);
  return fields;
}

function withoutValues(text: string): string {
  return (
    text
      // Drizzle: the parameters stand on the lines between "params:" and the stack.
      .replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/g, '')
      .replace(/dup key: \{.*\}/g, 'dup key')
      .replace(/([a-z][a-z0-9+.-]*:\/\/[^/\s:@]*):[^@/\s]*@/gi, '$1:***@')
  );
}
