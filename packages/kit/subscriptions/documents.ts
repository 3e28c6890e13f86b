/** The text of a subscription, parsed, validated and limited once, then remembered. */
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { type ErrorCode, errorResponse, isErrorCode } from '../errors/errors.ts';
import { depthLimit, MAX_DEPTH, MAX_TOKENS } from '../graphql/document-limits.ts';

export type Prepared =
  | { ok: true; document: DocumentNode }
  | { ok: false; errors: readonly GraphQLFormattedError[] };

/** Of a router's registered operations there are fewer; longer texts are rare and not worth their memory. */
const MAX_REMEMBERED = 500;
const MAX_REMEMBERED_LENGTH = 16_384;

export function createSubscriptionDocuments(schema: GraphQLSchema) {
  const rules = [...specifiedRules, depthLimit(MAX_DEPTH)];
  const remembered = new Map<string, DocumentNode>();

  const read = (query: string): Prepared => {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: MAX_TOKENS });
    } catch (error) {
      // Its words are made for whoever wrote the text.
      return { ok: false, errors: [told('GRAPHQL_PARSE_FAILED', error as GraphQLError)] };
    }
    const faults = validate(schema, document, rules);
    if (faults.length > 0)
      return { ok: false, errors: faults.map((fault) => told('GRAPHQL_VALIDATION_FAILED', fault)) };
    if (query.length <= MAX_REMEMBERED_LENGTH) {
      if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
      remembered.set(query, document);
    }
    return { ok: true, document };
  };

  return (query: string, operationName: string | undefined): Prepared => {
    const known = remembered.get(query);
    const prepared: Prepared = known ? { ok: true, document: known } : read(query);
    if (!prepared.ok) return prepared;
    const operation = getOperationAST(prepared.document, operationName);
    if (!operation)
      return refusal('OPERATION_RESOLUTION_FAILURE', 'Name the operation to run in `operationName`');
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
      return refusal('BAD_REQUEST', 'Only subscriptions are taken here; send queries and mutations by POST');
    return prepared;
  };
}

export function refusal(
  code: ErrorCode,
  message: string,
): { ok: false; errors: readonly GraphQLFormattedError[] } {
  return { ok: false, errors: errorResponse(code, message).body.errors };
}

function told(code: ErrorCode, fault: GraphQLError): GraphQLFormattedError {
  const formatted = fault.toJSON();
  const own = formatted.extensions?.code;
  return { ...formatted, extensions: { ...formatted.extensions, code: isErrorCode(own) ? own : code } };
}
