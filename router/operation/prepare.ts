/** Makes text into an operation that may be run: syntax, size, fit with the schema. Pure and slow; see documents.ts. */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { type Refusal, refuseDocument, refuseOperation } from '../refusal.ts';
import { exceededLimit, type Limits, tooMuch } from './limits.ts';

export type Prepared = { ok: true; document: DocumentNode } | Refusal;
export type Selected = { ok: true; definition: OperationDefinitionNode } | Refusal;

/** Enough to mend a document by; the rest are often consequences of the first. */
const MAX_ERRORS = 20;
/** What graphql-js says in place of comparing every field with every other. */
const GAVE_UP = 'Validation aborted.';
/** What the parser says when it has read as many as it may. */
const TOO_MANY_TOKENS = 'tokens. Parsing aborted.';

const RULES_WITHOUT_INTROSPECTION = [...specifiedRules, NoSchemaIntrospectionCustomRule];

export interface PrepareOptions {
  schema: GraphQLSchema;
  limits: Limits;
  /** Without it messages suggest no names either: they would tell the schema one guess at a time. */
  introspection: boolean;
}

export function prepareDocument(source: string, { schema, limits, introspection }: PrepareOptions): Prepared {
  try {
    const document = parse(source, { maxTokens: limits.maxTokens });
    const tooLarge = exceededLimit(document, limits);
    if (tooLarge) return refuseOperation('OPERATION_TOO_LARGE', tooLarge);
    const rules = introspection ? specifiedRules : RULES_WITHOUT_INTROSPECTION;
    const hideSuggestions = !introspection;
    const errors = validateDocument(schema, document, rules, hideSuggestions);
    if (errors.some(({ message }) => message === GAVE_UP)) {
      const message = 'The operation selects the same fields too often to be compared with each other';
      return refuseOperation('OPERATION_TOO_LARGE', message);
    }
    return errors.length > 0 ? refuseDocument('GRAPHQL_VALIDATION_FAILED', errors) : { ok: true, document };
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes(TOO_MANY_TOKENS)) {
      const message = tooMuch('has too many words and signs', limits.maxTokens, 'ROUTER_MAX_TOKENS');
      return refuseOperation('OPERATION_TOO_LARGE', message);
    }
    if (error instanceof GraphQLError) return refuseDocument('GRAPHQL_PARSE_FAILED', [error]);
    // The parser calls itself for every level: thousands of brackets exhaust its stack.
    if (error instanceof RangeError) {
      return refuseOperation('OPERATION_TOO_LARGE', 'The document is nested too deeply');
    }
    throw error;
  }
}

function validateDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: readonly ValidationRule[],
  hideSuggestions: boolean,
): readonly GraphQLError[] {
  try {
    return validate(schema, document, rules, { maxErrors: MAX_ERRORS, hideSuggestions });
  } catch (error) {
    // It counts the root fields of a subscription, and asks their conditions for variables that it does not have.
    if (!(error instanceof GraphQLError)) throw error;
    const { nodes } = error;
    const message = 'The root field of a subscription takes no @skip or @include with a variable';
    return [new GraphQLError(message, nodes ? { nodes } : {})];
  }
}

export function selectOperation(document: DocumentNode, name: string | undefined): Selected {
  const definition = getOperationAST(document, name);
  if (definition) return { ok: true, definition };
  const names = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [node.name?.value ?? '(unnamed)'] : [],
  );
  if (names.length === 0) {
    return refuseOperation('OPERATION_RESOLUTION_FAILURE', 'The document has no operation, only fragments');
  }
  const what = name === undefined ? 'is missing' : `"${name}" names none of them`;
  return refuseOperation(
    'OPERATION_RESOLUTION_FAILURE',
    `The document has the operations ${names.join(', ')}; operationName ${what}`,
  );
}

/** With their defaults, when they fit. */
export function coerceVariables(
  schema: GraphQLSchema,
  definition: OperationDefinitionNode,
  variables: Record<string, unknown>,
  introspection: boolean,
): { ok: true; variables: Record<string, unknown> } | Refusal {
  const { errors, coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], variables, {
    maxErrors: MAX_ERRORS,
    hideSuggestions: !introspection,
  });
  return errors ? refuseDocument('BAD_USER_INPUT', errors) : { ok: true, variables: coerced };
}
