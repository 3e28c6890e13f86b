/** What a client gets to read of an error: its own mistakes in full, our faults as an id to report. */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Log } from '../observe/log.ts';
import { codeOf, type ErrorCode, isErrorCode, maskedMessage } from './errors.ts';
import { isStoreAway } from './store-faults.ts';

export interface MaskOptions {
  service: string;
  requestId: string;
  log: Log;
  /** Counts errors by code. */
  count(code: ErrorCode): void;
}

/** `formatted` is the error as the server would tell it, `error` as it was thrown. */
export function maskError(
  formatted: GraphQLFormattedError,
  error: unknown,
  options: MaskOptions,
): GraphQLFormattedError {
  const { service, requestId, log, count } = options;
  const root = rootOf(error);
  const code = tellableCode(formatted, root);
  if (code) {
    count(code);
    return { ...formatted, extensions: { ...formatted.extensions, code } };
  }
  const isAway = isStoreAway(root);
  const masked = isAway ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR';
  count(masked);
  log.error({ err: root, requestId, path: formatted.path }, isAway ? 'A store is away' : 'A resolver failed');
  const message = isAway ? `${service} cannot reach its store; try again shortly` : maskedMessage(requestId);
  const { locations, path } = formatted;
  return {
    message,
    ...(locations ? { locations } : {}),
    ...(path ? { path } : {}),
    extensions: { code: masked, requestId },
  };
}

/** Only what was made for clients: GraphQL's own complaints about a document, and our errors with a code. */
function tellableCode(formatted: GraphQLFormattedError, root: unknown): ErrorCode | undefined {
  if (!(root instanceof GraphQLError)) return undefined;
  const own = codeOf(root);
  if (own) return own;
  const code = formatted.extensions?.code;
  return isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR' ? code : undefined;
}

/** GraphQL wraps what a resolver throws, once or more. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return root;
}
